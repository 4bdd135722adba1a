"""What the widget has said by itself, put before the first answer to it."""

from uuid import UUID

from crm_store.conversations.base import ConversationPart
from crm_store.models import Author, Message, Visibility
from crm_store.sites.form_fields import pick
from crm_store.sites.settings import Greeting


class Greetings(ConversationPart):
    """A greeting costs no conversation until somebody answers it."""

    def note_greeting(self, conversation_id: UUID, greeting: Greeting) -> Message | None:
        """Store the greeting as the bot's message, if nothing has been said here yet."""
        conversation = self._conversations.lock(conversation_id)
        if conversation.last_seq:
            return None
        message = Message(
            author=Author.BOT,
            text=pick(greeting.text, conversation.locale or "en"),
            payload={"greeting_id": greeting.id},
            visibility=Visibility.PUBLIC,
        )
        self._conversations.append(conversation_id, [message])
        return message
