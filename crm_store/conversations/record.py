"""What is handed on of a conversation: the brief, the grade, the events."""

import builtins
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm_store.asking import AsSystem
from crm_store.conversations.base import ConversationPart
from crm_store.customers.card import customer_card
from crm_store.models import (
    Author,
    Conversation,
    ConversationEvent,
    ConversationStatus,
    Csat,
    Message,
    Visibility,
)
from crm_store.texts import storable
from foundation.errors import Invalid

_BRIEF_MESSAGES = 10
_BRIEF_LOOKED_BACK = 60
_COMMENT_CHARS = 2000


class Record(ConversationPart):
    """Reading a conversation as a whole."""

    def brief(self, conversation_id: UUID) -> dict[str, Any]:
        """What an agent needs before the first word, as JSON.

        Returns:
            ``reason`` and ``assistant`` (the bot's own brief), ``asked`` (intents and entities in
            order), ``tried`` (the bot's actions), ``sentiment`` over time, ``customer`` (the card;
            None unless verified) and the last ``messages``.
        """
        conversation = self._conversations.get(conversation_id)
        newest = self._session.scalars(
            select(Message)
            .where(
                Message.conversation_id == conversation_id,
                Message.visibility == Visibility.PUBLIC,
            )
            .order_by(Message.seq.desc())
            .limit(_BRIEF_LOOKED_BACK)
        )
        messages = builtins.list(newest)[::-1]
        understood = [m for m in messages if m.author is Author.CUSTOMER and m.nlu]
        return {
            "reason": conversation.handoff_reason,
            "assistant": conversation.handoff_brief,
            "asked": [_asked(message) for message in understood],
            "tried": [action for m in understood for action in m.actions or []],
            "sentiment": [
                {"seq": m.seq, "label": m.sentiment, "valence": m.valence}
                for m in understood
                if m.sentiment is not None
            ],
            "customer": self._card(conversation),
            "messages": [
                {
                    "seq": m.seq,
                    "author": m.author.value,
                    "name": m.name,
                    "text": m.text,
                    "sent_at": m.sent_at.isoformat(),
                }
                for m in messages[-_BRIEF_MESSAGES:]
            ],
        }

    def events(self, conversation_id: UUID) -> builtins.list[ConversationEvent]:
        """Every change of owner or state, in order."""
        return builtins.list(
            self._session.scalars(
                select(ConversationEvent)
                .where(ConversationEvent.conversation_id == conversation_id)
                .order_by(ConversationEvent.at, ConversationEvent.id)
            )
        )

    def set_csat(self, conversation_id: UUID, *, score: int, comment: str | None) -> Csat:
        """The customer's grade, 1 to 5; a second one replaces the first.

        Raises:
            Invalid: the score is out of range.
        """
        if not 1 <= score <= 5:
            raise Invalid("score: 1 to 5")
        conversation = self._conversations.lock(conversation_id)
        comment = storable(comment).strip()[:_COMMENT_CHARS] or None if comment else None
        csat = self._session.scalar(select(Csat).where(Csat.conversation_id == conversation_id))
        if csat is None:
            csat = Csat(conversation_id=conversation_id, score=score, comment=comment)
            self._session.add(csat)
        else:
            csat.score, csat.comment = score, comment
        self._session.flush()
        self._log(conversation, "rated", actor=Author.CUSTOMER, data={"score": score})
        return csat

    def csat(self, conversation_id: UUID) -> Csat | None:
        """The customer's grade, if there is one."""
        return self._session.scalar(select(Csat).where(Csat.conversation_id == conversation_id))

    def asks_rating(self, conversation: Conversation) -> bool:
        """Whether the customer is to be asked for a grade now.

        Only when a person or the customer has closed the conversation, they have talked with
        somebody in it since it was opened last, and there is no grade yet.
        """
        if conversation.status is not ConversationStatus.RESOLVED:
            return False
        if self.csat(conversation.id) is not None:
            return False
        changes = self._session.execute(
            select(ConversationEvent.kind, ConversationEvent.actor, ConversationEvent.at)
            .where(
                ConversationEvent.conversation_id == conversation.id,
                ConversationEvent.kind.in_(("started", "resolved", "reopened")),
            )
            .order_by(ConversationEvent.at.desc(), ConversationEvent.id.desc())
            .limit(2)
        ).all()
        if not changes or changes[0].kind != "resolved" or changes[0].actor is Author.SYSTEM:
            return False
        since = changes[1].at if len(changes) > 1 else conversation.created_at
        spoke = self._session.scalars(
            select(Message.author)
            .where(
                Message.conversation_id == conversation.id,
                Message.visibility == Visibility.PUBLIC,
                Message.author != Author.SYSTEM,
                Message.sent_at >= since,
            )
            .distinct()
        )
        # One who wrote and was not answered has nothing to rate, nor has one who never wrote.
        return {Author.CUSTOMER} < set(spoke)

    def _card(self, conversation: Conversation) -> dict[str, Any] | None:
        if conversation.customer_id is None or conversation.verified_at is None:
            return None
        asker = AsSystem("the brief of a verified customer's conversation")
        return customer_card(self._session, conversation.customer_id, asker=asker)


def _asked(message: Message) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "intent": message.intent,
        "confidence": message.confidence,
        "entities": [
            {"entity": e.get("entity"), "value": e.get("value")}
            for e in (message.nlu or {}).get("entities") or []
        ],
        "text": message.text,
    }
