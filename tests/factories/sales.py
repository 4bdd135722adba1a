"""Staff who sell, and what they work on."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from crm_store.asking import AsStaff
from crm_store.leads.service import LeadService
from crm_store.models import Lead, Opportunity, Pipeline, Role, User
from crm_store.opportunities.service import OpportunityService
from crm_store.pipelines.service import PipelineService
from tests.factories.access import make_user

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


def as_staff(user: User) -> AsStaff:
    """What a logged-in user asks as."""
    return AsStaff(user.id, user.role)


def make_seller(session: Session, *, role: Role = Role.AGENT, name: str = "Sam Seller") -> AsStaff:
    """Somebody of staff who asks."""
    return as_staff(make_user(session, role=role, name=name))


def make_lead(session: Session, asker: AsStaff, **given: Any) -> Lead:
    """A lead that nobody owns."""
    return LeadService(session).create({"name": "Lena Lead", **given}, asker=asker)


def make_pipeline(session: Session) -> Pipeline:
    """The first pipeline, with its default stages."""
    return PipelineService(session).default_or_first()


def make_opportunity(
    session: Session, asker: AsStaff, clock: Clock | None = None, **given: Any
) -> Opportunity:
    """An opportunity of the asker's over 1,000.00 in the first stage."""
    service = OpportunityService(session, clock=clock or Clock())
    return service.create({"name": "Forty tents", "amount_minor": 100_000, **given}, asker=asker)
