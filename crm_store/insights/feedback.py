"""What customers did with products that were recommended to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.models import FeedbackKind, RecommendationFeedback
from crm_store.texts import shorten, storable
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.ids import new_id

_REASON_CHARS = 200


@dataclass(frozen=True, slots=True)
class Offered:
    """A recommended product as it was shown: its place, its score if it had one, the reason."""

    product_id: UUID
    rank: int
    reason: str
    score: float | None = None


class FeedbackService:
    """Writes feedback down once, and counts it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def shown(
        self,
        customer_id: UUID,
        offers: Sequence[Offered],
        *,
        conversation_id: UUID | None,
        act: str,
        at: datetime | None = None,
    ) -> None:
        """Products were shown; ``act`` names the occasion, so that repeating it adds nothing."""
        rows = [
            {
                "id": new_id(),
                "customer_id": customer_id,
                "product_id": offer.product_id,
                "conversation_id": conversation_id,
                "kind": FeedbackKind.SHOWN,
                "rank": offer.rank,
                "score": offer.score,
                "reason": shorten(storable(offer.reason), _REASON_CHARS),
                "at": at or utc_now(),
                "source_key": f"shown:{act}:{offer.product_id}",
            }
            for offer in offers
        ]
        insert_missing(self._session, RecommendationFeedback, rows, on="source_key")

    def answered(
        self,
        customer_id: UUID,
        product_id: UUID,
        kind: FeedbackKind,
        *,
        conversation_id: UUID | None,
        act: str,
        at: datetime | None = None,
    ) -> bool:
        """The customer did something with a product, which counts if it was shown to them.

        Rank, score and reason are those of the last time that it was shown, in this conversation
        when one is given.

        Returns:
            Whether it was written down.
        """
        shown = self._last_shown(customer_id, product_id, conversation_id)
        if shown is None:
            return False
        row = {
            "id": new_id(),
            "customer_id": customer_id,
            "product_id": product_id,
            "conversation_id": conversation_id,
            "kind": kind,
            "rank": shown.rank,
            "score": shown.score,
            "reason": shown.reason,
            "at": at or utc_now(),
            "source_key": f"{kind.value}:{act}:{product_id}",
        }
        return insert_missing(self._session, RecommendationFeedback, [row], on="source_key") > 0

    def of_customer(self, customer_id: UUID, *, limit: int = 50) -> list[RecommendationFeedback]:
        """A customer's feedback, newest first. The caller has checked who is asking."""
        return list(
            self._session.scalars(
                select(RecommendationFeedback)
                .where(RecommendationFeedback.customer_id == customer_id)
                .order_by(RecommendationFeedback.at.desc(), RecommendationFeedback.id.desc())
                .limit(limit)
            )
        )

    def counts(self, *, since: datetime) -> dict[FeedbackKind, int]:
        """How often each kind happened since then."""
        rows = self._session.execute(
            select(RecommendationFeedback.kind, func.count())
            .where(RecommendationFeedback.at >= since)
            .group_by(RecommendationFeedback.kind)
        )
        found = {row[0]: row[1] for row in rows}
        return {kind: found.get(kind, 0) for kind in FeedbackKind}

    def _last_shown(
        self, customer_id: UUID, product_id: UUID, conversation_id: UUID | None
    ) -> RecommendationFeedback | None:
        statement = select(RecommendationFeedback).where(
            RecommendationFeedback.customer_id == customer_id,
            RecommendationFeedback.product_id == product_id,
            RecommendationFeedback.kind == FeedbackKind.SHOWN,
        )
        if conversation_id is not None:
            statement = statement.where(RecommendationFeedback.conversation_id == conversation_id)
        newest = statement.order_by(
            RecommendationFeedback.at.desc(), RecommendationFeedback.id.desc()
        )
        return self._session.scalar(newest.limit(1))
