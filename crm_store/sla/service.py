"""Keeping SLA policies."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from crm_store import audit
from crm_store.asking import Asker, user_of
from crm_store.calendars.arithmetic import NeverOpen
from crm_store.calendars.loading import business_hours
from crm_store.editing import unique
from crm_store.lists import ListQuery, SortKey, Sorts
from crm_store.models import BusinessCalendar, SlaPolicy, TicketPriority, TicketType
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from crm_store.sla.errors import PolicyChanged, PolicyNotFound
from crm_store.sla.stale import mark_stale
from crm_store.texts import shorten, storable
from foundation.clock import utc_now
from foundation.errors import Invalid

MAX_MINUTES = 90 * 24 * 60
MAX_POSITION = 10_000
_TAKEN = "name: another policy has it"
POLICY_SORTS = Sorts(
    {"position": SortKey(SlaPolicy.position, int), "name": SortKey(SlaPolicy.name, str)},
    default="position",
    unique=SlaPolicy.id,
)


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """A policy as somebody wants it; see ``SlaPolicy`` for the fields."""

    name: str
    position: int
    calendar_id: UUID
    first_response_minutes: int | None
    resolution_minutes: int | None
    warn_minutes: int = 30
    type: TicketType | None = None
    priority: TicketPriority | None = None
    segment: str | None = None
    active: bool = True


class SlaPolicyService:
    """Policies are read by whoever reads tickets, and kept by who manages the settings."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self, query: ListQuery, *, asker: Asker) -> Page[SlaPolicy]:
        """Policies in the order in which they are tried, a page at a time."""
        require(asker, Permission.TICKETS_READ)
        statement = select(SlaPolicy).options(joinedload(SlaPolicy.calendar))
        return POLICY_SORTS.page(self._session, statement, query)

    def get(self, policy_id: UUID, *, asker: Asker) -> SlaPolicy:
        """The policy with its calendar.

        Raises:
            PolicyNotFound: absent.
        """
        require(asker, Permission.TICKETS_READ)
        return self._find(policy_id)

    def add(self, draft: PolicyDraft, *, asker: Asker) -> SlaPolicy:
        """A new policy; open tickets fall under it where it fits.

        Raises:
            Invalid: the draft is wrong; the detail says where.
            Conflict: the name is taken.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        policy = SlaPolicy(**self._values(draft), updated_by_id=user_of(asker))
        with unique(self._session, _TAKEN):
            self._session.add(policy)
        mark_stale(self._session)
        audit.record(self._session, asker, "sla_policy.added", "sla_policy", policy.id)
        return self._find(policy.id)

    def change(
        self, policy_id: UUID, draft: PolicyDraft, *, version: int, asker: Asker
    ) -> SlaPolicy:
        """Make the policy as the draft says; open tickets' clocks follow.

        Raises:
            PolicyNotFound: absent.
            PolicyChanged: it is no longer the version that the caller has seen.
            Invalid, Conflict: as for ``add``.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        values = self._values(draft)
        self._find(policy_id)
        with unique(self._session, _TAKEN):
            changed = self._session.scalar(
                update(SlaPolicy)
                .where(SlaPolicy.id == policy_id, SlaPolicy.version == version)
                .values(
                    **values,
                    version=version + 1,
                    updated_at=utc_now(),
                    updated_by_id=user_of(asker),
                )
                .returning(SlaPolicy.id)
                .execution_options(synchronize_session=False)
            )
        if changed is None:
            raise PolicyChanged
        mark_stale(self._session)
        audit.record(self._session, asker, "sla_policy.changed", "sla_policy", policy_id)
        return self._find(policy_id)

    def remove(self, policy_id: UUID, *, asker: Asker) -> None:
        """Forget a policy; its tickets fall under the next one that fits.

        Raises:
            PolicyNotFound: absent.
        """
        require(asker, Permission.SETTINGS_MANAGE)
        policy = self._find(policy_id)
        mark_stale(self._session)
        self._session.delete(policy)
        self._session.flush()
        audit.record(self._session, asker, "sla_policy.removed", "sla_policy", policy_id)

    def _values(self, draft: PolicyDraft) -> dict[str, Any]:
        name = shorten(storable(draft.name), 200)
        if not name:
            raise Invalid("name: must not be empty")
        if not 0 <= draft.position <= MAX_POSITION:
            raise Invalid(f"position: 0 to {MAX_POSITION:,}")
        targets = [draft.first_response_minutes, draft.resolution_minutes]
        minutes = [target for target in targets if target is not None]
        if not minutes:
            raise Invalid("resolution_minutes: a policy promises at least one time")
        if not all(1 <= target <= MAX_MINUTES for target in minutes):
            raise Invalid(f"minutes: 1 to {MAX_MINUTES:,}")
        if not 0 <= draft.warn_minutes <= MAX_MINUTES:
            raise Invalid(f"warn_minutes: 0 to {MAX_MINUTES:,}")
        self._require_reachable(draft.calendar_id, max(minutes))
        segment = shorten(storable(draft.segment), 200) if draft.segment else None
        return asdict(draft) | {"name": name, "segment": segment or None}

    def _require_reachable(self, calendar_id: UUID, minutes: int) -> None:
        calendar = self._session.get(BusinessCalendar, calendar_id)
        if calendar is None:
            raise Invalid("calendar_id: there is no such business calendar")
        try:
            business_hours(calendar).add_business_time(utc_now(), timedelta(minutes=minutes))
        except NeverOpen:
            raise Invalid("minutes: the calendar never has so much open time") from None

    def _find(self, policy_id: UUID) -> SlaPolicy:
        policy = self._session.scalar(
            select(SlaPolicy)
            .where(SlaPolicy.id == policy_id)
            .options(joinedload(SlaPolicy.calendar))
            .execution_options(populate_existing=True)
        )
        if policy is None:
            raise PolicyNotFound
        return policy
