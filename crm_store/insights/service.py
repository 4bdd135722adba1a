"""Interests said in chats, segments and recommendations: written by jobs, read with a customer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store.asking import Asker
from crm_store.insights import overview as counts
from crm_store.insights.members import SegmentInForce, segments_in_force
from crm_store.insights.moves import Move, SegmentMoves
from crm_store.insights.readers import (
    ConversationFeatures,
    InterestRow,
    OrderLineRow,
    conversation_features,
    interests,
    order_lines,
)
from crm_store.insights.repository import InsightRepository
from crm_store.models import (
    Interest,
    ItemSimilarity,
    ModelRun,
    Product,
    Purpose,
    Recommendation,
    Segment,
    SegmentMembership,
)
from crm_store.permissions import Permission, require
from crm_store.privacy.consent import ConsentService
from crm_store.texts import shorten, storable
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.errors import Invalid
from foundation.ids import new_id

FOR_RECOMMENDATIONS = (Purpose.PROFILING, Purpose.RECOMMENDATIONS)
"""Recommending to somebody profiles them, and shows it."""
_TERM_CHARS = 100


class InsightService:
    """The seam between the store and analytics."""

    def __init__(self, session: Session) -> None:
        self._insights = InsightRepository(session)
        self._session = session

    # What is said in chats

    def record_interest(
        self,
        *,
        conversation_id: UUID,
        message_id: UUID,
        term: str,
        category_id: UUID | None = None,
        product_id: UUID | None = None,
        weight: float = 1.0,
        at: datetime | None = None,
    ) -> None:
        """Keep that a message names something; the same term of a message counts once.

        Nothing is kept of a customer who does not want to be profiled.

        Args:
            conversation_id: where it was said; its customer, when known, gets the interest.
            message_id: the customer's message.
            term: the words used, cut at 100 characters.
            category_id: the category meant.
            product_id: the product meant.
            weight: positive for liking, negative for dislike.
            at: when it was said; now by default.

        Raises:
            Invalid: the term is empty.
        """
        term = shorten(storable(term).lower(), _TERM_CHARS)
        if not term:
            raise Invalid("term: must not be empty")
        customer_id = self._insights.customer_of(conversation_id)
        if customer_id and not ConsentService(self._session).allows(customer_id, Purpose.PROFILING):
            return
        row = {
            "id": new_id(),
            "conversation_id": conversation_id,
            "message_id": message_id,
            "customer_id": customer_id,
            "category_id": category_id,
            "product_id": product_id,
            "term": term,
            "weight": weight,
            "at": at or utc_now(),
        }
        insert_missing(self._session, Interest, [row], on=("message_id", "term"))

    def interests(self, customer_id: UUID, *, limit: int = 50) -> list[Interest]:
        """What a customer said they like or look for, newest first."""
        return list(self._insights.interests(customer_id, limit))

    def all_interests(self) -> list[InterestRow]:
        """The interests of every customer whom recommendations may be made for, oldest first."""
        return list(interests(self._session, allowed_for=FOR_RECOMMENDATIONS))

    # What analysis gives back

    def replace_segments(
        self,
        run: ModelRun,
        segments: Iterable[Segment],
        memberships: Iterable[SegmentMembership],
        *,
        watched: Callable[[str], bool] = lambda _: False,
    ) -> list[Move]:
        """Put these segments in force; the ones before are deleted.

        The segments must have ids that the memberships refer to; ``run_id`` is filled in here. Who
        moves to a segment of another name has that on their timeline.

        Returns:
            The moves to segments whose name is ``watched``.
        """
        self._add_run(run)
        in_force = list(self._of_run(run, segments))
        self._insights.insert(Segment, in_force)
        moves = SegmentMoves(self._session, in_force, run.finished_at, watched=watched)
        moves.put(memberships)
        self._insights.delete_other_segments(run.id)
        self._insights.delete_of_others(SegmentMembership, Purpose.PROFILING)
        return moves.seen

    def replace_recommendations(
        self,
        run: ModelRun,
        rows: Iterable[Recommendation],
        *,
        customer_ids: Sequence[UUID] | None = None,
    ) -> int:
        """Replace everybody's recommendations, or those of ``customer_ids``; returns how many."""
        self._add_run(run)
        self._insights.delete_recommendations(customer_ids)
        number = self._insights.insert(Recommendation, rows)
        for purpose in FOR_RECOMMENDATIONS:
            self._insights.delete_of_others(Recommendation, purpose)
        return number

    def replace_similarities(self, run: ModelRun, rows: Iterable[ItemSimilarity]) -> int:
        """Replace which products are bought together; returns how many pairs."""
        self._add_run(run)
        self._insights.delete_similarities()
        return self._insights.insert(ItemSimilarity, rows)

    def recommendations(self, customer_id: UUID, limit: int = 5) -> list[Recommendation]:
        """A customer's best recommendations, products loaded."""
        return list(self._insights.recommendations(customer_id, limit))

    def segment_of(self, customer_id: UUID) -> SegmentMembership | None:
        """The segment that a customer is in, with their RFM digits and features."""
        return self._insights.membership(customer_id)

    def segments(self, *, asker: Asker) -> list[SegmentInForce]:
        """The segments in force, the largest first, with how many are in them now."""
        require(asker, Permission.INSIGHTS_READ)
        return list(segments_in_force(self._session))

    def similar(self, product_ids: Sequence[UUID], limit: int = 5) -> list[tuple[UUID, float]]:
        """Products bought with any of these, best first: (product id, score)."""
        return list(self._insights.similar(product_ids, limit)) if product_ids else []

    # What analysis reads

    def iter_order_lines(
        self, batch: int = 10_000, *, allowed_for: Sequence[Purpose] = (Purpose.PROFILING,)
    ) -> Iterator[OrderLineRow]:
        """Lines of orders that were not cancelled, of customers who allow these purposes.

        ``batch`` rows are in memory at a time.
        """
        return order_lines(self._session, batch, allowed_for=allowed_for)

    def iter_conversation_features(self) -> Iterator[ConversationFeatures]:
        """One row for each customer who has talked with the shop and may be profiled."""
        return conversation_features(self._session, allowed_for=(Purpose.PROFILING,))

    def products(self, ids: Sequence[UUID]) -> list[Product]:
        """Products by their ids, in no order; also those no longer sold."""
        return self._insights.products(ids)

    # What people look at; each raises NotAllowed when the asker may not read insights

    def overview(self, *, since: datetime, asker: Asker) -> counts.Overview:
        """Counts of conversations, moods, grades, tickets and orders since then."""
        require(asker, Permission.INSIGHTS_READ)
        return counts.read_overview(self._session, since=since)

    def intents(
        self, *, since: datetime, limit: int = 50, asker: Asker
    ) -> list[counts.IntentCount]:
        """What customers wanted since then, the most frequent first."""
        require(asker, Permission.INSIGHTS_READ)
        return counts.read_intents(self._session, since=since, limit=limit)

    def sentiment(self, *, since: datetime, asker: Asker) -> list[counts.DayMood]:
        """The mood of customers' messages day by day."""
        require(asker, Permission.INSIGHTS_READ)
        return counts.read_moods(self._session, since=since)

    def containment(self, *, since: datetime, asker: Asker) -> list[counts.DayContainment]:
        """Conversations and handoffs day by day."""
        require(asker, Permission.INSIGHTS_READ)
        return counts.read_containment(self._session, since=since)

    def _add_run(self, run: ModelRun) -> None:
        # One run may fill several tables; merge-by-identity keeps it a single row.
        if run not in self._session:
            self._session.add(run)
        self._session.flush()

    @staticmethod
    def _of_run(run: ModelRun, segments: Iterable[Segment]) -> Iterator[Segment]:
        for segment in segments:
            segment.run_id = run.id
            yield segment
