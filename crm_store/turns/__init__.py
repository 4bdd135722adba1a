"""The bot's work: one turn a customer message, done exactly once."""

from crm_store.turns.queue import TurnQueue
from crm_store.turns.work import TurnWork

__all__ = ["TurnQueue", "TurnWork"]
