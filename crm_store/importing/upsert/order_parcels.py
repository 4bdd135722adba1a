"""Parcels of imported orders: when they left and arrived, and what the timeline tells of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import changes
from crm_store.importing.upsert.loading import insert_rows, update_rows
from crm_store.models import OrderStatus, Shipment, ShipmentStatus
from foundation.ids import new_id

PARCEL_FIELDS = ("shipped_at", "delivered_at", "tracking_number", "carrier")
_COLUMNS = ("id", "order_id", "carrier", "tracking_number", "status", "shipped_at", "delivered_at")
_CHANGING = ("carrier", "shipped_at", "delivered_at")
_AT_ONCE = 500
_DAY = timedelta(days=1)
_BEFORE_SHIPPED = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.PACKED)

Row = Mapping[str, Any]
Problem = tuple[str, str]
"""A field, and the reason why its row cannot be taken."""


@dataclass(slots=True)
class Journey:
    """What is known of how an order came to its customer.

    Attributes:
        parcels: by their tracking number, those of the store with what the file says of them.
        shipped_at, delivered_at: what rows without a tracking number say.
    """

    parcels: dict[str, dict[str, Any]] = field(default_factory=dict)
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None

    def lift(self, status: OrderStatus) -> OrderStatus:
        """The order's status, seeing what its parcels did; a cancelled order stays so."""
        if status in _BEFORE_SHIPPED and (self.shipped_at or self._some("shipped_at")):
            status = OrderStatus.SHIPPED
        if status not in (*_BEFORE_SHIPPED, OrderStatus.SHIPPED):
            return status
        coming = [one for one in self.parcels.values() if one["status"] is not ShipmentStatus.LOST]
        arrived = all(one["delivered_at"] for one in coming) if coming else self.delivered_at
        return OrderStatus.DELIVERED if arrived else status

    def at(self, event: str) -> datetime | None:
        """When the first parcel left, or the last one arrived."""
        times = self._some(f"{event}_at")
        if not times:
            return self.shipped_at if event == "shipped" else self.delivered_at
        return min(times) if event == "shipped" else max(times)

    def _some(self, name: str) -> list[datetime]:
        return [one[name] for one in self.parcels.values() if one[name] is not None]


