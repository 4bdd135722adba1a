"""The bot's work: one turn a customer message, done exactly once."""

from crm_store.turns.queue import TurnQueue
from crm_store.turns.work import Lease, TurnWork

__all__ = ["Lease", "TurnQueue", "TurnWork"]
