"""Rasa's tracker events as the event broker delivered them."""

from crm_store.events.store import BrokerEvent, EventStore

__all__ = ["BrokerEvent", "EventStore"]
