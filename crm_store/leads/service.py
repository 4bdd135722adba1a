"""Leads: made by people, imports, chats and campaigns; edited, scored, listed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from crm_store import fields
from crm_store.acts import note_act
from crm_store.asking import Asker, user_of
from crm_store.bulk import RowResult, edit_each
from crm_store.editing import hold, must_be_staff, must_exist, touch, unique, write
from crm_store.leads.errors import AlreadyConverted, LeadNotFound
from crm_store.leads.facts import lead_facts
from crm_store.leads.repository import LeadFilter, LeadRepository
from crm_store.leads.rules import Rule, load_rules, score
from crm_store.lists import ListQuery
from crm_store.models import Campaign, Conversation, Lead, LeadSource, LeadStatus
from crm_store.pages import Page
from crm_store.permissions import Permission, require
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid

NOTES_LIMIT = 20_000
_TAKEN = "external_id: another lead has this one"
_CHECKS: dict[str, fields.Check] = {
    "external_id": fields.optional_line(128),
    "name": fields.line(200),
    "email": fields.email,
    "phone": fields.phone,
    "company": fields.optional_line(200),
    "source": fields.one_of(LeadSource),
    "status": fields.one_of(LeadStatus),
    "unqualified_reason": fields.optional_line(200),
    "notes": fields.prose(NOTES_LIMIT),
    "marketing_consent_at": fields.maybe(fields.moment),
    "owner_id": fields.maybe(fields.identifier),
    "campaign_id": fields.maybe(fields.identifier),
    "conversation_id": fields.maybe(fields.identifier),
}


class LeadService:
    """Each raises NotAllowed without the permission and LeadNotFound when it is absent."""

    def __init__(
        self,
        session: Session,
        *,
        rules: tuple[Rule, ...] | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._session = session
        self._leads = LeadRepository(session)
        self._rules = load_rules() if rules is None else rules
        self._clock = clock

    def page(
        self,
        *,
        asker: Asker,
        wanted: LeadFilter = LeadFilter(),  # noqa: B008  # frozen
        query: ListQuery = ListQuery(),  # noqa: B008  # frozen
    ) -> Page[Lead]:
        """Leads that match, sorted as asked."""
        require(asker, Permission.SALES_READ)
        return self._leads.page(wanted, query)

    def get(self, lead_id: UUID, *, asker: Asker) -> Lead:
        """One lead."""
        require(asker, Permission.SALES_READ)
        lead = self._leads.get(lead_id)
        if lead is None:
            raise LeadNotFound
        return lead

    def create(
        self, values: Mapping[str, Any], *, asker: Asker, idempotency_key: str | None = None
    ) -> Lead:
        """A new lead, scored at once; the same key again returns the first one.

        Raises:
            Invalid: a value is not acceptable, or there is no way to tell who it is.
            Conflict: another lead has this external id.
        """
        require(asker, Permission.SALES_WRITE)
        if idempotency_key is not None:
            if not 1 <= len(idempotency_key) <= 128:
                raise Invalid("idempotency_key: 1 to 128 characters")
            made = self._leads.by_key(idempotency_key)
            if made is not None:
                return made
        given = fields.checked({"source": LeadSource.OTHER, **values}, _CHECKS)
        if "name" not in given:
            raise Invalid("name: must not be empty")
        self._check(given)
        now = self._clock()
        lead = Lead(
            **given,
            idempotency_key=idempotency_key,
            created_at=now,
            updated_at=now,
            updated_by_id=user_of(asker),
        )
        try:
            with unique(self._session, _TAKEN):
                self._session.add(lead)
        except Conflict:  # perhaps the same request, a moment earlier
            made = self._leads.by_key(idempotency_key) if idempotency_key else None
            if made is None:
                raise
            return made
        self.rescore(lead)
        note_act(self._session, asker, "lead.created", lead.id, {"source": lead.source.value})
        return lead

    def edit(
        self,
        lead_id: UUID,
        changes: Mapping[str, Any],
        *,
        asker: Asker,
        version: int | None = None,
    ) -> Lead:
        """Change the fields that are given, and score the lead anew.

        Raises:
            Invalid: a value is not acceptable; ``converted`` is not set but done.
            AlreadyConverted: it is a customer by now.
            NotTheRecordsOwner: it is a colleague's.
            ChangedMeanwhile: it is no longer in this version.
        """
        require(asker, Permission.SALES_WRITE)
        values = fields.checked(changes, _CHECKS)
        lead = self.hold(lead_id, asker=asker, version=version)
        if lead.status is LeadStatus.CONVERTED:
            raise AlreadyConverted
        self._check(values)
        if values.get("status", lead.status) is not LeadStatus.UNQUALIFIED:
            values["unqualified_reason"] = None
        with unique(self._session, _TAKEN):
            changed = write(self._session, lead, values, asker=asker, at=self._clock())
        if changed:
            self.rescore(lead)
            note_act(self._session, asker, "lead.edited", lead.id, {"fields": changed})
        return lead

    def edit_many(
        self, ids: Sequence[UUID], changes: Mapping[str, Any], *, asker: Asker
    ) -> list[RowResult]:
        """The same change of several leads; see ``crm_store.bulk``."""
        require(asker, Permission.SALES_WRITE)
        return edit_each(
            self._session, ids, lambda one: self.edit(one, changes, asker=asker).version
        )

    def from_chat(
        self,
        conversation_id: UUID,
        *,
        name: str,
        email: str | None = None,
        phone: str | None = None,
        company: str | None = None,
        note: str = "",
        asker: Asker,
    ) -> Lead:
        """Keep what a visitor left for sales; a second time in one chat fills the blanks.

        Nothing of it is verified, so it becomes a lead and touches no customer.

        Raises:
            Invalid: neither a usable e-mail address nor a phone number, or no such chat.
        """
        require(asker, Permission.SALES_WRITE)
        values = fields.checked(
            {"name": name, "email": email, "phone": phone, "company": company, "notes": note},
            _CHECKS,
        )
        if values["email"] is None and values["phone"] is None:
            raise Invalid("email: an e-mail address or a phone number is needed")
        lead = self._leads.by_key(_chat_key(conversation_id))
        if lead is None:
            return self.create(
                {**values, "source": LeadSource.CHAT, "conversation_id": conversation_id},
                asker=asker,
                idempotency_key=_chat_key(conversation_id),
            )
        lead = self.hold(lead.id, asker=asker)
        if lead.status is LeadStatus.CONVERTED:
            return lead
        blanks = {
            field: value
            for field, value in values.items()
            if field != "notes" and value is not None and getattr(lead, field) is None
        }
        if values["notes"] and values["notes"] not in lead.notes:
            blanks["notes"] = f"{lead.notes}\n\n{values['notes']}".strip()[:NOTES_LIMIT]
        changed = write(self._session, lead, blanks, asker=asker, at=self._clock())
        self.rescore(lead)
        if changed:
            note_act(self._session, asker, "lead.edited", lead.id, {"fields": changed})
        return lead

    def rescore(self, lead: Lead) -> None:
        """Give the lead its points as things are now; the version stays, nobody edited it."""
        now = self._clock()
        found = score(lead_facts(self._session, lead, now=now), self._rules)
        lead.score, lead.score_reasons, lead.scored_at = found.value, found.reasons, now
        self._session.flush()

    def rescore_all(self, *, asker: Asker) -> int:
        """Score every lead that is not converted; returns how many."""
        require(asker, Permission.SALES_WRITE)
        count = 0
        for leads in self._leads.batches():
            for lead in leads:
                self.rescore(lead)
            count += len(leads)
            self._session.expunge_all()
        return count

    def hold(self, lead_id: UUID, *, asker: Asker, version: int | None = None) -> Lead:
        """The lead, locked for a change that the asker may make."""
        return hold(self._session, Lead, lead_id, asker=asker, version=version, absent=LeadNotFound)

    def set_status(self, lead: Lead, status: LeadStatus, *, asker: Asker) -> None:
        """Move a held lead into or out of ``converted``."""
        lead.status = status
        lead.converted_at = self._clock() if status is LeadStatus.CONVERTED else None
        touch(lead, asker=asker, at=self._clock())
        self._session.flush()

    def _check(self, values: Mapping[str, Any]) -> None:
        """What single fields cannot tell: references, and the one status that is not set."""
        if values.get("status") is LeadStatus.CONVERTED:
            raise Invalid("status: a lead is converted with its own request")
        must_be_staff(self._session, values.get("owner_id"))
        must_exist(self._session, Campaign, campaign_id=values.get("campaign_id"))
        must_exist(self._session, Conversation, conversation_id=values.get("conversation_id"))


def _chat_key(conversation_id: UUID) -> str:
    return f"chat:{conversation_id}"
