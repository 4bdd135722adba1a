"""Bringing clean rows into the store: what is new is added, what differs is changed."""

from crm_store.importing.upsert.base import Outcome, Upserter
from crm_store.importing.upsert.choosing import ahead_for, upserter_for

__all__ = ["Outcome", "Upserter", "ahead_for", "upserter_for"]
