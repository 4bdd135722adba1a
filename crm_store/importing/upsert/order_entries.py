"""What the timeline tells of imported orders: placed, shipped, delivered, cancelled."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.loading import update_rows
from crm_store.importing.upsert.order_parcels import Journey
from crm_store.importing.upsert.timeline import add_entries
from crm_store.models import Interaction, InteractionKind, OrderStatus
from crm_store.orders.parcels import delivered_summary, shipped_summary
from foundation.clock import utc_now
from foundation.ids import new_id

_AT_ONCE = 2_000
_EVENTS = ("shipped", "delivered")

Order = Mapping[str, Any]


def tell(
    session: Session,
    *,
    created: Iterable[Order],
    moved: Iterable[Order],
    journeys: Sequence[tuple[Order, Journey]],
    told_of: Collection[str],
    policy: ConflictPolicy,
) -> None:
    """Write what is new on the timeline; a time that a later file knows better is set right.

    Args:
        session: the transaction.
        created: new orders.
        moved: orders whose status is another; dated now where nothing tells when it happened.
        journeys: the orders of which parcels, or their times, are known.
        told_of: the numbers of those that the file says something of.
        policy: whether times that are there may change.
    """
    told = [(order, way) for order, way in journeys if order["number"] in told_of]
    known = _known(session, [key for order, way in told for key in _keys(order, way)])
    travelled = [entry for order, way in told for entry in _travelled(order, way, known)]
    dated = {(order["id"], event) for order, way in journeys for event in _EVENTS if way.at(event)}
    entries = [_entry(order) for order in created]
    entries += [_moved(order) for order in moved if (order["id"], order["status"]) not in dated]
    add_entries(session, [*entries, *travelled])
    if policy is ConflictPolicy.UPDATE:
        late = [
            (entry, known[entry["source_key"]])
            for entry in travelled
            if entry["source_key"] in known
        ]
        changed = [(key, {"at": entry["at"]}) for entry, (key, at) in late if entry["at"] != at]
        update_rows(session, Interaction, changed)


def _travelled(order: Order, way: Journey, known: Collection[str]) -> Iterator[dict[str, Any]]:
    """Each parcel's entries; one for the whole order where there is one, or no parcel is known."""
    for event in _EVENTS:
        at = way.at(event)
        if at is None:
            continue
        parcels = [one for one in way.parcels.values() if one[f"{event}_at"] is not None]
        if not parcels or _key(order, event) in known:
            yield _moved(order, event, at)
            continue
        for parcel in parcels:
            tracking = parcel["tracking_number"]
            told = _moved(order, event, parcel[f"{event}_at"], tracking)
            if event == "shipped":
                told["summary"] = shipped_summary(order["number"], parcel["carrier"], tracking)
            else:
                told["summary"] = delivered_summary(order["number"])
            yield told | {"source_key": f"shipment:{parcel['id']}:{event}"}


def _keys(order: Order, way: Journey) -> Iterator[str]:
    for event in _EVENTS:
        yield _key(order, event)
        for parcel in way.parcels.values():
            yield f"shipment:{parcel['id']}:{event}"


def _key(order: Order, event: str) -> str:
    return f"order:{order['number']}:{event}"


def _known(session: Session, keys: Sequence[str]) -> dict[str, tuple[UUID, datetime]]:
    """The key and the time of the entries that are there, by their source."""
    found: dict[str, tuple[UUID, datetime]] = {}
    for at in range(0, len(keys), _AT_ONCE):
        rows = session.execute(
            select(Interaction.source_key, Interaction.id, Interaction.at).where(
                Interaction.source_key.in_(keys[at : at + _AT_ONCE])
            )
        )
        found.update((str(row[0]), (row[1], row[2])) for row in rows)
    return found


def _entry(order: Order) -> dict[str, Any]:
    return {
        "id": new_id(),
        "customer_id": order["customer_id"],
        "kind": InteractionKind.PURCHASE,
        "at": order["placed_at"],
        "summary": f"Order {order['number']} placed",
        "data": {
            "event": "placed",
            "order": order["number"],
            "total_minor": order["total_minor"],
            "currency": order["currency"],
        },
        "conversation_id": None,
        "order_id": order["id"],
        "source_key": f"order:{order['number']}",
    }


def _moved(
    order: Order, event: str = "", at: datetime | None = None, tracking: str | None = None
) -> dict[str, Any]:
    event = event or OrderStatus(order["status"]).value
    if at is None:
        at = order["cancelled_at"] if event == OrderStatus.CANCELLED else None
    data = {"event": event, "order": order["number"]}
    if tracking is not None:
        data["tracking_number"] = tracking
    return _entry(order) | {
        "at": at or utc_now(),
        "summary": f"Order {order['number']} {event}",
        "data": data,
        "source_key": _key(order, event),
    }
