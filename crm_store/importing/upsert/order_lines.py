"""Lines of orders: by their position, else by their product."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import changes
from crm_store.importing.upsert.loading import insert_rows, update_rows
from crm_store.models import OrderLine, Product
from foundation.ids import new_id

_AT_ONCE = 2_000
_MOST = 2_000_000_000  # minor units, shipping beside them
_COLUMNS = ("id", "order_id", "position", "product_id", "name", "quantity", "unit_price_minor")
_CHANGING = ("product_id", "name", "quantity", "unit_price_minor")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a line; or the field and the reason why nothing did."""

    what: str = ""
    problem: tuple[str, str] | None = None


class Lines:
    """The lines of a batch's orders, those of the store and those of the file."""

    def __init__(
        self,
        session: Session,
        rows: Iterable[Mapping[str, Any]],
        orders: Mapping[str, Mapping[str, Any]],
        policy: ConflictPolicy,
    ) -> None:
        self._session = session
        self._policy = policy
        skus = {row["sku"] for row in rows if "sku" in row}
        self._products = _products(session, skus)
        self._of_order: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        if skus:
            self._load([order["id"] for order in orders.values()])
        self._created: dict[UUID, dict[str, Any]] = {}
        self._changed: dict[UUID, dict[str, Any]] = {}
        self._touched: set[UUID] = set()

    def settle(self, order: Mapping[str, Any], row: Mapping[str, Any]) -> Settled:
        """Add the row's line to the order, or change the one that is there."""
        product = self._products.get(row["sku"])
        if product is None:
            return Settled(problem=("sku", "there is no such product"))
        given = {"product_id": product["id"]}
        if "quantity" in row:
            given["quantity"] = row["quantity"]
        if "unit_price" in row:
            given["unit_price_minor"] = row["unit_price"]
        if "line_name" in row:
            given["name"] = row["line_name"]
        current = self._find(order["id"], row, product["id"])
        if self._too_dear(order["id"], given, current, product):
            return Settled(problem=("unit_price", "an impossible amount"))
        if current is None:
            return self._add(order, row, given, product)
        found = changes(current, given, _CHANGING, self._policy)
        current |= found
        if found:
            self._touched.add(order["id"])
            if current["id"] not in self._created:
                self._changed.setdefault(current["id"], {}).update(found)
        return Settled("updated" if found else "unchanged")

    def _too_dear(
        self,
        order_id: UUID,
        given: Mapping[str, Any],
        current: Mapping[str, Any] | None,
        product: Mapping[str, Any],
    ) -> bool:
        """Whether the order would cost more than the store can hold."""
        before = current or {"quantity": 0, "unit_price_minor": product["price_minor"]}
        line = given.get("quantity", before["quantity"]) * given.get(
            "unit_price_minor", before["unit_price_minor"]
        )
        rest = self.sum_of(order_id) - before["quantity"] * before["unit_price_minor"]
        return bool(rest + line > _MOST)

    def touched(self, order_id: UUID) -> bool:
        """Whether a line of the order is new or other than it was."""
        return order_id in self._touched

    def has_any(self, order_id: UUID) -> bool:
        """Whether the order has lines."""
        return bool(self._of_order[order_id])

    def sum_of(self, order_id: UUID) -> int:
        """What the order's lines cost."""
        return sum(line["quantity"] * line["unit_price_minor"] for line in self._of_order[order_id])

    def write(self) -> None:
        """Bring all of it into the store."""
        insert_rows(self._session, OrderLine, list(self._created.values()))
        update_rows(self._session, OrderLine, self._changed.items())

    def _find(
        self, order_id: UUID, row: Mapping[str, Any], product_id: UUID
    ) -> dict[str, Any] | None:
        lines = self._of_order[order_id]
        if "position" in row:
            return next((line for line in lines if line["position"] == row["position"]), None)
        return next((line for line in lines if line["product_id"] == product_id), None)

    def _add(
        self,
        order: Mapping[str, Any],
        row: Mapping[str, Any],
        given: dict[str, Any],
        product: Mapping[str, Any],
    ) -> Settled:
        if "quantity" not in given:
            return Settled(problem=("quantity", "needed for a new line"))
        lines = self._of_order[order["id"]]
        line = {
            "id": new_id(),
            "order_id": order["id"],
            "position": row.get("position")
            or max((one["position"] for one in lines), default=0) + 1,
            "product_id": product["id"],
            "name": given.get("name", product["name"]),
            "quantity": given["quantity"],
            "unit_price_minor": given.get("unit_price_minor", product["price_minor"]),
        }
        lines.append(line)
        self._created[line["id"]] = line
        self._touched.add(order["id"])
        return Settled("created")

    def _load(self, orders: list[UUID]) -> None:
        for at in range(0, len(orders), _AT_ONCE):
            statement = select(*(OrderLine.__table__.c[name] for name in _COLUMNS)).where(
                OrderLine.order_id.in_(orders[at : at + _AT_ONCE])
            )
            for row in self._session.execute(statement).mappings():
                self._of_order[row["order_id"]].append(dict(row))


def _products(session: Session, skus: set[str]) -> dict[str, dict[str, Any]]:
    wanted = sorted(skus)
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        statement = select(Product.sku, Product.id, Product.name, Product.price_minor).where(
            Product.sku.in_(wanted[at : at + _AT_ONCE])
        )
        for row in session.execute(statement).mappings():
            found[row["sku"]] = dict(row)
    return found
