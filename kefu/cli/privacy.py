"""`kefu customer consent`, `export` and `erase`: what the law gives a customer a right to."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from sqlalchemy.orm import Session

from crm_store.audit import record
from crm_store.customers.scope import find_customer
from crm_store.models import Job, Purpose
from crm_store.privacy.consent import Allowance, ConsentService
from crm_store.privacy.erasing.service import ErasureService
from crm_store.privacy.exporting import SubjectExport
from foundation.settings import load_settings
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json
from kefu.cli.jobs import run_in_front

CustomerId = Annotated[UUID, typer.Argument(help="The customer's id: `kefu customer show`.")]


def consent(
    *,
    customer: CustomerId,
    grant: Annotated[list[Purpose] | None, typer.Option(help="They allow it.")] = None,
    withdraw: Annotated[list[Purpose] | None, typer.Option(help="They do not.")] = None,
    wording: Annotated[
        str | None, typer.Option(help="Version of the text that they were shown.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="How they said it, kept as evidence.")] = None,
    json: JsonFlag = False,
) -> None:
    """Show what a customer's data may be used for, or write down what they decided."""
    if set(grant or ()) & set(withdraw or ()):
        raise typer.BadParameter("a purpose is both granted and withdrawn")
    decisions = dict.fromkeys(grant or (), True) | dict.fromkeys(withdraw or (), False)
    with open_store() as database, database.transaction() as session:
        service = ConsentService(session)
        for purpose, granted in decisions.items():
            service.decide(
                customer,
                purpose,
                granted=granted,
                source="terminal",
                wording=wording,
                evidence={"note": note} if note else None,
                asker=OPERATOR,
            )
        current = service.current(customer, asker=OPERATOR)
    if json:
        print_json({"items": [_allowance(one) for one in current]})
        return
    table = Table("purpose", "", "since", "said where", box=None, pad_edge=False)
    for one in current:
        since = f"{one.decided_at:%Y-%m-%d}" if one.decided_at else "nothing said"
        table.add_row(
            one.purpose.value, "yes" if one.allowed else "no", since, one.source or "default"
        )
    out.print(table)


def export(
    customer: CustomerId,
    to: Annotated[Path, typer.Option(help="The ZIP to write.", dir_okay=False)],
    json: JsonFlag = False,
) -> None:
    """Write everything kept about a customer into a ZIP: JSON, a page to read, their files."""
    settings = load_settings()
    columns = (TextColumn("exporting"), BarColumn(), MofNCompleteColumn())
    part = to.with_name(f".{to.name}.part")
    with open_store(settings) as database:
        try:
            with (
                Progress(*columns, console=out, disable=not out.is_terminal) as bar,
                database.reading() as session,
                part.open("wb") as file,
            ):
                task = bar.add_task("exporting", total=None)
                SubjectExport(session, customer, asker=OPERATOR).write(
                    file,
                    settings.var / "attachments",
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
        with database.transaction() as session:
            record(session, OPERATOR, "customer.exported", "customer", customer)
    size = to.stat().st_size
    if json:
        print_json({"file": str(to), "bytes": size})
    else:
        out.print(f"wrote {to} ({size:,} bytes); delete it when it was handed over")


def erase(
    customer: CustomerId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    despite_orders: Annotated[
        bool, typer.Option(help="Although something is not delivered or paid back yet.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Erase a customer everywhere, for good. What tax law keeps stays without the person."""
    settings = load_settings()
    with open_store(settings) as database:
        with database.reading() as session:
            customer = _there(session, customer)
        if not yes:
            typer.confirm(f"Erase customer {customer} for good?", abort=True, err=True)
        with database.transaction() as session:
            job = ErasureService(session).request(
                customer, asker=OPERATOR, despite_orders=despite_orders
            )
        done = run_in_front(database, settings, job)
    if json:
        print_json({"id": done.id, "receipt": done.result})
    else:
        _print_receipt(done)


def _there(session: Session, customer: UUID) -> UUID:
    """The customer's own id, when a merged record was named."""
    return find_customer(session, customer, asker=OPERATOR).id


def _print_receipt(job: Job) -> None:
    receipt: dict[str, Any] = job.result or {}
    rows = sum(receipt.get("rows", {}).values())
    out.print(f"erased: {rows:,} rows and files")
    remains = receipt.get("remains", {})
    for kind, what in (
        ("certain", "still names the person"),
        ("possible", "holds the same name, perhaps somebody else's"),
    ):
        for place, number in remains.get(kind, {}).items():
            out.print(f"  {place}: {number:,} rows; {what}", style="yellow")


def _allowance(one: Allowance) -> dict[str, Any]:
    return {
        "purpose": one.purpose.value,
        "allowed": one.allowed,
        "decided_at": one.decided_at,
        "source": one.source,
    }
