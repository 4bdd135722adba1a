"""Quiet chats are closed as their site says; who waits for an answer is not shut out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import update
from sqlalchemy.orm import Session

from analytics.feed.kinds import job_kinds
from crm_store.asking import AsSystem
from crm_store.conversations.inactive import CLOSE_INACTIVE, close_inactive, close_one, closed_since
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import Author, Conversation, ConversationStatus, Site, Visibility
from crm_store.sites.configuration import SiteConfiguration
from crm_store.turns import TurnQueue
from foundation.clock import utc_now
from foundation.errors import InvalidFields
from foundation.settings import Settings
from tests.factories import as_staff, make_conversation, make_site, make_user

OPERATOR = AsSystem("a test")


class Context:
    """A job that is never stopped."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.payload: dict[str, Any] = {}
        self.state: dict[str, Any] = {}

    def save(self, state: dict[str, Any]) -> None: ...

    def check(self) -> None: ...

    def progress(self, done: int, total: int | None = None) -> None: ...


@pytest.fixture
def close(database: Database) -> Callable[[], int]:
    unused = SecretStr("x" * 32)
    settings = Settings(database_url="sqlite://", internal_token=unused, secret_keys=unused)
    return lambda: close_inactive(Context(database, settings))["closed"]


def age(session: Session, conversation_id: UUID, *, hours: float) -> None:
    """Nothing was said there for so long."""
    session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_message_at=utc_now() - timedelta(hours=hours))
        .execution_options(synchronize_session=False)
    )


def chat(session: Session, *, site: Site | None = None, hours: float = 73) -> UUID:
    """A chat whose customer got an answer from the bot, and said nothing for so long."""
    conversation = make_conversation(session, **({"site_id": site.id} if site else {}))
    service = ConversationService(session)
    service.post_customer_message(conversation.id, client_id="a", text="Hello", for_assistant=False)
    age(session, conversation.id, hours=hours)
    return conversation.id


def status(database: Database, conversation_id: UUID) -> ConversationStatus:
    with database.reading() as session:
        return session.get_one(Conversation, conversation_id).status


def test_a_quiet_chat_is_closed_told_and_not_to_be_graded(
    database: Database, close: Callable[[], int]
) -> None:
    begun = utc_now()
    with database.transaction() as session:
        quiet, busy = chat(session), chat(session, hours=71)
    assert (close(), close()) == (1, 0)
    assert status(database, busy) is ConversationStatus.OPEN
    with database.reading() as session:
        service = ConversationService(session)
        closed = session.get_one(Conversation, quiet)
        assert closed.status is ConversationStatus.RESOLVED
        last = service.messages(quiet, audience=Visibility.PUBLIC)[-1]
        assert last.payload == {"event": "resolved", "reason": "inactive"}
        event = service.events(quiet)[-1]
        assert (event.kind, event.actor, event.reason) == ("resolved", Author.SYSTEM, "inactive")
        assert not service.asks_rating(closed)
        assert closed_since(session, begun) == [(event.id, quiet)]
        assert closed_since(session, utc_now() + timedelta(seconds=1)) == []


def test_who_writes_again_is_in_the_same_chat(database: Database, close: Callable[[], int]) -> None:
    with database.transaction() as session:
        quiet = chat(session)
    assert close() == 1
    with database.transaction() as session:
        ConversationService(session).post_customer_message(quiet, client_id="b", text="Me again")
    assert status(database, quiet) is ConversationStatus.OPEN
    assert close() == 0


def test_each_site_has_its_own_limit(database: Database, close: Callable[[], int]) -> None:
    with database.transaction() as session:
        quick, never = make_site(session), make_site(session)
        configuration = SiteConfiguration(session)
        configuration.change(quick.site_key, {"close_after_hours": 1}, asker=OPERATOR)
        configuration.change(never.site_key, {"close_after_hours": None}, asker=OPERATOR)
        for wrong in (0, 8_761, "soon"):
            with pytest.raises(InvalidFields):
                configuration.change(quick.site_key, {"close_after_hours": wrong}, asker=OPERATOR)
        soon, kept = chat(session, site=quick, hours=2), chat(session, site=never, hours=9_999)
        usual = chat(session, hours=2)
    assert close() == 1
    assert status(database, soon) is ConversationStatus.RESOLVED
    assert status(database, kept) is status(database, usual) is ConversationStatus.OPEN


def test_who_waits_for_an_answer_is_not_shut_out(
    database: Database, close: Callable[[], int]
) -> None:
    with database.transaction() as session:
        service, agent = ConversationService(session), as_staff(make_user(session))
        silent = make_conversation(session).id  # nobody has said anything
        in_line, asked, answered, unfinished, given_up = (chat(session) for _ in range(5))
        service.request_handoff(in_line, reason="asked")
        for conversation_id in (asked, answered):
            service.claim(conversation_id, asker=agent)
        service.post_agent_message(answered, asker=agent, text="Done", client_id="b")
        service.post_customer_message(unfinished, client_id="b", text="And where is it?")
        service.post_customer_message(given_up, client_id="b", text="Hello?")
        for conversation_id in (silent, in_line, asked, answered, unfinished, given_up):
            age(session, conversation_id, hours=100)
    with database.transaction() as session:
        queue = TurnQueue(session)
        works = [queue.claim_next("w", lease_seconds=60) for _ in range(2)]
        [work] = [one for one in works if one and one.conversation_id == given_up]
        queue.give_up(work.turn_id, worker="w", error="Timeout", text="Sorry.")
        age(session, given_up, hours=100)
    assert close() == 2
    closed = {answered, given_up}
    for conversation_id in (silent, in_line, asked, answered, unfinished, given_up):
        resolved = status(database, conversation_id) is ConversationStatus.RESOLVED
        assert resolved == (conversation_id in closed)


def test_what_was_said_since_the_list_was_made_keeps_it_open(database: Database) -> None:
    with database.transaction() as session:
        quiet = chat(session)
    before = utc_now() - timedelta(hours=72)
    with database.transaction() as session:
        ConversationService(session).post_customer_message(quiet, client_id="b", text="Wait")
    assert not close_one(database, quiet, before=before)
    assert status(database, quiet) is ConversationStatus.OPEN


def test_the_worker_does_it() -> None:
    assert CLOSE_INACTIVE in list(job_kinds())
