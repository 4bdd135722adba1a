"""Which upserter writes which kind of row."""

from collections.abc import Callable

from crm_store.crypto.keyring import Keyring
from crm_store.importing.ahead import Ahead
from crm_store.importing.mapping import ConflictPolicy, Mapping
from crm_store.importing.upsert.base import Upserter
from crm_store.importing.upsert.catalog import CategoryUpserter, ProductUpserter
from crm_store.importing.upsert.consents import ConsentUpserter
from crm_store.importing.upsert.customers import CustomerUpserter, newcomers_ahead
from crm_store.importing.upsert.indexing import words_ahead
from crm_store.importing.upsert.interactions import InteractionUpserter
from crm_store.importing.upsert.loading import sealing_of
from crm_store.importing.upsert.opportunities import OpportunityUpserter
from crm_store.importing.upsert.orders import OrderUpserter
from crm_store.importing.upsert.sales import AccountUpserter, LeadUpserter
from crm_store.importing.upsert.tickets import TicketUpserter
from crm_store.models import Customer

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


def ahead_for(mapping: Mapping, dialect: str, keyring: Keyring | None) -> Ahead | None:
    """What can be made of the mapping's rows ahead of time; None where it is not worth it."""
    if mapping.target != "customers":
        return None  # the others have little of it
    fields = {column.field for column in mapping.columns.values()} | mapping.constants.keys()
    return Ahead(
        dialect,
        sealing=sealing_of(Customer, fields, keyring),
        words=words_ahead(Customer.__tablename__, dialect),
        moments=tuple({"created_at"} & fields),
        newcomers=newcomers_ahead(fields),
    )


def upserter_for(mapping: Mapping) -> Upserter:
    """What writes the mapping's kind of rows."""
    column_of = {column.field: name for name, column in mapping.columns.items()}
    return _UPSERTERS[mapping.target](mapping.conflict, column_of)
