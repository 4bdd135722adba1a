"""Bringing clean rows into the store: what is new is added, what differs is changed."""

from crm_store.importing.upsert.base import Outcome, Upserter
from crm_store.importing.upsert.choosing import sealing_for, upserter_for, words_for

__all__ = ["Outcome", "Upserter", "sealing_for", "upserter_for", "words_for"]
