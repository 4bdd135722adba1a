"""Which upserter writes which kind of row."""

from collections.abc import Callable

from crm_store.importing.mapping import ConflictPolicy, Mapping
from crm_store.importing.upsert.base import Upserter
from crm_store.importing.upsert.catalog import CategoryUpserter, ProductUpserter
from crm_store.importing.upsert.consents import ConsentUpserter
from crm_store.importing.upsert.customers import CustomerUpserter
from crm_store.importing.upsert.interactions import InteractionUpserter
from crm_store.importing.upsert.opportunities import OpportunityUpserter
from crm_store.importing.upsert.orders import OrderUpserter
from crm_store.importing.upsert.sales import AccountUpserter, LeadUpserter
from crm_store.importing.upsert.tickets import TicketUpserter

_Make = Callable[[ConflictPolicy, dict[str, str]], Upserter]


def _lines(policy: ConflictPolicy, column_of: dict[str, str]) -> Upserter:
    return OrderUpserter(policy, column_of, lines_only=True)


_UPSERTERS: dict[str, _Make] = {
    "customers": CustomerUpserter,
    "products": ProductUpserter,
    "categories": CategoryUpserter,
    "orders": OrderUpserter,
    "order_lines": _lines,
    "tickets": TicketUpserter,
    "interactions": InteractionUpserter,
    "consents": ConsentUpserter,
    "leads": LeadUpserter,
    "accounts": AccountUpserter,
    "opportunities": OpportunityUpserter,
}


def upserter_for(mapping: Mapping) -> Upserter:
    """What writes the mapping's kind of rows."""
    column_of = {column.field: name for name, column in mapping.columns.items()}
    return _UPSERTERS[mapping.target](mapping.conflict, column_of)
