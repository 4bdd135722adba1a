"""Rows counted under whom their customers are now.

A merge brings along every row of the record that goes. What is written to that record a moment
later, by somebody who had read its key before, follows within minutes (``merging.stragglers``);
until then a count over customers must not take one person for two, nor miss what they refused.
"""

from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from crm_store.models import Customer

Ts = TypeVarTuple("Ts")


class Survivors:
    """The customers whom a column of customers' ids stands for.

    Attributes:
        id: the customer that a row counts under: the column's, or the one it was merged into.
    """

    def __init__(self, column: InstrumentedAttribute[Any]) -> None:
        # The few merged ones are laid out once: SQLite would look each row's customer up.
        self._merged = (
            select(Customer.id, Customer.merged_into_id)
            .where(Customer.merged_into_id.is_not(None))
            .cte()
            .prefix_with("MATERIALIZED", dialect="sqlite")
        )
        self._column = column
        self.id: ColumnElement[Any] = func.coalesce(self._merged.c.merged_into_id, column)

    def of(self, statement: Select[*Ts]) -> Select[*Ts]:
        """The statement, so that ``id`` can be named in it."""
        return statement.outerjoin(self._merged, self._merged.c.id == self._column)


def stands(column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """A condition on a column of customers' ids: those that were not merged into another."""
    merged = select(Customer.id).where(Customer.id == column, Customer.merged_into_id.is_not(None))
    return ~merged.exists()
