"""`kefu search` and `kefu db reindex`: the search index from the terminal."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from crm_store.asking import AsSystem
from crm_store.search.checking import check
from crm_store.search.hits import Hit, HitKind
from crm_store.search.rebuild import rebuild
from crm_store.search.service import Answer, SearchService
from foundation.errors import Invalid
from kefu.cli.context import JsonFlag, open_store, out, print_json

_OPERATOR = AsSystem("an operator at the terminal")


def search(
    words: Annotated[
        list[str], typer.Argument(help="What to look for; all of it has to be there.")
    ],
    kind: Annotated[list[HitKind] | None, typer.Option(help="Only this kind; repeatable.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Hits wanted.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Where the page before ended.")] = None,
    json: JsonFlag = False,
) -> None:
    """Search messages, customers, tickets, articles and the sales side."""
    with open_store() as database, database.reading() as session:
        answer = SearchService(session).search(
            " ".join(words), kinds=kind or (), cursor=cursor, limit=limit, asker=_OPERATOR
        )
    if json:
        print_json(_plain(answer))
    else:
        _show(answer)


def reindex(
    only_check: Annotated[
        bool, typer.Option("--check", help="Compare with the store; change nothing.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Make the search index anew, while the system runs; searches are incomplete until the end."""
    if only_check:
        _check(json)
        return
    columns = (TextColumn("indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        open_store() as database,
        Progress(*columns, console=out, disable=not out.is_terminal) as bar,
    ):
        task = bar.add_task("indexing", total=None)
        rows = rebuild(database, lambda done, total: bar.update(task, completed=done, total=total))
    if json:
        print_json({"indexed": rows})
    else:
        out.print(f"indexed {rows:,} things")


def _check(json: bool) -> None:
    with open_store() as database, out.status("comparing") as status:
        told = (lambda kind: status.update(f"comparing {kind}s")) if out.is_terminal else None
        found = list(check(database, told))
    wrong = [one for one in found if not one.is_right]
    if json:
        print_json({"right": not wrong, "kinds": [asdict(one) for one in found]})
    if wrong:
        parts = [
            f"{one.kind}: {one.missing} missing, {one.orphaned} orphaned, {one.stale} stale"
            + (", not watched" if one.unwatched else "")
            for one in wrong
        ]
        raise Invalid(f"the search index is not right ({'; '.join(parts)}): run `kefu db reindex`")
    if not json:
        out.print("the search index is right")


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "items": [
            {**asdict(hit), "snippet": hit.snippet.text, "marks": hit.snippet.marks}
            for hit in answer.items
        ],
        "next_cursor": answer.next_cursor,
        "messages_searched": answer.messages_searched,
    }


def _show(answer: Answer) -> None:
    table = Table("when", "what", "", "", box=None, pad_edge=False)
    for hit in answer.items:
        title = f"{hit.title} ({hit.label})" if hit.label else hit.title
        table.add_row(f"{hit.at:%Y-%m-%d %H:%M}", hit.kind.value, Text(title), _marked(hit))
    out.print(table)
    if not answer.messages_searched:
        out.print("messages are stored encrypted and were not searched", style="dim")
    if answer.next_cursor:
        out.print(f"more with --cursor {answer.next_cursor}", style="dim")


def _marked(hit: Hit) -> Text:
    text = Text(hit.snippet.text)
    for low, high in hit.snippet.marks:
        text.stylize("bold", low, high)
    return text
