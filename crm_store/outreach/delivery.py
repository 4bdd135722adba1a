"""Saying what waits for a customer who is in a chat now: once, with consent, not too often."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from crm_store.acts import note_act
from crm_store.asking import AsSystem
from crm_store.campaigns.touching import NO_CONSENT, TOO_OFTEN, Outcome, TouchService
from crm_store.conversations.repository import ConversationRepository
from crm_store.models import (
    Author,
    Campaign,
    CampaignMember,
    CampaignStatus,
    CampaignTouch,
    Conversation,
    ConversationStatus,
    Customer,
    InteractionKind,
    Message,
    OutreachMessage,
    OutreachStatus,
    Owner,
    Purpose,
    TouchStatus,
    Visibility,
)
from crm_store.outreach.frequency import MOST, WITHIN_DAYS, times_approached
from crm_store.privacy.consent import ConsentService
from crm_store.sites.form_fields import pick
from foundation.clock import utc_now

_SENDER = AsSystem("saying first what waits for a customer")
CAMPAIGN_OVER = "its campaign is over"
GIVEN_UP = "its campaign gave it up"


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who is in this conversation has a message waiting."""

    customer_id: UUID
    conversation_id: UUID


def due_in(session: Session, conversations: Collection[UUID], *, at: datetime) -> Sequence[Due]:
    """Those of the conversations in which something may be said now. Takes no lock."""
    waiting = (
        select(OutreachMessage.id)
        .where(
            OutreachMessage.customer_id == Conversation.customer_id,
            OutreachMessage.status == OutreachStatus.WAITING,
            OutreachMessage.not_before <= at,
        )
        .exists()
    )
    rows = session.execute(
        select(Conversation.customer_id, Conversation.id).where(
            Conversation.id.in_(conversations), *_open_to_us(), waiting
        )
    )
    return [Due(who, where) for who, where in rows if who is not None]


