"""The search index on PostgreSQL: the folding as a function, and the triggers that fill it."""

from crm_store.search.folding import (
    MARKS,
    MAX_CHARS,
    MAX_TOKEN,
    SEPARATORS,
    SINGLES,
    SPELLED,
    UNSPACED,
)
from crm_store.search.names import LONG, SHORTEST
from crm_store.search.sources import MONTH, NAMED, Source

EVENTS = ("insert", "update", "delete")
FUNCTIONS = (
    "kefu_fold(text)",
    "kefu_words(text, text, timestamptz)",
    "kefu_name_words(text)",
    "kefu_name_keys(text)",
)
INDEXED_BY_WRITER = "kefu.indexed_by_writer"
"""Set to ``on`` for a transaction that writes its entries itself, many at once."""
_KEYED_CHARS = 12


def _translated(value: str) -> str:
    for letters, spelled in SPELLED.items():
        value = f"replace({value}, '{letters}', '{spelled}')"
    return f"translate({value}, '{''.join(SINGLES)}', '{''.join(SINGLES.values())}')"


# As crm_store.search.folding: ASCII in two steps, other texts in all of them.
FOLD = rf"""
CREATE FUNCTION kefu_fold(given text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
    folded text := left(given, {MAX_CHARS});
BEGIN
    IF octet_length(folded) = length(folded) THEN
        RETURN btrim(regexp_replace(lower(folded COLLATE "C"), '[^a-z0-9]+', ' ', 'g'));
    END IF;
    folded := regexp_replace(normalize(folded, NFKD), '[{MARKS}]', '', 'g');
    folded := normalize({_translated('lower(folded COLLATE "C")')}, NFC);
    folded := regexp_replace(folded, '[{SEPARATORS}]+', ' ', 'g');
    folded := regexp_replace(folded, '([{UNSPACED}])', ' \1 ', 'g');
    RETURN btrim(regexp_replace(folded, ' +', ' ', 'g'));
END $body$"""

# ASCII words go through PostgreSQL's own parser, which is fast; it would cut other scripts.
WORDS = rf"""
CREATE FUNCTION kefu_words(letter text, given text, happened timestamptz) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
DECLARE
    folded text := kefu_fold(coalesce(given, ''));
    month text := to_char(happened AT TIME ZONE 'UTC', '"{MONTH}"YYYYMM');
    found tsvector;
BEGIN
    IF folded = '' THEN
        found := ''::tsvector;
    ELSIF octet_length(folded) = length(folded) AND folded !~ '[^ ]{{{MAX_TOKEN + 1}}}' THEN
        found := to_tsvector('simple', letter || replace(folded, ' ', ' ' || letter));
    ELSE
        SELECT string_agg(
            '''' || letter || left(word, {MAX_TOKEN}) || ''':' || least(at, 16383), ' '
        )::tsvector
        INTO found FROM unnest(string_to_array(folded, ' ')) WITH ORDINALITY AS words (word, at);
    END IF;
    RETURN CASE WHEN month IS NULL THEN found ELSE found || month::tsvector END;
END $body$"""

NAME_WORDS = rf"""
CREATE FUNCTION kefu_name_words(name text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    SELECT DISTINCT left(word, {MAX_TOKEN})
    FROM unnest(string_to_array(kefu_fold(coalesce(name, '')), ' ')) AS words (word)
    WHERE word <> '' AND word !~ '^[0-9]+$' AND word !~ '^[{UNSPACED}]$'
$body$"""

NAME_KEYS = f"""
CREATE FUNCTION kefu_name_keys(word text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    WITH whole AS (SELECT left(word, {_KEYED_CHARS}) AS letters),
    once AS (
        SELECT overlay(letters PLACING '' FROM out FOR 1) AS letters
        FROM whole, generate_series(1, length(letters)) AS out
        WHERE length(word) >= {SHORTEST}
    )
    SELECT letters FROM whole
    UNION SELECT letters FROM once
    UNION SELECT overlay(letters PLACING '' FROM out FOR 1)
        FROM once, generate_series(1, length(letters)) AS out WHERE length(word) >= {LONG}
$body$"""


def trigger_name(source: Source, event: str) -> str:
    """The name of a trigger of ours."""
    return f"search_{source.table}_{event}"


def function_name(source: Source, event: str) -> str:
    """The name of the function that a trigger calls."""
    return f"kefu_search_{source.table}_{event}"