class Parcels:
    """The parcels of a batch's orders, those of the store and those of the file."""

    def __init__(
        self,
        session: Session,
        rows: Sequence[dict[str, Any]],
        orders: Mapping[str, Row],
        policy: ConflictPolicy,
        *,
        wanted: bool,
    ) -> None:
        """Read what the store has, and what all rows of the batch say together.

        Times are set right within a day: a file that has dates alone tells no order within one.

        Args:
            session: the transaction.
            rows: the batch's, with numbers as they are stored.
            orders: those of the store, by their number.
            policy: what becomes of parcels that are there.
            wanted: whether the file says anything of parcels at all.
        """
        self._session = session
        self._policy = policy
        self._problems: dict[int, Problem] = {}
        self._journeys: dict[str, Journey] = defaultdict(Journey)
        self._order_of: dict[str, str] = {}
        self._created: dict[UUID, dict[str, Any]] = {}
        self._changed: dict[UUID, dict[str, Any]] = {}
        self._known = frozenset(orders)
        self._says: dict[int, str] = {}
        self._told_of: set[str] = set()
        self._parcel_of: dict[int, UUID] = {}
        self._changing_rows: set[int] = set()
        self._taken: set[UUID] = set()
        if not wanted:
            return
        self._load(orders, {row["tracking_number"] for row in rows if "tracking_number" in row})
        placed = {number: order["placed_at"] for number, order in orders.items()}
        for row in rows:
            if "placed_at" in row:
                placed.setdefault(row["number"], row["placed_at"])
        for at, row in enumerate(rows):
            if any(name in row for name in PARCEL_FIELDS):
                problem = self._take(at, row, placed.get(row["number"]))
                if problem is not None:
                    self._problems[at] = problem

    def problem(self, at: int) -> Problem | None:
        """Why the batch's row of this place cannot be taken."""
        return self._problems.get(at)

    def settle(self, at: int) -> bool:
        """Take what the row of this place says; returns whether a parcel is new or other."""
        number = self._says.get(at)
        stays = self._policy is ConflictPolicy.SKIP and number in self._known
        if number is not None and (not stays or at in self._changing_rows):
            self._told_of.add(number)
        if at in self._parcel_of:
            self._taken.add(self._parcel_of[at])
        return at in self._changing_rows

    def status(self, number: str, status: OrderStatus) -> OrderStatus:
        """An order's status that fits its parcels."""
        journey = self._journeys.get(number)
        return status if journey is None else journey.lift(status)

    def journeys(self) -> Mapping[str, Journey]:
        """What is known of parcels, by the numbers of their orders."""
        return self._journeys

    def told_of(self) -> set[str]:
        """The numbers of the orders of which rows that were taken say something here."""
        return self._told_of

    def write(self, orders: Mapping[str, Row]) -> None:
        """Bring the parcels of these orders into the store."""
        new = []
        for key, parcel in self._created.items():
            number = self._order_of[parcel["tracking_number"]]
            if key in self._taken and number in orders:
                new.append(parcel | {"order_id": orders[number]["id"]})
            else:  # all of its rows were rejected
                del self._journeys[number].parcels[parcel["tracking_number"]]
        insert_rows(self._session, Shipment, new)
        changed = [item for item in self._changed.items() if item[0] in self._taken]
        update_rows(self._session, Shipment, changed)

    def _take(self, at: int, row: Row, placed: datetime | None) -> Problem | None:
        tracking = row.get("tracking_number")
        number = row["number"]
        if tracking is not None and self._order_of.get(tracking, number) != number:
            return ("tracking_number", "this parcel belongs to another order")
        journey = self._journeys[number]
        known = journey.parcels.get(tracking) if tracking is not None else None
        if tracking is not None and known is None and "carrier" not in row:
            return ("carrier", "needed for a new parcel")
        times = {name: row[name] for name in ("shipped_at", "delivered_at") if name in row}
        before = known or {"shipped_at": None, "delivered_at": None}
        problem = _in_order(times, before, placed)
        if problem is not None:
            return problem
        if times or tracking is not None:
            self._says[at] = number
        if tracking is None:
            journey.shipped_at = times.get("shipped_at", journey.shipped_at)
            journey.delivered_at = times.get("delivered_at", journey.delivered_at)
            return None
        said = {**row, **times}
        if known is None:
            self._add(at, number, said, journey)
        else:
            self._change(at, known, said)
        self._parcel_of[at] = journey.parcels[tracking]["id"]
        return None

    def _add(self, at: int, number: str, row: Row, journey: Journey) -> None:
        parcel = {
            "id": new_id(),
            "carrier": row["carrier"],
            "tracking_number": row["tracking_number"],
            # Who hears of a parcel when it has arrived already knows no better time than that.
            "shipped_at": row.get("shipped_at") or row.get("delivered_at"),
            "delivered_at": row.get("delivered_at"),
        }
        parcel["status"] = _status_of(parcel, ShipmentStatus.LABEL_CREATED)
        journey.parcels[row["tracking_number"]] = parcel
        self._order_of[row["tracking_number"]] = number
        self._created[parcel["id"]] = parcel
        self._changing_rows.add(at)

    def _change(self, at: int, parcel: dict[str, Any], row: Row) -> None:
        given = dict(row)
        if parcel["shipped_at"] is None and "delivered_at" in given:
            given.setdefault("shipped_at", given["delivered_at"])
        found = changes(parcel, given, _CHANGING, self._policy)
        if not found:
            return
        status = _status_of(parcel | found, parcel["status"])
        if status is not parcel["status"]:
            found["status"] = status
        parcel |= found
        self._changing_rows.add(at)
        if parcel["id"] not in self._created:
            self._changed.setdefault(parcel["id"], {}).update(found)

    def _load(self, orders: Mapping[str, Row], tracking: set[str]) -> None:
        number_of = {order["id"]: number for number, order in orders.items()}
        for column, values in (
            (Shipment.order_id, list(number_of)),
            (Shipment.tracking_number, sorted(tracking)),
        ):
            for at in range(0, len(values), _AT_ONCE):
                self._read(column.in_(values[at : at + _AT_ONCE]), number_of)

    def _read(self, condition: ColumnElement[bool], number_of: Mapping[UUID, str]) -> None:
        statement = select(*(Shipment.__table__.c[name] for name in _COLUMNS)).where(condition)
        for found in self._session.execute(statement).mappings():
            # The order of a parcel may be none of the batch's: then it is another one.
            number = number_of.get(found["order_id"], "")
            self._order_of[found["tracking_number"]] = number
            if number:
                self._journeys[number].parcels[found["tracking_number"]] = dict(found)


def _in_order(times: dict[str, datetime], before: Row, placed: datetime | None) -> Problem | None:
    """Why the times cannot be; those off by less than a day are moved into their order."""
    shipped = times.get("shipped_at") or before["shipped_at"]
    for name, earliest, what in (
        ("shipped_at", placed, "the order was placed"),
        ("delivered_at", placed, "the order was placed"),
        ("delivered_at", shipped, "it was shipped"),
    ):
        if name not in times or earliest is None or times[name] >= earliest:
            continue
        if times[name] <= earliest - _DAY:
            return (name, f"impossible: before {what}")
        times[name] = earliest
        if name == "shipped_at":
            shipped = earliest
    delivered = before["delivered_at"]
    if "shipped_at" in times and "delivered_at" not in times and delivered is not None:
        if times["shipped_at"] >= delivered + _DAY:
            return ("shipped_at", "impossible: after it was delivered")
        times["shipped_at"] = min(times["shipped_at"], delivered)
    return None


def _status_of(parcel: Row, now: ShipmentStatus) -> ShipmentStatus:
    if parcel["delivered_at"] is not None:
        return ShipmentStatus.DELIVERED
    if parcel["shipped_at"] is not None and now is ShipmentStatus.LABEL_CREATED:
        return ShipmentStatus.IN_TRANSIT
    return now