class Delivery:
    """Decides about each message that waits, in the order in which they may be said."""

    def __init__(self, session: Session, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._session = session
        self._conversations = ConversationRepository(session)
        self._consents = ConsentService(session)
        self._clock = clock

    def deliver(self, due: Due) -> Message | None:
        """Say the first message that may be said; the others wait for another time.

        Nothing is said while a person talks with the customer, or in a conversation that is not
        certainly theirs.

        Returns:
            The bot's message as stored.
        """
        # Two tabs, or two gateways, take turns here: each message is said once.
        self._session.execute(
            select(Customer.id).where(Customer.id == due.customer_id).with_for_update()
        )
        conversation = self._session.scalar(
            select(Conversation)
            .where(
                Conversation.id == due.conversation_id,
                Conversation.customer_id == due.customer_id,
                *_open_to_us(),
            )
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        if conversation is None:
            return None
        for waiting in self._waiting(due.customer_id):
            said = self._decide(waiting, conversation)
            if said is not None:
                return said
        return None

    def note_answer(self, conversation_id: UUID, answer: Message) -> None:
        """The customer has written after something was said to them: it is answered."""
        unanswered = self._session.scalars(
            select(OutreachMessage)
            .where(
                OutreachMessage.conversation_id == conversation_id,
                OutreachMessage.status == OutreachStatus.DELIVERED,
                OutreachMessage.answered_at.is_(None),
                OutreachMessage.seq < answer.seq,
            )
            .with_for_update(skip_locked=True)
        ).all()
        for message in unanswered:
            message.answered_at = answer.sent_at
            if message.touch_id is not None:
                outcome = Outcome(TouchStatus.ANSWERED, conversation_id=conversation_id)
                self._touches().advance(message.touch_id, outcome, asker=_SENDER)

    def _waiting(self, customer_id: UUID) -> Sequence[OutreachMessage]:
        return self._session.scalars(
            select(OutreachMessage)
            .where(
                OutreachMessage.customer_id == customer_id,
                OutreachMessage.status == OutreachStatus.WAITING,
                OutreachMessage.not_before <= self._clock(),
            )
            .order_by(OutreachMessage.not_before, OutreachMessage.id)
            .limit(20)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()

    def _decide(self, waiting: OutreachMessage, conversation: Conversation) -> Message | None:
        now = self._clock()
        if waiting.expires_at is not None and waiting.expires_at <= now:
            waiting.status = OutreachStatus.EXPIRED
            return None
        if waiting.touch_id is not None:
            text = self._campaigns_text(waiting, conversation)
        else:
            text = self._own_text(waiting, conversation)
        if text is None:
            return None
        message = Message(
            author=Author.BOT,
            text=text,
            payload={"outreach": {"id": str(waiting.id), "purpose": waiting.purpose.value}},
            visibility=Visibility.PUBLIC,
        )
        self._conversations.append(conversation.id, [message])
        waiting.status, waiting.delivered_at = OutreachStatus.DELIVERED, now
        waiting.conversation_id, waiting.seq = conversation.id, message.seq
        self._session.flush()
        return message

    def _own_text(self, waiting: OutreachMessage, conversation: Conversation) -> str | None:
        """What a message of no campaign says, if it may."""
        since = self._clock() - timedelta(days=WITHIN_DAYS)
        needed = {waiting.purpose}
        if waiting.created_by_id is None:  # analysis: it has profiled them
            needed.add(Purpose.PROFILING)
        if not all(self._consents.allows(waiting.customer_id, purpose) for purpose in needed):
            self._refuse(waiting, NO_CONSENT)
            return None
        if times_approached(self._session, waiting.customer_id, since=since) >= MOST:
            self._refuse(waiting, TOO_OFTEN)
            return None
        note_act(
            self._session,
            _SENDER,
            "outreach.delivered",
            waiting.id,
            {"purpose": waiting.purpose.value},
            customer_id=waiting.customer_id,
            kind=InteractionKind.CAMPAIGN,
            summary="Written to first, in the chat",
            conversation_id=conversation.id,
        )
        return pick(waiting.texts or {}, conversation.locale or "en")

    def _campaigns_text(self, waiting: OutreachMessage, conversation: Conversation) -> str | None:
        """What the campaign says now, if its touch may be sent; the touch decides about that."""
        assert waiting.touch_id is not None
        touch, campaign = self._session.execute(
            select(CampaignTouch, Campaign)
            .join(CampaignMember, CampaignMember.id == CampaignTouch.member_id)
            .join(Campaign, Campaign.id == CampaignMember.campaign_id)
            .where(CampaignTouch.id == waiting.touch_id)
        ).one()
        if campaign.starts_at is not None and campaign.starts_at > self._clock():
            return None  # it waits
        if campaign.status is CampaignStatus.FINISHED:
            self._refuse(waiting, CAMPAIGN_OVER)
        elif touch.status is not TouchStatus.PLANNED:
            self._refuse(waiting, GIVEN_UP)
        elif campaign.status is CampaignStatus.RUNNING:
            outcome = Outcome(TouchStatus.SENT, conversation_id=conversation.id)
            sent = self._touches().advance(waiting.touch_id, outcome, asker=_SENDER)
            if sent.status is TouchStatus.SENT:
                return campaign.message
            self._refuse(waiting, sent.skip_reason or GIVEN_UP)
        return None

    def _refuse(self, waiting: OutreachMessage, reason: str) -> None:
        waiting.status, waiting.reason = OutreachStatus.REFUSED, reason
        self._session.flush()

    def _touches(self) -> TouchService:
        return TouchService(self._session, consents=self._consents, clock=self._clock)


def _open_to_us() -> tuple[ColumnElement[bool], ...]:
    return (
        Conversation.verified_at.is_not(None),
        Conversation.owner == Owner.BOT,
        or_(
            Conversation.status == ConversationStatus.OPEN,
            Conversation.status == ConversationStatus.SNOOZED,
        ),
    )
