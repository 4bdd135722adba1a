"""What has run out is deleted: session tokens, socket tickets, counted attempts."""

from datetime import timedelta

from crm_store.attempts import AttemptLimiter
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from foundation.clock import utc_now

# Longer than every rate limit's window, so that no limit is lifted early.
_ATTEMPTS_KEPT = timedelta(days=2)


def purge_expired(database: Database) -> int:
    """Delete what opens nothing and counts for nothing any more; returns how many rows."""
    with database.transaction() as session:
        gone = ConversationService(session).purge_expired()
        return gone + AttemptLimiter(session).purge(utc_now() - _ATTEMPTS_KEPT)
