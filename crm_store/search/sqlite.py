"""The search index on SQLite: a full-text table without contents, and the triggers that fill it."""

import json
from typing import Any

from crm_store.search.folding import tokens
from crm_store.search.names import keys, name_words
from crm_store.search.sources import NAMED, Source, month_word
from crm_store.search.written import for_fts5

# The tokens come folded: letters of any script are letters, spaces separate, nothing is left to do.
WORDS_TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5("
    "words, content='', tokenize='ascii', prefix='3 4 5')"
)
WORDS_SETTINGS = {
    # A batch of an import is one piece of the index, not several that are merged at once.
    "hashsize": 8 << 20,
    # Merging at every fourth piece took an import as long as writing the words did.
    "automerge": 16,
}
"""How the table is kept, by FTS5's names (sqlite.org/fts5.html)."""
EVENTS = ("insert", "update", "delete")


def register(connection: Any) -> None:
    """Give a connection the functions that the triggers call."""
    connection.create_function("kefu_words", 3, indexed_words, deterministic=True)
    connection.create_function("kefu_all_of", 1, _all_of, deterministic=True)
    connection.create_function("kefu_name_words", 1, _name_words, deterministic=True)
    connection.create_function("kefu_name_keys", 1, _name_keys, deterministic=True)


def indexed_words(letter: str, text: str | None, at: str | None) -> str:
    """What the full-text table gets of a text: each word after its letter, then the month."""
    words = for_fts5(letter, tokens(text or ""))
    return f"{words} {month_word(at)}".lstrip() if at else words


def trigger_name(source: Source, event: str) -> str:
    """The name of a trigger of ours."""
    return f"search_{source.table}_{event}"


def triggers(source: Source) -> list[str]:
    """The statements that create the triggers of a table."""
    update_of = ", ".join(source.watched)
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in source.watched)
    return [
        f"CREATE TRIGGER {trigger_name(source, 'insert')} AFTER INSERT ON {source.table} "
        f"WHEN {source.shown('NEW')} BEGIN {_add(source)} END",
        f"CREATE TRIGGER {trigger_name(source, 'delete')} AFTER DELETE ON {source.table} "
        f"BEGIN {_remove(source)} END",
        f"CREATE TRIGGER {trigger_name(source, 'update')} AFTER UPDATE OF {update_of} "
        f"ON {source.table} WHEN {changed} BEGIN {_change(source)} END",
    ]


def all_names(source: Source) -> str:
    """The statement that adds the words of every name of a source."""
    name = source.columns[0]
    return (
        "INSERT INTO search_names (key, word) SELECT made.value, added.word FROM ("
        "SELECT DISTINCT word.value AS word "
        f"FROM (SELECT DISTINCT thing.{name} AS name FROM {source.table} AS thing "
        f"WHERE {source.shown('thing')}) AS different, "
        "json_each(kefu_name_words(different.name)) AS word) AS added, "
        "json_each(kefu_name_keys(added.word)) AS made "
        "WHERE NOT EXISTS (SELECT 1 FROM search_names AS known WHERE known.word = added.word)"
    )


def _add(source: Source) -> str:
    return (
        "INSERT INTO search_entries (kind, ref_id, at) "
        f"VALUES ('{source.kind}', NEW.id, NEW.{source.at}); "
        f"INSERT INTO search_words (rowid, words) SELECT entry, {words(source, 'NEW')} "
        "FROM search_entries WHERE ref_id = NEW.id; "
    ) + _add_names(source)


def _remove(source: Source) -> str:
    return (
        _forget_words(source)
        + "DELETE FROM search_entries WHERE ref_id = OLD.id; "
        + _forget_names(source)
    )


def _change(source: Source) -> str:
    """The entry stays where it is; only hiding or showing the thing takes or gives one."""
    shown = source.shown("NEW")
    return (
        _forget_words(source)
        + f"DELETE FROM search_entries WHERE ref_id = OLD.id AND NOT ({shown}); "
        + "INSERT INTO search_entries (kind, ref_id, at) "
        f"SELECT '{source.kind}', NEW.id, NEW.{source.at} WHERE {shown} "
        "AND NOT EXISTS (SELECT 1 FROM search_entries WHERE ref_id = NEW.id); "
        f"UPDATE search_entries SET at = NEW.{source.at} WHERE ref_id = NEW.id; "
        f"INSERT INTO search_words (rowid, words) SELECT entry, {words(source, 'NEW')} "
        "FROM search_entries WHERE ref_id = NEW.id; "
        + _add_names(source)
        + _forget_names(source)
    )  # fmt: skip


def words(source: Source, row: str) -> str:
    """The expression of a row's words."""
    return f"kefu_words('{source.letter}', {source.text(row)}, {row}.{source.at})"


def _forget_words(source: Source) -> str:
    # A table without contents is told the old words to forget them.
    return (
        "INSERT INTO search_words (search_words, rowid, words) "
        f"SELECT 'delete', entry, {words(source, 'OLD')} "
        "FROM search_entries WHERE ref_id = OLD.id; "
    )


def _add_names(source: Source) -> str:
    if not source.named:
        return ""
    return (
        "INSERT INTO search_names (key, word) "
        "SELECT made.value, name.value "
        f"FROM json_each(kefu_name_words(NEW.{source.columns[0]})) AS name, "
        "json_each(kefu_name_keys(name.value)) AS made "
        f"WHERE {source.shown('NEW')} "
        "AND NOT EXISTS (SELECT 1 FROM search_names WHERE word = name.value); "
    )


def _forget_names(source: Source) -> str:
    if not source.named:
        return ""
    still = " || ' OR ' || ".join(
        f"""'"{one.letter}' || search_names.word || '"'""" for one in NAMED
    )
    return (
        "DELETE FROM search_names "
        f"WHERE word IN (SELECT value FROM json_each(kefu_name_words(OLD.{source.columns[0]}))) "
        f"AND NOT EXISTS (SELECT 1 FROM search_words WHERE search_words MATCH {still}); "
    )


def _all_of(words: str) -> str:
    """The query for texts that hold all of the words, or the first hundred of them."""
    return " AND ".join(f'"{word}"' for word in list(dict.fromkeys(words.split()))[:100])


def _name_words(name: str | None) -> str:
    return json.dumps(name_words(name))


def _name_keys(word: str) -> str:
    return json.dumps(keys(word))
