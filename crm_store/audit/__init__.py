"""The audit log: every act that matters, sealed so that no change of it goes unseen."""

from crm_store.audit.recording import record

__all__ = ["record"]
