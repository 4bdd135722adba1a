"""The customer feature table that segmentation works on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from crm_store.insights.readers import ConversationFeatures, OrderLineRow

FloatArray = NDArray[np.float64]
COLUMNS = ("recency_days", "orders", "spend_minor", "contacts", "valence", "handoffs")


@dataclass(frozen=True)
class CustomerFeatures:
    """One row a customer who has ordered or chatted.

    ``values`` has the shape (customers, len(COLUMNS)): days since the last order, number of orders,
    money spent in minor units, conversations held, mean valence of what they said in [-1, 1], and
    conversations handed to a person. Who never ordered has the longest recency of all.
    """

    customer_ids: list[UUID]
    values: FloatArray

    def column(self, name: str) -> FloatArray:
        """One feature of every customer."""
        return self.values[:, COLUMNS.index(name)]

    def as_dict(self, row: int) -> dict[str, float]:
        """One customer's features by name, rounded for people."""
        numbers = (round(float(value), 3) for value in self.values[row])
        return dict(zip(COLUMNS, numbers, strict=True))


@dataclass
class _Orders:
    last: datetime
    spend_minor: int = 0
    placed: set[UUID] = field(default_factory=set)


def build_customer_features(
    lines: Iterable[OrderLineRow], chats: Iterable[ConversationFeatures], *, as_of: datetime
) -> CustomerFeatures:
    """Aggregate order lines and conversations into one row a customer, sorted by id."""
    orders: dict[UUID, _Orders] = {}
    for line in lines:
        known = orders.get(line.customer_id)
        if known is None:
            known = orders[line.customer_id] = _Orders(last=line.placed_at)
        known.last = max(known.last, line.placed_at)
        known.spend_minor += line.quantity * line.unit_price_minor
        known.placed.add(line.order_id)
    spoken = {chat.customer_id: chat for chat in chats}
    ids = sorted(orders.keys() | spoken.keys())
    values = np.zeros((len(ids), len(COLUMNS)))
    for row, customer_id in enumerate(ids):
        bought, said = orders.get(customer_id), spoken.get(customer_id)
        values[row, 0] = (as_of - bought.last).total_seconds() / 86_400 if bought else np.nan
        if bought:
            values[row, 1:3] = len(bought.placed), bought.spend_minor
        if said:
            values[row, 3:] = said.contacts, said.mean_valence, said.handoffs
    recency = values[:, 0]
    longest = np.nanmax(recency) if orders else 0.0
    values[:, 0] = np.where(np.isnan(recency), longest, np.maximum(recency, 0.0))
    return CustomerFeatures(ids, values)
