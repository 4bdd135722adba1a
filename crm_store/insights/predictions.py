"""What models expect of customers: written by a run, read with a customer."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm_store.customers.survivors import stands
from crm_store.insights.repository import InsightRepository
from crm_store.models import ModelRun, Prediction, Purpose


class PredictionService:
    """The newest prediction of each kind; a run replaces what the runs before it said."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def replace(
        self,
        run: ModelRun,
        kind: str,
        predictions: Iterable[Prediction],
        *,
        customer_ids: Sequence[UUID] | None = None,
    ) -> int:
        """Put a run's predictions of one kind in force; returns how many.

        Args:
            run: what made them; ``run_id`` and ``kind`` are filled in here.
            kind: e.g. ``churn``.
            predictions: one a customer.
            customer_ids: replace only what was said of these; None replaces everybody's.
        """
        if run not in self._session:
            self._session.add(run)
        self._session.flush()
        old = delete(Prediction).where(Prediction.kind == kind)
        if customer_ids is not None:
            old = old.where(Prediction.customer_id.in_(customer_ids))
        self._session.execute(old.execution_options(synchronize_session="fetch"))

        def filled() -> Iterable[Prediction]:
            for one in predictions:
                one.run_id, one.kind = run.id, kind
                yield one

        insights = InsightRepository(self._session)
        number = insights.insert(Prediction, filled())
        insights.delete_of_others(Prediction, Purpose.PROFILING)
        return number

    def of_customer(self, customer_id: UUID) -> list[Prediction]:
        """What is expected of a customer now. The caller has checked who is asking."""
        return list(
            self._session.scalars(
                select(Prediction)
                .where(Prediction.customer_id == customer_id)
                .order_by(Prediction.kind)
            )
        )

    def highest(self, kind: str, *, limit: int = 50) -> list[Prediction]:
        """The customers with the highest scores of a kind."""
        return list(
            self._session.scalars(
                select(Prediction)
                .where(Prediction.kind == kind, stands(Prediction.customer_id))
                .order_by(Prediction.score.desc(), Prediction.customer_id)
                .limit(limit)
            )
        )
