"""Approaching one person at a time: only with their consent, and not too often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.acts import note_act
from crm_store.asking import Asker
from crm_store.campaigns.errors import NotRunning, TouchNotFound
from crm_store.campaigns.repository import CampaignRepository
from crm_store.editing import must_exist
from crm_store.leads.rules import Rule
from crm_store.leads.service import LeadService
from crm_store.models import (
    Campaign,
    CampaignChannel,
    CampaignMember,
    CampaignStatus,
    CampaignTouch,
    Conversation,
    Customer,
    InteractionKind,
    Lead,
    Opportunity,
    Purpose,
    TouchStatus,
)
from crm_store.permissions import Permission, require
from crm_store.privacy.consent import ConsentService
from foundation.clock import utc_now
from foundation.errors import Conflict

NO_CONSENT = "no consent"
TOO_OFTEN = "approached often enough lately"
IS_CUSTOMER_NOW = "became a customer"

PURPOSES = {
    CampaignChannel.EMAIL: Purpose.MARKETING_EMAIL,
    CampaignChannel.CHAT: Purpose.MARKETING_CHAT,
}
_ORDER = (
    TouchStatus.PLANNED,
    TouchStatus.SENT,
    TouchStatus.OPENED,
    TouchStatus.ANSWERED,
    TouchStatus.CONVERTED,
)
_SAID = {
    TouchStatus.SENT: "Approached by the campaign",
    TouchStatus.ANSWERED: "Answered the campaign",
    TouchStatus.CONVERTED: "Bought after the campaign",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a touch came, and what it led to."""

    status: TouchStatus
    conversation_id: UUID | None = None
    opportunity_id: UUID | None = None


class TouchService:
    """What senders and answers use. Each raises TouchNotFound when the touch is absent."""

    def __init__(
        self,
        session: Session,
        *,
        consents: ConsentService | None = None,
        rules: tuple[Rule, ...] | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._session = session
        self._campaigns = CampaignRepository(session)
        self._consents = consents or ConsentService(session)
        self._rules = rules
        self._clock = clock

    def due(self, channel: CampaignChannel, *, asker: Asker, limit: int = 100) -> Sequence[UUID]:
        """Touches to send now. Each still has to be sent with ``advance``, which may skip it."""
        require(asker, Permission.SALES_READ)
        return self._campaigns.due(channel, self._clock(), limit)

    def advance(self, touch_id: UUID, outcome: Outcome, *, asker: Asker) -> CampaignTouch:
        """Write down how far a touch came; going back, or repeating it, changes nothing.

        Whoever sends a touch marks it ``sent`` first and sends it after that is committed. Without
        consent, or when the person was approached often enough lately, it becomes ``skipped``.

        Raises:
            NotRunning: the touch shall be sent, and its campaign is not running.
            Conflict: the touch was skipped, or was never sent.
            Invalid: it led to a chat or an opportunity that does not exist.
        """
        require(asker, Permission.SALES_WRITE)
        found = self._campaigns.touch(touch_id)
        if found is None:
            raise TouchNotFound
        touch, member, campaign = found
        if touch.status is TouchStatus.SKIPPED:
            if outcome.status in {TouchStatus.SENT, TouchStatus.SKIPPED}:
                return touch
            raise Conflict(f"this was never sent: {touch.skip_reason}")
        if outcome.status is TouchStatus.SKIPPED:
            return self._skip(touch, campaign, "put aside", asker=asker)
        if _ORDER.index(outcome.status) <= _ORDER.index(touch.status):
            return touch
        if touch.status is TouchStatus.PLANNED:
            if outcome.status is not TouchStatus.SENT:
                raise Conflict("this was never sent")
            if campaign.status is not CampaignStatus.RUNNING:
                raise NotRunning
            refusal = self._refusal(member, campaign)
            if refusal is not None:
                return self._skip(touch, campaign, refusal, asker=asker)
        self._write(touch, outcome)
        self._note(touch, member, campaign, asker=asker)
        if member.lead_id is not None:
            self._rescore(member.lead_id)
        return touch

    def _refusal(self, member: CampaignMember, campaign: Campaign) -> str | None:
        """Why the person must not be approached now; the person's row is held until the commit."""
        if member.customer_id is not None:
            # Two campaigns at once take turns here, or each would count without the other.
            self._session.execute(
                select(Customer.id).where(Customer.id == member.customer_id).with_for_update()
            )
            if not self._consents.allows(member.customer_id, PURPOSES[campaign.channel]):
                return NO_CONSENT
        else:
            lead = self._session.scalar(
                select(Lead).where(Lead.id == member.lead_id).with_for_update()
            )
            if lead is None or lead.marketing_consent_at is None:
                return NO_CONSENT
            if lead.converted_at is not None:
                return IS_CUSTOMER_NOW
        lately = self._campaigns.sent_lately(member, self._clock(), campaign.within_days)
        return TOO_OFTEN if lately >= campaign.max_touches else None

    def _write(self, touch: CampaignTouch, outcome: Outcome) -> None:
        must_exist(self._session, Conversation, conversation_id=outcome.conversation_id)
        must_exist(self._session, Opportunity, opportunity_id=outcome.opportunity_id)
        now = self._clock()
        touch.status = outcome.status
        # Who answered has opened it as well.
        for status in _ORDER[1 : _ORDER.index(outcome.status) + 1]:
            field = f"{status.value}_at"
            if getattr(touch, field) is None:
                setattr(touch, field, now)
        touch.conversation_id = outcome.conversation_id or touch.conversation_id
        touch.opportunity_id = outcome.opportunity_id or touch.opportunity_id
        self._session.flush()

    def _skip(
        self, touch: CampaignTouch, campaign: Campaign, reason: str, *, asker: Asker
    ) -> CampaignTouch:
        if touch.status is not TouchStatus.PLANNED:
            raise Conflict("this was sent already")
        touch.status, touch.skip_reason = TouchStatus.SKIPPED, reason
        self._session.flush()
        facts = {"touch_id": str(touch.id), "reason": reason}
        note_act(self._session, asker, "campaign.touch_skipped", campaign.id, facts)
        return touch

    def _note(
        self, touch: CampaignTouch, member: CampaignMember, campaign: Campaign, *, asker: Asker
    ) -> None:
        said = _SAID.get(touch.status)
        note_act(
            self._session,
            asker,
            f"campaign.touch_{touch.status.value}",
            campaign.id,
            {"touch_id": str(touch.id)},
            customer_id=member.customer_id,
            kind=InteractionKind.CAMPAIGN,
            summary=f"{said} {campaign.name}" if said else "",
            conversation_id=touch.conversation_id,
        )

    def _rescore(self, lead_id: UUID) -> None:
        lead = self._session.get(Lead, lead_id)
        if lead is not None and lead.converted_at is None:
            LeadService(self._session, rules=self._rules, clock=self._clock).rescore(lead)
