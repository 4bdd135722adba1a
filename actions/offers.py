"""What came of recommended products: that they were shown, and that their button was pressed."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.context import Turn
from crm_store.customers.verification import Verification
from crm_store.insights.feedback import FeedbackService, Offered
from crm_store.models import FeedbackKind, Product


def note_shown(session: Session, turn: Turn, shown: Sequence[tuple[Product, str]]) -> None:
    """Keep what a known customer was shown, in this order and for these reasons."""
    asker = Verification(session).customer_of(turn.conversation_id)
    if asker is None or turn.message_id is None:
        return
    offers = [
        Offered(product.id, rank, reason) for rank, (product, reason) in enumerate(shown, start=1)
    ]
    FeedbackService(session).shown(
        asker.customer_id,
        offers,
        conversation_id=turn.conversation_id,
        act=str(turn.message_id),
    )


def note_pressed(session: Session, turn: Turn, product: Product) -> None:
    """Keep that a known customer wanted to see more of something that was shown to them."""
    asker = Verification(session).customer_of(turn.conversation_id)
    if asker is None or turn.message_id is None or not turn.is_button:
        return
    FeedbackService(session).answered(
        asker.customer_id,
        product.id,
        FeedbackKind.CLICKED,
        conversation_id=turn.conversation_id,
        act=str(turn.message_id),
    )
