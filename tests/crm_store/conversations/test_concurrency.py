"""Many writers at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from crm_store.conversations.errors import ConversationChanged
from crm_store.conversations.repository import ConversationRepository
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import (
    Author,
    Conversation,
    ConversationEvent,
    Message,
    Owner,
    Turn,
    User,
)
from foundation.errors import Conflict
from tests.factories import as_staff, make_conversation, make_customer, make_site, make_user

WRITERS = 4


@settings(
    max_examples=5,
    deadline=None,
    # Every example makes a conversation of its own: nothing carries over.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.integers(0, 9).map(str), min_size=2, max_size=24))
def test_seqs_have_no_gap_and_a_client_id_is_stored_once(
    database: Database, client_ids: list[str]
) -> None:
    with database.transaction() as session:
        conversation_id = make_conversation(session).id

    def post(client_id: str) -> tuple[str, int, bool]:
        with database.transaction() as session:
            posted = ConversationService(session).post_customer_message(
                conversation_id, client_id=client_id, text=f"text {client_id}"
            )
            return client_id, posted.message.seq, posted.created

    with ThreadPoolExecutor(WRITERS) as pool:
        results = list(pool.map(post, client_ids))

    distinct = set(client_ids)
    assert len({(client_id, seq) for client_id, seq, _ in results}) == len(distinct)
    created = Counter(client_id for client_id, _, created in results if created)
    assert created == Counter(distinct)
    with database.reading() as session:
        stored = session.scalars(
            select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)
        ).all()
        turns = session.scalars(
            select(Turn.seq).where(Turn.conversation_id == conversation_id).order_by(Turn.seq)
        ).all()
        last_seq = session.get_one(Conversation, conversation_id).last_seq
    assert [message.seq for message in stored] == list(range(1, len(distinct) + 1))
    assert turns == [message.seq for message in stored]
    assert last_seq == len(distinct)


def test_customers_and_agents_share_one_order(database: Database) -> None:
    with database.transaction() as session:
        agent = make_user(session)
        conversation_id = make_conversation(session, owner=Owner.AGENT, owner_user_id=agent.id).id

    def post(n: int) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            if n % 2:
                service.post_agent_message(
                    conversation_id, asker=as_staff(agent), text="reply", client_id=str(n)
                )
            else:
                service.post_customer_message(conversation_id, client_id=str(n), text="ask")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(post, range(20)))
    with database.reading() as session:
        seqs = session.scalars(select(Message.seq).order_by(Message.seq)).all()
        agents = session.scalar(
            select(func.count()).select_from(Message).where(Message.author == Author.AGENT)
        )
    assert seqs == list(range(1, 21))
    assert agents == 10


def test_of_agents_who_claim_at_once_one_wins(database: Database) -> None:
    with database.transaction() as session:
        agents = [make_user(session) for _ in range(WRITERS)]
    for _ in range(5):
        with database.transaction() as session:
            conversation_id = make_conversation(session).id

        def claim(agent: User, conversation_id: UUID = conversation_id) -> bool:
            try:
                with database.transaction() as session:
                    ConversationService(session).claim(conversation_id, asker=as_staff(agent))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(WRITERS) as pool:
            won = list(pool.map(claim, agents))
        assert won.count(True) == 1
        with database.transaction() as session:
            conversation = session.get_one(Conversation, conversation_id)
            assert conversation.owner_user_id == agents[won.index(True)].id
            claims = session.scalars(
                select(ConversationEvent.kind).where(
                    ConversationEvent.conversation_id == conversation_id
                )
            ).all()
            assert claims == ["claimed"]
            assert conversation.last_seq == 1  # the loser said nothing


def test_a_change_against_an_old_version_writes_nothing(database: Database) -> None:
    with database.transaction() as session:
        conversation_id = make_conversation(session).id
        ada = make_user(session)
    with database.reading() as session:
        stale = ConversationRepository(session).get(conversation_id)
    with database.transaction() as session:
        ConversationService(session).claim(conversation_id, asker=as_staff(ada))
    with database.transaction() as session, pytest.raises(ConversationChanged):
        ConversationRepository(session).change(stale, owner=Owner.BOT, owner_user_id=None)
    with database.reading() as session:
        assert session.get_one(Conversation, conversation_id).owner_user_id == ada.id


def test_two_tabs_of_one_customer_share_a_conversation(database: Database) -> None:
    with database.transaction() as session:
        site, customer = make_site(session), make_customer(session)

    def start(_: int) -> UUID:
        with database.transaction() as session:
            started = ConversationService(session).start(
                site, customer=customer, verified_by="host", hours=1
            )
            return started.conversation.id

    with ThreadPoolExecutor(WRITERS) as pool:
        assert len(set(pool.map(start, range(6)))) == 1
