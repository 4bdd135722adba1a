"""Orders by number, with their lines where the rows have them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import Outcome, Rows, changes
from crm_store.importing.upsert.loading import insert_rows, update_rows
from crm_store.importing.upsert.numbering import order_number
from crm_store.importing.upsert.order_entries import tell
from crm_store.importing.upsert.order_lines import Lines
from crm_store.importing.upsert.order_parcels import PARCEL_FIELDS, Parcels
from crm_store.importing.upsert.order_rows import known_orders
from crm_store.importing.upsert.people import People, Person, Whose
from crm_store.models import Order, OrderStatus
from foundation.ids import new_id

_CHANGING = ("status", "cancelled_at", "cancel_reason", "shipping_method")
_ADDRESS = ("ship_to", "street", "postal_code", "city", "country")


class OrderUpserter:
    """Adds orders, changes their status and address, adds and changes lines and parcels."""

    def __init__(
        self, policy: ConflictPolicy, column_of: Mapping[str, str], *, lines_only: bool = False
    ) -> None:
        self._policy = policy
        self._column_of = column_of
        self._lines_only = lines_only

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's orders and lines into the store."""
        return _Batch(session, batch, self._policy, self._column_of, self._lines_only).apply()


class _Batch:
    def __init__(
        self,
        session: Session,
        batch: CleanBatch,
        policy: ConflictPolicy,
        column_of: Mapping[str, str],
        lines_only: bool,
    ) -> None:
        self._session = session
        self._policy = policy
        self._lines_only = lines_only
        for row in batch.rows:
            row["number"] = order_number(row["number"])
        self._rows = Rows(batch, column_of)
        self._whose = Whose(People(session, ("name", *_ADDRESS[1:])), batch.rows)
        self._orders = known_orders(session, {row["number"] for row in batch.rows})
        self._lines = Lines(session, batch.rows, self._orders, policy)
        self._parcels = Parcels(
            session,
            batch.rows,
            self._orders,
            policy,
            wanted=any(
                name in column_of or any(name in row for row in batch.rows)
                for name in PARCEL_FIELDS
            ),
        )
        self._created: dict[UUID, dict[str, Any]] = {}
        self._changed: dict[UUID, dict[str, Any]] = {}
        self._stated: dict[UUID, dict[str, int]] = {}

    def apply(self) -> Outcome:
        outcome = self._rows.outcome
        for at, row in self._rows:
            problem = self._parcels.problem(at)
            if problem is not None:
                self._rows.reject(at, *problem)
                continue
            order = self._orders.get(row["number"])
            if order is None:
                order = self._add(at, row)
                if order is None:
                    continue
                what = "created"
            else:
                what = "updated" if self._change(order, row) else "unchanged"
            if "sku" in row:
                line = self._lines.settle(order, row)
                if line.problem is not None:
                    self._rows.reject(at, *line.problem)
                    if what == "created" and not self._lines.has_any(order["id"]):
                        self._forget(order)
                    continue
                if self._lines_only or (what == "unchanged" and line.what == "updated"):
                    what = line.what
                elif what == "unchanged" and line.what == "created":
                    what = "updated"
            if self._parcels.settle(at) and what == "unchanged":
                what = "updated"
            setattr(outcome, what, getattr(outcome, what) + 1)
        self._total_up()
        self._write()
        return outcome

    def _add(self, at: int, row: dict[str, Any]) -> dict[str, Any] | None:
        if self._lines_only:
            self._rows.reject(at, "number", "there is no such order")
            return None
        person, field, reason = self._whose.of(row)
        if person is None:
            self._rows.reject(at, field, reason)
            return None
        if "placed_at" not in row:
            self._rows.reject(at, "placed_at", "needed for a new order")
            return None
        order = _new_order(row, person)
        order["status"] = self._parcels.status(order["number"], order["status"])
        self._orders[order["number"]] = order
        self._created[order["id"]] = order
        self._state(order, row)
        return order

    def _forget(self, order: dict[str, Any]) -> None:
        del self._orders[order["number"]], self._created[order["id"]]
        self._stated.pop(order["id"], None)

    def _change(self, order: dict[str, Any], row: dict[str, Any]) -> bool:
        if self._lines_only:
            return False
        names = (*_CHANGING, *_ADDRESS)
        given = {name: row[name] for name in names if name in row}
        if "status" in given or any(name in row for name in PARCEL_FIELDS):
            status = OrderStatus(given.get("status", order["status"]))
            given["status"] = self._parcels.status(order["number"], status)
        found = changes(order, given, names, self._policy)
        order |= found
        self._note(order, found)
        before: tuple[int, int] = (order["items_minor"], order["shipping_minor"])
        if self._policy is not ConflictPolicy.SKIP:
            self._state(order, row)
        stated = self._stated.get(order["id"], {})
        if "total" in stated and not found and order["id"] not in self._created:
            return stated["total"] != before[0] + before[1]
        return bool(found)

    def _note(self, order: dict[str, Any], found: dict[str, Any]) -> None:
        if found and order["id"] not in self._created:
            self._changed.setdefault(order["id"], {}).update(found)

    def _state(self, order: dict[str, Any], row: dict[str, Any]) -> None:
        """Remember the amounts that a row states for the whole order."""
        if self._lines_only:
            return
        stated: dict[str, int] = {}
        for name in ("total", "shipping"):
            if name in row:
                stated[name] = row[name]
        if stated:
            self._stated.setdefault(order["id"], {}).update(stated)

    def _total_up(self) -> None:
        """Let the amounts add up: what is stated holds, else the lines' sum."""
        for order in self._orders.values():
            stated = self._stated.get(order["id"], {})
            items = self._lines.sum_of(order["id"]) if self._lines.touched(order["id"]) else None
            if not stated and items is None:
                continue
            amounts = _amounts(order, stated, items)
            self._note(order, {name: v for name, v in amounts.items() if v != order[name]})
            order.update(amounts)

    def _write(self) -> None:
        insert_rows(self._session, Order, list(self._created.values()))
        update_rows(self._session, Order, self._changed.items())
        self._lines.write()
        self._parcels.write(self._orders)
        tell(
            self._session,
            created=self._created.values(),
            moved=[o for o in self._orders.values() if "status" in self._changed.get(o["id"], {})],
            journeys=[
                (self._orders[number], journey)
                for number, journey in self._parcels.journeys().items()
                if number in self._orders
            ],
            told_of=self._parcels.told_of(),
            policy=self._policy,
        )


