"""Who owns a conversation. Every change is compare-and-set, told to the customer, written down."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from crm_store.asking import AsStaff
from crm_store.conversations.base import ConversationPart
from crm_store.conversations.errors import NotTheOwner
from crm_store.conversations.lines import INACTIVE, LineKind
from crm_store.conversations.waiting import WAITED
from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Owner,
    Role,
    User,
)
from crm_store.permissions import PERMISSIONS, Permission
from crm_store.texts import storable_json
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotFound


class Ownership(ConversationPart):
    """Claim, assign, release, resolve, reopen, hand off.

    Each raises NotAllowed when the asker may not write, ConversationNotFound when the conversation
    is absent and ConversationChanged when somebody else changed it first; nothing is written then.
    """

    def claim(self, conversation_id: UUID, *, asker: AsStaff) -> Conversation:
        """Take the conversation from the queue or the bot; claiming one's own changes nothing.

        Raises:
            Conflict: it is resolved, or another agent has it.
        """
        user = self._writer(asker)
        conversation = self._conversations.get(conversation_id)
        if conversation.owner_user_id == user.id:
            return conversation
        self._refuse_resolved(conversation)
        if conversation.owner is Owner.AGENT:
            raise Conflict("another agent has this conversation")
        return self._give_to(conversation, user, kind="claimed", by=asker)

    def assign(self, conversation_id: UUID, *, asker: AsStaff, to: UUID) -> Conversation:
        """Hand the conversation to the user ``to``, whoever has it now.

        Raises:
            NotFound: there is no such user.
            Conflict: it is resolved, or the user is disabled or may not answer.
            NotTheOwner: another agent has it and the asker is no admin.
        """
        self._writer(asker)
        conversation = self._conversations.get(conversation_id)
        if conversation.owner_user_id == to:
            return conversation
        colleague = self._session.get(User, to)
        if colleague is None:
            raise NotFound("to: no such user")
        self._refuse_resolved(conversation)
        self._refuse_strangers(conversation, asker)
        if colleague.disabled_at is not None:
            raise Conflict("to: this user is disabled")
        if Permission.CONVERSATIONS_WRITE not in PERMISSIONS[colleague.role]:
            raise Conflict("to: this user may not answer")
        return self._give_to(conversation, colleague, kind="assigned", by=asker)

    def release(self, conversation_id: UUID, *, asker: AsStaff, to: Owner) -> Conversation:
        """Give the conversation to the queue or back to the bot.

        Raises:
            Invalid: ``to`` is an agent; ``assign`` does that.
            Conflict: it is resolved.
            NotTheOwner: another agent has it and the asker is no admin.
        """
        if to is Owner.AGENT:
            raise Invalid("to: queue or bot")
        self._writer(asker)
        conversation = self._conversations.get(conversation_id)
        if conversation.owner is to:
            return conversation
        self._refuse_resolved(conversation)
        self._refuse_strangers(conversation, asker)
        if to is Owner.QUEUE:
            return self._queue(
                conversation,
                kind="released",
                actor=Author.AGENT,
                by=asker,
                reason="to the queue",
                brief=conversation.handoff_brief,
                handoff_reason=conversation.handoff_reason or "agent",
            )
        self._conversations.change(
            conversation, owner=Owner.BOT, owner_user_id=None, queued_at=None
        )
        self._log(conversation, "released", actor=Author.AGENT, by=asker, reason="to the bot")
        return self._tell(
            conversation_id, "You are talking to the assistant again.", kind=LineKind.RELEASED
        )

    def resolve(self, conversation_id: UUID, *, asker: AsStaff) -> Conversation:
        """Close the conversation; the bot's unfinished work in it is dropped.

        Raises:
            NotTheOwner: another agent has it and the asker is no admin.
        """
        self._writer(asker)
        conversation = self._conversations.get(conversation_id)
        if conversation.status is ConversationStatus.RESOLVED:
            return conversation
        self._refuse_strangers(conversation, asker)
        return self._close(conversation, actor=Author.AGENT, by=asker)

    def close(
        self, conversation_id: UUID, *, actor: Author, inactive: bool = False
    ) -> Conversation:
        """Close the conversation for its customer, or because nothing happens in it any more.

        Args:
            conversation_id: which one; a closed one stays as it is.
            actor: ``CUSTOMER`` or ``SYSTEM``. Nobody is asked to rate what the system closed.
            inactive: say that it is closed because nothing was said for long.
        """
        conversation = self._conversations.get(conversation_id)
        if conversation.status is ConversationStatus.RESOLVED:
            return conversation
        return self._close(conversation, actor=actor, inactive=inactive)

    def reopen(self, conversation_id: UUID, *, asker: AsStaff) -> Conversation:
        """Open a resolved or snoozed conversation in this agent's hands."""
        user = self._writer(asker)
        conversation = self._conversations.get(conversation_id)
        if conversation.status is ConversationStatus.OPEN:
            return conversation
        self._refuse_strangers(conversation, asker)
        return self._give_to(conversation, user, kind="reopened", by=asker)

    def request_handoff(
        self,
        conversation_id: UUID,
        *,
        reason: str,
        brief: dict[str, Any] | None = None,
        actor: Author = Author.BOT,
    ) -> Conversation:
        """Put the conversation in line for a person and tell the customer their position.

        Asking again while waiting, or while a person has it, changes nothing.
        """
        conversation = self._conversations.get(conversation_id)
        if conversation.owner is not Owner.BOT:
            return conversation
        self._refuse_resolved(conversation)
        return self._queue(
            conversation,
            kind="handed_off",
            actor=actor,
            by=None,
            reason=reason,
            brief=storable_json(brief),
            handoff_reason=reason[:64],
        )

    def queue_position(self, conversation_id: UUID) -> int:
        """1 for the next in line; 0 when the conversation is not waiting."""
        conversation = self._conversations.get(conversation_id)
        if conversation.queued_at is None:
            return 0
        here = tuple_(conversation.queued_at, conversation.id)
        ahead = self._session.scalar(
            select(func.count())
            .select_from(Conversation)
            .where(
                Conversation.status == ConversationStatus.OPEN,
                Conversation.owner == Owner.QUEUE,
                tuple_(Conversation.queued_at, Conversation.id) < here,
            )
        )
        return (ahead or 0) + 1

    def _queue(
        self,
        conversation: Conversation,
        *,
        kind: str,
        actor: Author,
        by: AsStaff | None,
        reason: str,
        brief: dict[str, Any] | None,
        handoff_reason: str,
    ) -> Conversation:
        self._conversations.change(
            conversation,
            owner=Owner.QUEUE,
            owner_user_id=None,
            queued_at=utc_now(),
            handoff_reason=handoff_reason,
            handoff_brief=brief,
        )
        position = self.queue_position(conversation.id)
        self._log(
            conversation, kind, actor=actor, by=by, reason=reason, data={"position": position}
        )
        where = "next" if position == 1 else f"number {position}"
        return self._tell(
            conversation.id,
            f"You are {where} in line. A person will answer right here; you can keep writing.",
            kind=LineKind(kind),
            position=position,
        )

    def _give_to(
        self, conversation: Conversation, agent: User, *, kind: str, by: AsStaff
    ) -> Conversation:
        data: dict[str, Any] = {"to_user_id": str(agent.id)}
        if conversation.queued_at is not None:
            waited = utc_now() - conversation.queued_at
            data[WAITED] = max(0, int(waited.total_seconds()))
        self._conversations.change(
            conversation,
            status=ConversationStatus.OPEN,
            resolved_at=None,
            owner=Owner.AGENT,
            owner_user_id=agent.id,
            queued_at=None,
        )
        self._log(conversation, kind, actor=Author.AGENT, by=by, data=data)
        return self._tell(
            conversation.id,
            f"{agent.name} is here for you now.",
            kind=LineKind(kind),
            name=agent.name,
        )

    def _close(
        self,
        conversation: Conversation,
        *,
        actor: Author,
        by: AsStaff | None = None,
        inactive: bool = False,
    ) -> Conversation:
        self._conversations.change(
            conversation,
            status=ConversationStatus.RESOLVED,
            resolved_at=utc_now(),
            owner=Owner.BOT,
            owner_user_id=None,
            queued_at=None,
        )
        reason = INACTIVE if inactive else None
        self._log(conversation, "resolved", actor=actor, by=by, reason=reason)
        closed = "This conversation was quiet for long, so it" if inactive else "This conversation"
        return self._tell(
            conversation.id,
            f"{closed} is closed. Write here whenever you need us again.",
            kind=LineKind.RESOLVED,
            **({"reason": reason} if reason else {}),
        )

    @staticmethod
    def _refuse_resolved(conversation: Conversation) -> None:
        if conversation.status is ConversationStatus.RESOLVED:
            raise Conflict("this conversation is resolved; reopen it first")

    @staticmethod
    def _refuse_strangers(conversation: Conversation, asker: AsStaff) -> None:
        """An agent's conversation is theirs to give away, or an admin's."""
        theirs = conversation.owner_user_id in (None, asker.user_id)
        if not theirs and asker.role is not Role.ADMIN:
            raise NotTheOwner("another agent has this conversation")
