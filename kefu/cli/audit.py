"""`kefu audit`: who did what, and whether the log of it is whole."""

import json as json_lines
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TextIO
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from crm_store.asking import AsSystem
from crm_store.audit.anchor import Anchored
from crm_store.audit.recording import record
from crm_store.audit.service import AuditFilter, AuditService, entry_as_dict
from crm_store.audit.verify import Verified
from crm_store.audit.verify import verify as verify_log
from crm_store.database import Database
from crm_store.models import AuditEntry
from foundation.errors import Conflict, Invalid, KefuError
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json

app = typer.Typer(help="The audit log.", no_args_is_help=True)


class LogIsBroken(KefuError):
    """The audit log is not what was written."""

    code = "audit_log_broken"
    title = "The audit log is broken"


@app.command("list")
def list_entries(
    *,
    actor: Annotated[UUID | None, typer.Option(help="Id of the user or customer.")] = None,
    action: Annotated[str | None, typer.Option(help="One, or `customer.` for all of them.")] = None,
    target_kind: Annotated[str | None, typer.Option(help="Like customer, order, user.")] = None,
    target: Annotated[str | None, typer.Option(help="Id or number of that thing.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Not before, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before, UTC.")] = None,
    cursor: Annotated[str | None, typer.Option(help="Where the page before ended.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 50,
    json: JsonFlag = False,
) -> None:
    """List entries, the newest first."""
    wanted = AuditFilter(actor, action, target_kind, target, _utc(since), _utc(until))
    with open_store() as database, database.reading() as session:
        page = AuditService(session).list(asker=OPERATOR, wanted=wanted, cursor=cursor, limit=limit)
        rows = [entry_as_dict(entry) for entry in page.items]
    if json:
        print_json({"items": rows, "next_cursor": page.next_cursor})
        return
    table = Table("no.", "when (UTC)", "who", "did", "to", "facts")
    for row in rows:
        who = row["actor"]["id"] or row["actor"]["reason"]
        to = " ".join(part for part in (row["target"]["kind"], row["target"]["id"]) if part)
        facts = json_lines.dumps(row["facts"], ensure_ascii=False) if row["facts"] else ""
        when = row["at"][:19].replace("T", " ")
        table.add_row(str(row["seq"]), when, who, row["action"], to, facts)
    out.print(table)
    if page.next_cursor:
        out.print(f"more: --cursor {page.next_cursor}", markup=False, soft_wrap=True)


@app.command("verify")
def verify(
    receipt: Annotated[
        str | None,
        typer.Option(help="SEQ:HASH that an earlier check printed; that entry must be there."),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Check every entry; exit code 1 names the first one that is not what was written."""
    with open_store() as database:
        checked = _verify_with_progress(database, quiet=json)
        if checked.broken is None and receipt is not None:
            _check_receipt(database, receipt)
    if json:
        print_json(asdict(checked))
    if checked.broken is not None:
        raise LogIsBroken(f"the audit log is broken: {checked.broken.detail}")
    if not json:
        out.print(f"{checked.entries:,} entries, none changed, none missing")
        out.print(f"receipt, to keep elsewhere: {checked.seq}:{checked.hash}", soft_wrap=True)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="A new file, or - for stdout.")],
    since: Annotated[datetime | None, typer.Option(help="Not before, UTC.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before, UTC.")] = None,
) -> None:
    """Write entries with their hashes as JSON lines, the oldest first."""
    wanted = AuditFilter(since=_utc(since), until=_utc(until))
    with open_store() as database:
        with database.transaction() as session:
            record(session, OPERATOR, "audit.exported")
        with database.reading() as session:
            entries = AuditService(session).export(asker=OPERATOR, wanted=wanted)
            if str(file) == "-":
                _write_lines(entries, sys.stdout)
                return
            with _new_file(file) as lines:
                count = _write_lines(entries, lines)
    out.print(f"{count:,} entries written to {file}", markup=False)


@app.command("accept")
def accept(
    reason: Annotated[str, typer.Option(help="Why, e.g. the restore that was made.")],
) -> None:
    """Take the log as it is after a database was put back to an earlier time on purpose.

    Only the note beside the database is renewed; entries that are broken in themselves stay so.
    """
    if not reason.strip():
        raise Invalid("--reason: must not be empty")
    with open_store() as database:
        if database.anchor is None:
            raise Invalid("this installation keeps no note of the log's head")
        with database.transaction() as session:
            record(session, AsSystem(reason), "audit.accepted")
        checked = verify_log(database, anchored=False)
        if checked.broken is not None:
            raise LogIsBroken(f"the audit log is broken: {checked.broken.detail}")
        database.anchor.set(Anchored(checked.seq, checked.hash))
    out.print(f"the log is taken as it is, up to entry {checked.seq}")


def _verify_with_progress(database: Database, *, quiet: bool) -> Verified:
    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, disable=quiet or not out.is_terminal) as bar:
        task = bar.add_task("checking", total=None)
        return verify_log(
            database, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )


def _check_receipt(database: Database, receipt: str) -> None:
    seq, colon, entry_hash = receipt.partition(":")
    if not (seq.isdecimal() and colon and entry_hash):
        raise Invalid("--receipt: SEQ:HASH")
    with database.reading() as session:
        found = AuditService(session).hash_of(int(seq), asker=OPERATOR)
    if found != entry_hash:
        raise LogIsBroken(f"the audit log is broken: entry {seq} is not the one of the receipt")


def _new_file(path: Path) -> TextIO:
    """A file for its owner alone."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Conflict(f"{path}: {error.strerror}") from None
    return os.fdopen(descriptor, "w", encoding="utf-8")


def _write_lines(entries: Iterator[AuditEntry], to: TextIO) -> int:
    count = 0
    for entry in entries:
        to.write(json_lines.dumps(entry_as_dict(entry), ensure_ascii=False) + "\n")
        count += 1
    return count


def _utc(given: datetime | None) -> datetime | None:
    return given.replace(tzinfo=UTC) if given is not None else None
