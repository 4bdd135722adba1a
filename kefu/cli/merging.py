"""`kefu customer merge` and `kefu customer unmerge`."""

from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.merging.holding import done_whole
from crm_store.merging.service import MergeService, Undone
from crm_store.models import CustomerMerge
from foundation.errors import Invalid
from kefu.cli.context import JsonFlag, open_store, out, print_json

_OPERATOR = AsSystem("an operator at the terminal")


def merge(
    stays: Annotated[str, typer.Argument(help="Id of the customer whose record stays.")],
    goes: Annotated[str, typer.Argument(help="Id of the other; it will point to the first.")],
    json: JsonFlag = False,
) -> None:
    """Make two customers one. `kefu customer unmerge` takes it back."""
    survivor, loser = _id(stays), _id(goes)
    with open_store() as database:
        done = done_whole(
            database,
            lambda session: MergeService(session).merge(survivor, loser, asker=_OPERATOR),
        )
    rows = sum(len(step.get("keys", ())) for step in done.changes)
    if json:
        print_json(
            {
                "merge_id": done.id,
                "survivor_id": done.survivor_id,
                "loser_id": done.loser_id,
                "rows": rows,
            }
        )
    else:
        out.print(f"merged; {rows:,} rows came over. Undo: kefu customer unmerge {done.loser_id}")


def unmerge(
    which: Annotated[str, typer.Argument(help="Id of a customer, or of the merge.")],
    json: JsonFlag = False,
) -> None:
    """Take back the latest merge of a customer."""
    wanted = _id(which)
    with open_store() as database:
        undone = done_whole(database, lambda session: _undo(session, wanted))
    if json:
        print_json(
            {
                "merge_id": undone.merge.id,
                "survivor_id": undone.merge.survivor_id,
                "loser_id": undone.merge.loser_id,
                "kept": undone.kept,
                "lost": undone.lost,
            }
        )
        return
    out.print("undone: both customers have what they had")
    if undone.kept:
        out.print(f"changed since, and left as it is: {', '.join(undone.kept)}")
    if undone.lost:
        out.print(f"{undone.lost:,} rows could not return: what they belong to is gone")


def _undo(session: Session, which: UUID) -> Undone:
    merging = MergeService(session)
    named = session.get(CustomerMerge, which)
    merge_id = named.id if named else merging.latest_of(which).id
    return merging.undo(merge_id, asker=_OPERATOR)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("not an id; `kefu customer show` prints a customer's") from None
