"""How a visitor proves to be a customer: an order's number with that order's contact."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from crm_store.asking import AsCustomer
from crm_store.attempts import AttemptLimiter
from crm_store.conversations.tying import Tying
from crm_store.customers.contacts import contact_key, same_contact
from crm_store.customers.errors import VerificationFailed
from crm_store.database import Database
from crm_store.models import Conversation, Customer, Order
from crm_store.orders.numbers import normalise_order_number

BY_ORDER = "order"
_NOBODY = UUID(int=0)
_PER_CONVERSATION = {"limit": 5, "window_seconds": 15 * 60}
_PER_ORDER = {"limit": 10, "window_seconds": 60 * 60}
_PER_CONTACT = {"limit": 20, "window_seconds": 60 * 60}


def check_limits(
    database: Database, conversation_id: UUID, order_number: str, *, contact: str
) -> None:
    """Count one try to verify; each count commits by itself, so that a failed try stays counted.

    Unknown order numbers count like known ones: the limit must not tell them apart. Conversations
    cost nothing and order numbers may follow each other, so the contact is counted too: who knows
    somebody's address must not find their orders by trying all numbers.

    Raises:
        TooManyAttempts: 5 tries in 15 minutes in this conversation, or in an hour 10 on this order
            or 20 with this contact.
    """
    with database.transaction() as session:
        AttemptLimiter(session).hit(
            "verify-conversation", str(conversation_id), **_PER_CONVERSATION
        )
    with database.transaction() as session:
        number = normalise_order_number(order_number) or order_number.strip()
        AttemptLimiter(session).hit("verify-order", number, **_PER_ORDER)
    with database.transaction() as session:
        AttemptLimiter(session).hit("verify-contact", contact_key(contact), **_PER_CONTACT)


class Verification(Tying):
    """Ties a conversation to the customer who is in it."""

    def by_order(self, conversation_id: UUID, *, order_number: str, contact: str) -> Customer:
        """Verify the visitor as the order's customer. Call ``check_limits`` first.

        On success the conversation is the customer's: what was asked and liked in it before goes on
        their record.

        Args:
            conversation_id: where the visitor is.
            order_number: as typed.
            contact: the e-mail address or phone number of the order's customer, as typed.

        Raises:
            VerificationFailed: unknown order, wrong contact, or a customer other than the one whom
                the host page has signed in; the same error for each.
        """
        conversation = self._conversations.lock(conversation_id)
        customer = self._customer_of_order(order_number)
        # Compared even when there is no such order: both failures take the same path.
        matches = [
            same_contact(
                contact, email=one.email if one else None, phone=one.phone if one else None
            )
            for one in (customer, *self._merged_into(customer))
        ]
        if customer is None or not any(matches) or _signed_in_as_other(conversation, customer):
            raise VerificationFailed
        if conversation.verified_at is None or conversation.customer_id != customer.id:
            self._tie(conversation, customer, by=BY_ORDER)
        return customer

    def customer_of(self, conversation_id: UUID) -> AsCustomer | None:
        """The verified customer in the conversation, as one who asks; None before verification."""
        customer_id = self._session.scalar(
            select(Conversation.customer_id).where(
                Conversation.id == conversation_id, Conversation.verified_at.is_not(None)
            )
        )
        return AsCustomer(customer_id) if customer_id else None

    def _customer_of_order(self, order_number: str) -> Customer | None:
        number = normalise_order_number(order_number) or ""
        return self._session.scalar(
            select(Customer)
            .join(Order, Order.customer_id == Customer.id)
            .where(Order.number == number)
        )

    def _merged_into(self, customer: Customer | None) -> Sequence[Customer]:
        """Records that became this one: their orders were placed with their contacts."""
        # Asked for nobody as well, so that an unknown order takes no less time.
        wanted = customer.id if customer else _NOBODY
        return self._session.scalars(
            select(Customer).where(Customer.merged_into_id == wanted)
        ).all()


def _signed_in_as_other(conversation: Conversation, customer: Customer) -> bool:
    return (
        conversation.verified_at is not None
        and conversation.verified_by != BY_ORDER
        and conversation.customer_id != customer.id
    )
