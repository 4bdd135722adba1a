"""Conversations."""

from typing import Any

from sqlalchemy.orm import Session

from crm_store.models import Conversation
from tests.factories.access import make_site


def make_conversation(session: Session, **given: Any) -> Conversation:
    """An open conversation that the bot owns, with nobody known and nothing said."""
    if "site_id" not in given:
        given["site_id"] = make_site(session).id
    conversation = Conversation(**given)
    session.add(conversation)
    session.flush()
    return conversation
