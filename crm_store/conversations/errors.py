"""What can go wrong with a conversation."""

from foundation.errors import Conflict, NotFound


class ConversationNotFound(NotFound):
    """Absent, or outside the caller's scope."""

    code = "conversation_not_found"
    title = "No such conversation"


class ConversationChanged(Conflict):
    """Somebody else changed the conversation first."""

    code = "conversation_changed"
    title = "The conversation has changed meanwhile; look again"


class NotTheOwner(Conflict):
    """Only the agent who owns the conversation may do that."""

    code = "not_the_owner"
    title = "Claim the conversation first"


class FormNotFound(NotFound):
    """Nobody has sent such a form in this conversation."""

    code = "form_not_found"
    title = "There is no such form here"


class FormAnswered(Conflict):
    """A form is answered once."""

    code = "form_answered"
    title = "This form is answered already"


class DeskOpen(Conflict):
    """Messages are left only while nobody is there to read them."""

    code = "desk_open"
    title = "People answer here now, or no messages are taken; write in the chat"
