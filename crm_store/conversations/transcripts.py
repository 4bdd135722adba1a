"""A conversation as a whole, to read and to keep."""

from collections.abc import Iterator
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import select

from crm_store.conversations.base import ConversationPart
from crm_store.models import Author, Message, Visibility

_SPEAKERS = {
    Author.CUSTOMER: "Customer",
    Author.BOT: "Assistant",
    Author.AGENT: "Agent",
    Author.SYSTEM: "—",
}


class Transcripts(ConversationPart):
    """As plain text and as a page that needs nothing else."""

    def transcript(self, conversation_id: UUID, audience: Visibility) -> str:
        """The whole conversation as plain text, a line a message; notes only for staff."""
        self._conversations.get(conversation_id)
        return "".join(_line(message) for message in self._said(conversation_id, audience))

    def transcript_page(self, conversation_id: UUID, *, title: str) -> str:
        """What its customer may read of the conversation, as HTML."""
        conversation = self._conversations.get(conversation_id)
        environment = Environment(
            loader=PackageLoader("crm_store.conversations"),
            autoescape=True,
            undefined=StrictUndefined,
        )
        return environment.get_template("transcript.html").render(
            title=title,
            locale=conversation.locale or "en",
            messages=[
                {"speaker": _speaker(message), "at": message.sent_at, "text": message.text}
                for message in self._said(conversation_id, Visibility.PUBLIC)
            ],
        )

    def _said(self, conversation_id: UUID, audience: Visibility) -> Iterator[Message]:
        statement = (
            select(Message)
            .where(Message.conversation_id == conversation_id)
            .order_by(Message.seq)
            .execution_options(yield_per=500)
        )
        if audience is Visibility.PUBLIC:
            statement = statement.where(Message.visibility == Visibility.PUBLIC)
        return iter(self._session.scalars(statement))


def _speaker(message: Message) -> str:
    return message.name or _SPEAKERS[message.author]


def _line(message: Message) -> str:
    note = " (note)" if message.visibility is Visibility.NOTE else ""
    return f"[{message.sent_at:%Y-%m-%d %H:%M} UTC] {_speaker(message)}{note}: {message.text}\n"
