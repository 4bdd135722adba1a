"""The kinds of rows that can be imported, a file per part of the store."""

from crm_store.importing.errors import UnknownTarget
from crm_store.importing.fields import Target
from crm_store.importing.targets.catalog import CATEGORIES, PRODUCTS
from crm_store.importing.targets.contacts import CONSENTS, INTERACTIONS
from crm_store.importing.targets.customers import CUSTOMERS
from crm_store.importing.targets.orders import ORDER_LINES, ORDERS
from crm_store.importing.targets.sales import ACCOUNTS, LEADS, OPPORTUNITIES
from crm_store.importing.targets.tickets import TICKETS

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        CUSTOMERS,
        PRODUCTS,
        CATEGORIES,
        ORDERS,
        ORDER_LINES,
        TICKETS,
        INTERACTIONS,
        CONSENTS,
        LEADS,
        ACCOUNTS,
        OPPORTUNITIES,
    )
}


def target_named(name: str) -> Target:
    """The kind of row that is called so.

    Raises:
        UnknownTarget: none is; the detail lists them.
    """
    target = TARGETS.get(name.replace("-", "_"))
    if target is None:
        raise UnknownTarget(f"{name}: one of {', '.join(TARGETS)} is expected")
    return target
