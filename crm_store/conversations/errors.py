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
