"""Rows for tests: each maker writes one valid row and takes only what the test cares about."""

from tests.factories.access import as_staff, make_site, make_user
from tests.factories.chats import make_conversation
from tests.factories.desk import make_calendar, make_policy
from tests.factories.shop import make_category, make_customer, make_order, make_product

__all__ = [
    "as_staff",
    "make_calendar",
    "make_category",
    "make_conversation",
    "make_customer",
    "make_order",
    "make_policy",
    "make_product",
    "make_site",
    "make_user",
]
