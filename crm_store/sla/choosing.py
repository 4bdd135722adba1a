"""Which policy a ticket falls under."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm_store.models import BusinessCalendar, Segment, SegmentMembership, SlaPolicy, Ticket


class PolicyChooser:
    """Reads the policies once, for any number of tickets of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._policies: list[SlaPolicy] | None = None

    def policy_of(self, ticket: Ticket) -> SlaPolicy | None:
        """The first active policy that fits; None when nothing is promised."""
        fitting = [
            policy
            for policy in self._active()
            if policy.type in {None, ticket.type} and policy.priority in {None, ticket.priority}
        ]
        if not any(policy.segment for policy in fitting):
            return fitting[0] if fitting else None
        segment = self._segment(ticket.customer_id)
        return next((p for p in fitting if p.segment in {None, segment}), None)

    def _active(self) -> list[SlaPolicy]:
        if self._policies is None:
            statement = (
                select(SlaPolicy)
                .where(SlaPolicy.active)
                .options(joinedload(SlaPolicy.calendar).selectinload(BusinessCalendar.days))
                .order_by(SlaPolicy.position, SlaPolicy.id)
            )
            self._policies = list(self._session.scalars(statement))
        return self._policies

    def _segment(self, customer_id: UUID | None) -> str | None:
        if customer_id is None:
            return None
        return self._session.scalar(
            select(Segment.name)
            .join(SegmentMembership, SegmentMembership.segment_id == Segment.id)
            .where(SegmentMembership.customer_id == customer_id)
        )
