"""`kefu customer`: one customer's record, with every turn as it was understood."""

from typing import Annotated, Any
from uuid import UUID

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.customers.service import CustomerService
from crm_store.models import Customer, Interaction
from foundation.errors import Invalid, NotFound
from kefu.cli import merging, privacy
from kefu.cli.context import JsonFlag, open_store, out, print_json

app = typer.Typer(help="Customers.", no_args_is_help=True)

_OPERATOR = AsSystem("an operator at the terminal")
app.command("merge")(merging.merge)
app.command("unmerge")(merging.unmerge)
app.command("consent")(privacy.consent)
app.command("export")(privacy.export)
app.command("erase")(privacy.erase)


@app.callback()
def customer() -> None:
    """Customers."""


@app.command("show")
def show(
    which: Annotated[str, typer.Argument(help="Id, e-mail, phone or order number.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="Timeline entries.")] = 50,
    json: JsonFlag = False,
) -> None:
    """Print a customer's card and timeline."""
    with open_store() as database, database.reading() as session:
        service = CustomerService(session)
        found = _find(session, which)
        card = service.card(found.id, asker=_OPERATOR)
        entries = service.timeline(found.id, asker=_OPERATOR, limit=limit).items
        record = card | {"timeline": [_entry(entry) for entry in entries]}
    if json:
        print_json(record)
    else:
        _print_card(record)
        _print_timeline(record["timeline"])


def _find(session: Session, which: str) -> Customer:
    service = CustomerService(session)
    try:
        return service.get(UUID(which), asker=_OPERATOR)
    except ValueError:
        pass  # not an id: something to search for
    found = service.search(q=which, limit=2, asker=_OPERATOR).items
    if not found:
        raise NotFound("no customer has that id, e-mail, phone or order number")
    if len(found) > 1:
        raise Invalid("more than one customer matches; give the id")
    customer: Customer = found[0]
    return customer


def _entry(entry: Interaction) -> dict[str, Any]:
    return {
        "at": entry.at.isoformat(),
        "kind": entry.kind.value,
        "summary": entry.summary,
        "conversation_id": str(entry.conversation_id) if entry.conversation_id else None,
        "data": entry.data,
    }


def _print_card(record: dict[str, Any]) -> None:
    person = record["customer"]
    out.print(person["name"], style="bold", markup=False)
    for field in ("id", "email", "phone", "since"):
        out.print(f"  {field:<8}{person[field] or '–'}", markup=False)
    segment = record["segment"]
    if segment:
        out.print(f"  segment {segment['name']} (RFM {segment['rfm']})", markup=False)
    for order in record["orders"]:
        out.print(
            f"  order   {order['number']}  {order['placed_at'][:10]}  {order['status']}"
            f"  {order['total']['text']}",
            markup=False,
        )
    for offer in record["recommendations"]:
        out.print(f"  offer   {offer['product']['name']} – {offer['reason']}", markup=False)


def _print_timeline(entries: list[dict[str, Any]]) -> None:
    table = Table("when", "what", "", "understood", box=None, pad_edge=False)
    for entry in entries:
        table.add_row(
            entry["at"][:16].replace("T", " "),
            entry["kind"],
            entry["summary"],
            _understood(entry["data"] or {}),
        )
    out.print(table)


def _understood(data: dict[str, Any]) -> str:
    if "intent" not in data:
        return ""
    entities = ", ".join(f"{one['entity']}={one['value']}" for one in data["entities"])
    parts = [
        f"{data['intent']} {data['confidence'] or 0:.2f}",
        f"{data['sentiment']} {data['valence'] or 0:+.2f}",
        entities,
        " → ".join(data["actions"]),
        f"{data['latency_ms']} ms",
    ]
    return "\n".join(part for part in parts if part)