def triggers(source: Source) -> list[str]:
    """The statements that create the functions and triggers of a table.

    Insertions and deletions are handled a statement at a time: a bulk load pays once.
    """
    columns = ", ".join(source.watched)
    old = ", ".join(f"OLD.{name}" for name in source.watched)
    new = ", ".join(f"NEW.{name}" for name in source.watched)
    return [
        _function(source, "insert", _insert(source)),
        f"CREATE TRIGGER {trigger_name(source, 'insert')} AFTER INSERT ON {source.table} "
        f"REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {function_name(source, 'insert')}()",
        _function(source, "delete", _delete(source)),
        f"CREATE TRIGGER {trigger_name(source, 'delete')} AFTER DELETE ON {source.table} "
        f"REFERENCING OLD TABLE AS gone FOR EACH STATEMENT "
        f"EXECUTE FUNCTION {function_name(source, 'delete')}()",
        _function(source, "update", _update(source)),
        f"CREATE TRIGGER {trigger_name(source, 'update')} AFTER UPDATE OF {columns} "
        f"ON {source.table} FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) "
        f"EXECUTE FUNCTION {function_name(source, 'update')}()",
    ]


def words(source: Source, row: str) -> str:
    """The expression of a row's words."""
    return f"kefu_words('{source.letter}', {source.text(row)}, {row}.{source.at})"


def all_names(source: Source) -> str:
    """The statement that adds the words of every name of a source."""
    name = source.columns[0]
    names = (
        f"(SELECT DISTINCT thing.{name} FROM {source.table} AS thing "
        f"WHERE {source.shown('thing')}) AS fresh"
    )
    return _added(names, f"fresh.{name}", "TRUE")


def _function(source: Source, event: str, body: str) -> str:
    # Deleting looks whether a word is in use still: by the index, whatever the planner thinks.
    return (
        f"CREATE FUNCTION {function_name(source, event)}() RETURNS trigger LANGUAGE plpgsql "
        f"SET enable_seqscan = off AS $body$ BEGIN {body} RETURN NULL; END $body$"
    )


def _insert(source: Source) -> str:
    return (
        f"IF current_setting('{INDEXED_BY_WRITER}', true) = 'on' THEN RETURN NULL; END IF; "
        "INSERT INTO search_entries (kind, ref_id, at, words) "
        f"SELECT '{source.kind}', fresh.id, fresh.{source.at}, {words(source, 'fresh')} "
        f"FROM fresh WHERE {source.shown('fresh')}; "
    ) + _add_names(source, "fresh", source.shown("fresh"))


def _delete(source: Source) -> str:
    body = "DELETE FROM search_entries USING gone WHERE search_entries.ref_id = gone.id; "
    return body + _forget_names(source, f"SELECT {source.columns[0]} AS name FROM gone")


def _update(source: Source) -> str:
    shown = source.shown("NEW")
    return (
        f"IF NOT ({shown}) THEN DELETE FROM search_entries WHERE ref_id = OLD.id; "
        f"ELSE INSERT INTO search_entries (kind, ref_id, at, words) "
        f"VALUES ('{source.kind}', NEW.id, NEW.{source.at}, {words(source, 'NEW')}) "
        "ON CONFLICT (ref_id) DO UPDATE SET at = excluded.at, words = excluded.words; END IF; "
        + _add_names(source, f"(SELECT NEW.{source.columns[0]}) AS fresh", shown)
        + _forget_names(source, f"SELECT OLD.{source.columns[0]} AS name")
    )


def _add_names(source: Source, rows: str, shown: str) -> str:
    if not source.named:
        return ""
    return _added(rows, f"fresh.{source.columns[0]}", shown) + "; "


def _added(rows: str, name: str, shown: str) -> str:
    """Two writers may add the same word at once; a word that is there twice does no harm."""
    return (
        "INSERT INTO search_names (key, word) SELECT made.key, added.word FROM ("
        f"SELECT DISTINCT name.word FROM {rows}, kefu_name_words({name}) AS name (word) "
        f"WHERE {shown} "
        "AND NOT EXISTS (SELECT 1 FROM search_names AS known WHERE known.word = name.word)"
        ") AS added, kefu_name_keys(added.word) AS made (key)"
    )


def _forget_names(source: Source, names: str) -> str:
    """Forget the words that no name has any more."""
    if not source.named:
        return ""
    still = " || ' | ' || ".join(f"'''{one.letter}' || names.word || ''''" for one in NAMED)
    return (
        "DELETE FROM search_names AS names "
        f"USING ({names}) AS former, kefu_name_words(former.name) AS lost (word) "
        "WHERE names.word = lost.word AND NOT EXISTS "
        f"(SELECT 1 FROM search_entries WHERE words @@ ({still})::tsquery); "
    )
