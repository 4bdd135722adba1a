"""Analysis asks for messages of its own: to customers who moved to a segment that a rule names."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.insights.moves import Move
from crm_store.models import (
    Customer,
    OutreachMessage,
    OutreachStatus,
    Product,
    Purpose,
    Recommendation,
)
from crm_store.outreach.rules import PRODUCT, OutreachRule
from crm_store.outreach.service import OutreachService
from crm_store.privacy.consent import allowing
from foundation.clock import utc_now

_AT_ONCE = 500
_MOST_CHARS = 500
_ANALYSIS = AsSystem("analysis asks for a message")


class AnalysisAsks:
    """Writes what the rules say, in the caller's transaction.

    Nobody is asked for who has not consented to be written to, or does not want to be profiled;
    consent and how often somebody was approached are looked at again when it is said.
    """

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._service = OutreachService(session, clock=clock)
        self._clock = clock

    def after_moves(self, moves: Sequence[Move], rules: Sequence[OutreachRule]) -> int:
        """Ask for what the first rule that fits each move says; returns how many."""
        asked = 0
        for number, rule in enumerate(rules):
            before = rules[:number]
            moved = [
                move.customer_id
                for move in moves
                if rule.is_about(move.now)
                and not rule.is_about(move.before)
                and not any(one.is_about(move.now) for one in before)
            ]
            asked += self._ask(moved, rule)
        return asked

    def _ask(self, customer_ids: Sequence[UUID], rule: OutreachRule) -> int:
        expires_at = self._clock() + timedelta(days=rule.expires_after_days)
        asked = 0
        for customer_id in islice(self._free(customer_ids, rule), rule.most):
            texts = dict(rule.texts)
            if rule.names_product:
                product = self._best_product(customer_id)
                texts = {key: text.replace(PRODUCT, product or "") for key, text in texts.items()}
                if product is None or any(len(text) > _MOST_CHARS for text in texts.values()):
                    continue
            self._service.ask(
                customer_id,
                texts=texts,
                purpose=Purpose.MARKETING_CHAT,
                expires_at=expires_at,
                why=f"moved to {rule.moved_to}"[:100],
                asker=_ANALYSIS,
            )
            asked += 1
        return asked

    def _free(self, customer_ids: Sequence[UUID], rule: OutreachRule) -> Iterator[UUID]:
        """Those who allow it, and for whom analysis has asked nothing lately."""
        since = self._clock() - timedelta(days=rule.again_after_days)
        of_analysis = (
            select(OutreachMessage.id)
            .where(
                OutreachMessage.customer_id == Customer.id,
                OutreachMessage.touch_id.is_(None),
                OutreachMessage.created_by_id.is_(None),
                or_(
                    OutreachMessage.status == OutreachStatus.WAITING,
                    OutreachMessage.created_at > since,
                    OutreachMessage.delivered_at > since,
                ),
            )
            .correlate(Customer)
            .exists()
        )
        for start in range(0, len(customer_ids), _AT_ONCE):
            yield from self._session.scalars(
                select(Customer.id)
                .where(
                    Customer.id.in_(customer_ids[start : start + _AT_ONCE]),
                    Customer.merged_into_id.is_(None),
                    allowing(self._session, Customer.id, Purpose.MARKETING_CHAT, Purpose.PROFILING),
                    ~of_analysis,
                )
                .order_by(Customer.id)
            ).all()

    def _best_product(self, customer_id: UUID) -> str | None:
        return self._session.scalar(
            select(Product.name)
            .join(Recommendation, Recommendation.product_id == Product.id)
            .where(Recommendation.customer_id == customer_id, Product.active.is_(True))
            .order_by(Recommendation.rank)
            .limit(1)
        )
