"""The one timeline of everything that happened with a customer."""

from crm_store.interactions.service import InteractionService

__all__ = ["InteractionService"]
