"""Next best actions: what was offered to whom, why, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm_store.models import Decision, DecisionOutcome
from crm_store.texts import storable_json
from crm_store.writes import insert_missing
from foundation.clock import utc_now
from foundation.errors import Conflict, NotFound
from foundation.ids import new_id


class DecisionNotFound(NotFound):
    """Absent."""

    code = "decision_not_found"
    title = "No such decision"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a policy chose to offer.

    Attributes:
        policy: the rules or the model, with its version.
        action: what sort of offer, e.g. ``recommend_product``.
        offer: the action's own details, as JSON.
        score: how much better it is expected to be than doing nothing, in the policy's own unit.
        reasons: what spoke for it, each ``{"reason": …, "weight": …}``.
        run_id: the analysis behind it, if one was.
    """

    policy: str
    action: str
    offer: Mapping[str, Any]
    score: float
    reasons: Sequence[Mapping[str, Any]] = field(default=())
    run_id: UUID | None = None


class DecisionService:
    """Writes decisions and their outcomes, and says how often each action was accepted."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._clock = clock

    def offered(
        self,
        customer_id: UUID,
        choice: Choice,
        *,
        conversation_id: UUID | None = None,
        act: str | None = None,
    ) -> None:
        """An offer was made; ``act`` names the occasion, so that repeating it adds nothing."""
        row = {
            "id": new_id(),
            "customer_id": customer_id,
            "conversation_id": conversation_id,
            "run_id": choice.run_id,
            "policy": choice.policy,
            "action": choice.action,
            "offer": storable_json(dict(choice.offer)),
            "score": choice.score,
            "reasons": storable_json([dict(reason) for reason in choice.reasons]),
            "offered_at": self._clock(),
            "outcome": DecisionOutcome.PENDING,
            "source_key": act,
        }
        insert_missing(self._session, Decision, [row], on="source_key")

    def settle(
        self, decision_id: UUID, outcome: DecisionOutcome, data: Mapping[str, Any] | None = None
    ) -> Decision:
        """Write down what came of an offer; the same outcome again changes nothing.

        Raises:
            DecisionNotFound: absent.
            Conflict: something else came of it already.
        """
        decision = self._session.scalar(
            select(Decision)
            .where(Decision.id == decision_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if decision is None:
            raise DecisionNotFound
        if decision.outcome is outcome:
            return decision
        if decision.outcome is not DecisionOutcome.PENDING:
            raise Conflict(f"this was {decision.outcome.value} already")
        decision.outcome, decision.outcome_at = outcome, self._clock()
        decision.outcome_data = storable_json(dict(data)) if data is not None else None
        self._session.flush()
        return decision

    def ignore_before(self, moment: datetime) -> int:
        """Offers from before then to which nothing came are taken as ignored; returns how many."""
        found = self._session.execute(
            update(Decision)
            .where(Decision.outcome == DecisionOutcome.PENDING, Decision.offered_at < moment)
            .values(outcome=DecisionOutcome.IGNORED, outcome_at=self._clock())
            .execution_options(synchronize_session="fetch")
            .returning(Decision.id)
        )
        return len(found.all())

    def of_customer(self, customer_id: UUID, *, limit: int = 50) -> list[Decision]:
        """A customer's decisions, newest first. The caller has checked who is asking."""
        return list(
            self._session.scalars(
                select(Decision)
                .where(Decision.customer_id == customer_id)
                .order_by(Decision.offered_at.desc(), Decision.id.desc())
                .limit(limit)
            )
        )

    def outcomes(self, *, since: datetime) -> dict[str, dict[DecisionOutcome, int]]:
        """How often each action came to each outcome, of what was offered since then."""
        rows = self._session.execute(
            select(Decision.action, Decision.outcome, func.count())
            .where(Decision.offered_at >= since)
            .group_by(Decision.action, Decision.outcome)
        )
        found: dict[str, dict[DecisionOutcome, int]] = {}
        for action, outcome, count in rows:
            found.setdefault(action, dict.fromkeys(DecisionOutcome, 0))[outcome] = count
        return found
