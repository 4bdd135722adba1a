"""The SQL about interests, segments and recommendations."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete, func, insert, inspect, not_, select
from sqlalchemy.orm import Session, joinedload

from crm_store.models import (
    Base,
    Conversation,
    Interest,
    ItemSimilarity,
    Prediction,
    Product,
    Purpose,
    Recommendation,
    Segment,
    SegmentMembership,
)
from crm_store.privacy.consent import allowing

T = TypeVar("T")

_BATCH = 5_000
# Below SQLite's limit of variables in one statement.
_IDS_AT_ONCE = 500


class InsightRepository:
    """Reads take ids that the caller may see; writes come from jobs and from the assistant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def customer_of(self, conversation_id: UUID) -> UUID | None:
        """The customer that the conversation is known to be with."""
        return self._session.scalar(
            select(Conversation.customer_id).where(Conversation.id == conversation_id)
        )

    def interests(self, customer_id: UUID, limit: int) -> Sequence[Interest]:
        """A customer's interests, newest first."""
        return self._session.scalars(
            select(Interest)
            .where(Interest.customer_id == customer_id)
            .order_by(Interest.at.desc(), Interest.id.desc())
            .limit(limit)
        ).all()

    def products(self, ids: Sequence[UUID]) -> list[Product]:
        """Products by their ids, also those no longer sold."""
        found: list[Product] = []
        for some in _chunks(ids, _IDS_AT_ONCE):
            found += self._session.scalars(select(Product).where(Product.id.in_(some)))
        return found

    def recommendations(self, customer_id: UUID, limit: int) -> Sequence[Recommendation]:
        """The best recommendations with their products and categories."""
        return self._session.scalars(
            select(Recommendation)
            .where(Recommendation.customer_id == customer_id)
            .order_by(Recommendation.rank)
            .limit(limit)
            .options(joinedload(Recommendation.product).joinedload(Product.category))
        ).all()

    def membership(self, customer_id: UUID) -> SegmentMembership | None:
        """The customer's segment and the features that put them there."""
        return self._session.scalar(
            select(SegmentMembership)
            .where(SegmentMembership.customer_id == customer_id)
            .options(joinedload(SegmentMembership.segment))
        )

    def similar(self, product_ids: Sequence[UUID], limit: int) -> Sequence[tuple[UUID, float]]:
        """Products bought with any of the given ones, by their summed similarity."""
        score = func.sum(ItemSimilarity.score)
        rows = self._session.execute(
            select(ItemSimilarity.other_id, score)
            .where(
                ItemSimilarity.product_id.in_(product_ids),
                ItemSimilarity.other_id.not_in(product_ids),
            )
            .group_by(ItemSimilarity.other_id)
            .order_by(score.desc(), ItemSimilarity.other_id)
            .limit(limit)
        )
        return [(row[0], float(row[1])) for row in rows]

    def delete_other_segments(self, run_id: UUID) -> None:
        """Forget every segment of other runs, and who is in it still."""
        others = select(Segment.id).where(Segment.run_id != run_id)
        for model, key in (
            (SegmentMembership, SegmentMembership.segment_id),
            (Segment, Segment.id),
        ):
            self._session.execute(
                delete(model).where(key.in_(others)).execution_options(synchronize_session=False)
            )

    def delete_recommendations(self, customer_ids: Sequence[UUID] | None) -> None:
        """Forget recommendations: of these customers, or all with None."""
        if customer_ids is None:
            self._session.execute(delete(Recommendation))
            return
        for some in _chunks(customer_ids, _IDS_AT_ONCE):
            self._session.execute(
                delete(Recommendation).where(Recommendation.customer_id.in_(some))
            )

    def delete_similarities(self) -> None:
        """Forget which products are bought together."""
        self._session.execute(delete(ItemSimilarity))

    def delete_of_others(
        self, model: type[SegmentMembership | Recommendation | Prediction], purpose: Purpose
    ) -> None:
        """Take back what was stored about customers who said no while it was computed."""
        self._session.execute(
            delete(model)
            .where(not_(allowing(self._session, model.customer_id, purpose)))
            .execution_options(synchronize_session=False)
        )

    def insert(self, model: type[Base], rows: Iterable[Base]) -> int:
        """Insert the rows in batches, without keeping them in the session; returns their number."""
        number = 0
        for some in _chunks(rows, _BATCH):
            self._session.execute(insert(model), [values_of(row) for row in some])
            number += len(some)
        return number


def values_of(row: Base) -> dict[str, Any]:
    """What was set on a row; the rest gets the columns' defaults."""
    state = inspect(row)
    columns = state.mapper.column_attrs.keys()
    return {key: state.dict[key] for key in columns if key in state.dict}


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
