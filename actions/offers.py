"""What came of recommended products: that they were shown, and that their button was pressed.

Actions that answer only read; what they notice here is written after the answer, by itself.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.context import Turn
from actions.reply import Noticed, Reply
from crm_store.customers.verification import Verification
from crm_store.insights.feedback import FeedbackService, Offered
from crm_store.models import FeedbackKind, Product


def notice_shown(
    session: Session, turn: Turn, reply: Reply, shown: Sequence[tuple[Product, str]]
) -> None:
    """Notice what a known customer is shown, in this order and for these reasons."""
    asker = Verification(session).customer_of(turn.conversation_id)
    if asker is not None:
        offers = [(product.id, reason) for product, reason in shown]
        reply.noticed = Noticed(asker.customer_id, shown=offers)


def notice_pressed(session: Session, turn: Turn, reply: Reply, product: Product) -> None:
    """Notice that a known customer pressed a button to see more of a product."""
    if not turn.is_button:
        return
    asker = Verification(session).customer_of(turn.conversation_id)
    if asker is not None:
        reply.noticed = Noticed(asker.customer_id, pressed=product.id)


def record_noticed(session: Session, turn: Turn, noticed: Noticed) -> None:
    """Write it down; a press counts only for what was shown in this conversation."""
    feedback, act = FeedbackService(session), str(turn.message_id)
    if noticed.shown:
        offers = [Offered(key, rank, why) for rank, (key, why) in enumerate(noticed.shown, start=1)]
        feedback.shown(noticed.customer_id, offers, conversation_id=turn.conversation_id, act=act)
    if noticed.pressed is not None:
        feedback.answered(
            noticed.customer_id,
            noticed.pressed,
            FeedbackKind.CLICKED,
            conversation_id=turn.conversation_id,
            act=act,
        )
