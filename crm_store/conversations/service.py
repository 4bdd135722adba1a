"""Conversations: one owner, messages without gaps, nothing lost."""

from crm_store.conversations.forms import Forms
from crm_store.conversations.greeting import Greetings
from crm_store.conversations.listing import (
    ConversationRow,
    ConversationSort,
    Listing,
    TranscriptRow,
)
from crm_store.conversations.messages import Posted
from crm_store.conversations.offline import OfflineMessages
from crm_store.conversations.ownership import Ownership
from crm_store.conversations.record import Record
from crm_store.conversations.sessions import Sessions, StartedConversation
from crm_store.conversations.transcripts import Transcripts

__all__ = [
    "ConversationRow",
    "ConversationService",
    "ConversationSort",
    "Posted",
    "StartedConversation",
    "TranscriptRow",
]


class ConversationService(
    Sessions, Forms, OfflineMessages, Greetings, Ownership, Record, Transcripts, Listing
):
    """Everything that can be done with a conversation, a part a file.

    It changes only within the caller's transaction. Changes of owner or state are compare-and-set
    on the conversation's version: the loser gets ConversationChanged and nothing is written.
    """
