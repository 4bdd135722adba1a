"""The statements that change a conversation's row.

A conversation changes only through ``append`` and ``change``: both are single UPDATE statements, so
two writers are put in order by the database on either engine.
"""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Update, bindparam, select, update
from sqlalchemy.orm import Session

from crm_store.conversations.errors import ConversationChanged, ConversationNotFound
from crm_store.models import Author, Conversation, Message, Visibility
from crm_store.texts import shorten
from crm_store.writes import insert_now
from foundation.clock import utc_now

LAST_TEXT_CHARS = 200


class ConversationRepository:
    """Reads, locks, appends to and changes conversations."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, conversation_id: UUID) -> Conversation:
        """The conversation as stored now.

        Raises:
            ConversationNotFound: absent.
        """
        return self._read(conversation_id, lock=False)

    def lock(self, conversation_id: UUID) -> Conversation:
        """The conversation, held against other writers until the transaction ends."""
        return self._read(conversation_id, lock=True)

    def append(self, conversation_id: UUID, messages: list[Message], **about: Any) -> Conversation:
        """Give the messages the next seqs, without a gap, and store them.

        The UPDATE holds the conversation's row until the commit, so no other writer can take or
        overtake these numbers, and a rollback gives them back. ``about`` is set in the same
        statement: columns that are no part of the state, as for ``describe``.
        """
        now = utc_now()
        values: dict[str, Any] = dict(about)
        public = [m for m in messages if m.visibility is Visibility.PUBLIC]
        if public:
            values["last_message_at"] = now
        # System lines ("you are next in line") would hide what was said last.
        said = [m for m in public if m.author is not Author.SYSTEM]
        if said:
            values["last_text"] = shorten(said[-1].text, LAST_TEXT_CHARS)
        conversation: Conversation | None = self._session.scalar(
            _append(frozenset(values)),
            {"id_": conversation_id, "count": len(messages)}
            | {f"new_{name}": value for name, value in values.items()},
        )
        if conversation is None:
            raise ConversationNotFound
        first = conversation.last_seq - len(messages) + 1
        for seq, message in enumerate(messages, start=first):
            message.conversation_id = conversation_id
            message.seq = seq
            message.sent_at = now
        if messages:
            insert_now(self._session, *messages)
        return conversation

    def change(self, conversation: Conversation, **values: Any) -> Conversation:
        """Set columns if nobody has changed the state since ``conversation`` was read.

        Raises:
            ConversationChanged: somebody has.
        """
        version = conversation.version
        changed = self._update(
            (Conversation.id == conversation.id) & (Conversation.version == version),
            values | {"version": version + 1},
        )
        if changed is None:
            raise ConversationChanged
        return changed

    def describe(self, conversation_id: UUID, **values: Any) -> Conversation:
        """Set columns that are no part of the state (topic, sentiment): the version stays."""
        described = self._update(Conversation.id == conversation_id, values)
        if described is None:
            raise ConversationNotFound
        return described

    def _read(self, conversation_id: UUID, *, lock: bool) -> Conversation:
        conversation = self._session.scalar(_by_id(lock=lock), {"id_": conversation_id})
        if conversation is None:
            raise ConversationNotFound
        return conversation

    def _update(self, where: Any, values: dict[str, Any]) -> Conversation | None:
        return self._session.scalar(
            update(Conversation)
            .where(where)
            .values(**values)
            .returning(Conversation)
            .execution_options(synchronize_session=False, populate_existing=True)
        )


# Run for every message of every customer, and building them costs more than running them.
@cache
def _by_id(*, lock: bool) -> Select[Conversation]:
    statement = (
        select(Conversation)
        .where(Conversation.id == bindparam("id_"))
        .execution_options(populate_existing=True)
    )
    # SQLite ignores it: its transactions hold the write lock from their start.
    return statement.with_for_update(key_share=True) if lock else statement


@cache
def _append(names: frozenset[str]) -> Update:
    columns = Conversation.__table__.c
    new = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in sorted(names)}
    return (
        update(Conversation)
        .where(Conversation.id == bindparam("id_"))
        .values(last_seq=Conversation.last_seq + bindparam("count"), **new)
        .returning(Conversation)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