def _new_order(row: dict[str, Any], person: Person) -> dict[str, Any]:
    address = {name: row.get(name) or person.get(name) or "" for name in _ADDRESS}
    address["ship_to"] = row.get("ship_to") or person["name"]
    return {
        "id": new_id(),
        "number": row["number"],
        "customer_id": person["id"],
        "status": OrderStatus(row.get("status", OrderStatus.PAID.value)),
        "placed_at": row["placed_at"],
        "currency": row.get("currency", "EUR"),
        "items_minor": 0,
        "shipping_minor": 0,
        "total_minor": 0,
        "shipping_method": row.get("shipping_method", "standard"),
        **address,
        "cancelled_at": row.get("cancelled_at"),
        "cancel_reason": row.get("cancel_reason"),
    }


def _amounts(order: dict[str, Any], stated: dict[str, int], items: int | None) -> dict[str, int]:
    shipping = stated.get("shipping")
    total = stated.get("total")
    if total is None:
        shipping = order["shipping_minor"] if shipping is None else shipping
        items = order["items_minor"] if items is None else items
        return {
            "items_minor": items, "shipping_minor": shipping, "total_minor": items + shipping
        }  # fmt: skip
    if shipping is None:
        # What the lines do not explain is shipping; a discount makes the items cheaper.
        shipping = max(total - items, 0) if items is not None else order["shipping_minor"]
        shipping = min(shipping, total)
    return {
        "items_minor": total - shipping, "shipping_minor": shipping, "total_minor": total
    }  # fmt: skip
