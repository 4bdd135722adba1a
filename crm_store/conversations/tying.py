"""Making a conversation a customer's, once it is known for sure who they are."""

from sqlalchemy import update

from crm_store.asking import AsCustomer
from crm_store.audit import record
from crm_store.conversations.base import ConversationPart
from crm_store.conversations.timeline import record_past
from crm_store.models import Author, Conversation, Customer, Interest
from foundation.clock import utc_now


class Tying(ConversationPart):
    """Used by whatever proves who a visitor is."""

    def _tie(self, conversation: Conversation, customer: Customer, *, by: str) -> Conversation:
        """The conversation is the customer's: what was said and liked in it before is theirs too.

        Args:
            conversation: of nobody, or of this customer.
            customer: who has proved to be there.
            by: how: ``host`` or ``order``.
        """
        tied = self._conversations.change(
            conversation, customer_id=customer.id, verified_at=utc_now(), verified_by=by
        )
        self._session.execute(
            update(Interest)
            .where(Interest.conversation_id == tied.id, Interest.customer_id.is_(None))
            .values(customer_id=customer.id)
            .execution_options(synchronize_session=False)
        )
        record_past(self._session, tied)
        self._log(tied, "verified", actor=Author.CUSTOMER, data={"by": by})
        asker, facts = AsCustomer(customer.id), {"by": by, "conversation": str(tied.id)}
        record(self._session, asker, "customer.verified", "customer", customer.id, facts)
        return tied
