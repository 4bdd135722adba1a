"""Widget sessions and socket tickets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import ConversationStatus, Interaction, SocketTicket, WidgetSession
from foundation.clock import utc_now
from foundation.errors import Invalid, NotAuthenticated
from tests.factories import make_conversation, make_customer, make_site, make_user


def test_a_token_opens_its_conversation(database: Database) -> None:
    with database.transaction() as session:
        service = ConversationService(session)
        started = service.start(make_site(session), customer=None, verified_by=None, hours=1)
        conversation, kept = service.by_session_token(started.session_token)
        assert conversation.id == started.conversation.id
        assert conversation.verified_at is None
        assert kept.token_digest != started.session_token
        assert kept.expires_at == started.expires_at


def test_another_token_opens_nothing(database: Database) -> None:
    with database.reading() as session, pytest.raises(NotAuthenticated):
        ConversationService(session).by_session_token("guess")


def test_a_session_expires(database: Database) -> None:
    with database.transaction() as session:
        service = ConversationService(session)
        started = service.start(make_site(session), customer=None, verified_by=None, hours=1)
        session.execute(update(WidgetSession).values(expires_at=utc_now() - timedelta(seconds=1)))
        with pytest.raises(NotAuthenticated):
            service.by_session_token(started.session_token)


def test_a_strangers_visits_are_separate(database: Database) -> None:
    with database.transaction() as session:
        service, site = ConversationService(session), make_site(session)
        ids = {
            service.start(site, customer=None, verified_by=None, hours=1).conversation.id
            for _ in range(2)
        }
    assert len(ids) == 2


def test_the_hosts_customer_comes_back_to_the_newest_open_conversation(database: Database) -> None:
    with database.transaction() as session:
        service, site = ConversationService(session), make_site(session)
        customer = make_customer(session)
        first = service.start(site, customer=customer, verified_by="host", hours=1)
        again = service.start(site, customer=customer, verified_by="host", hours=1)
        assert again.conversation.id == first.conversation.id
        assert again.session_token != first.session_token
        summaries = session.scalars(select(Interaction.summary)).all()
        assert summaries == ["Chat started"]


@pytest.mark.parametrize(
    "other",
    [
        {"status": ConversationStatus.RESOLVED},
        {"verified_by": "order"},
        {"customer_id": None, "verified_at": None, "verified_by": None},
        {"site_id": None},
    ],
)
def test_no_other_conversation_is_resumed(database: Database, other: dict[str, object]) -> None:
    with database.transaction() as session:
        service, site, customer = (
            ConversationService(session),
            make_site(session),
            make_customer(session),
        )
        values = {
            "site_id": site.id,
            "customer_id": customer.id,
            "verified_at": utc_now(),
            "verified_by": "host",
        } | other
        values["site_id"] = values["site_id"] or make_site(session).id
        there = make_conversation(session, **values)
        started = service.start(site, customer=customer, verified_by="host", hours=1)
        assert started.conversation.id != there.id
        assert started.conversation.customer_id == customer.id


def test_a_customer_is_verified_somehow(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        service, site = ConversationService(session), make_site(session)
        with pytest.raises(Invalid):
            service.start(site, customer=make_customer(session), verified_by=None, hours=1)
        with pytest.raises(Invalid):
            service.start(site, customer=None, verified_by="host", hours=1)


class TestTickets:
    def test_a_ticket_names_its_holder(self, database: Database) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            user, conversation = make_user(session), make_conversation(session)
            staff = service.redeem_ticket(service.issue_ticket(user_id=user.id))
            visitor = service.redeem_ticket(service.issue_ticket(conversation_id=conversation.id))
        assert (staff.user_id, staff.conversation_id) == (user.id, None)
        assert (visitor.user_id, visitor.conversation_id) == (None, conversation.id)

    def test_a_ticket_works_once_however_many_try(self, database: Database) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            ticket = service.issue_ticket(user_id=make_user(session).id)

        def redeem(_: int) -> bool:
            try:
                with database.transaction() as session:
                    ConversationService(session).redeem_ticket(ticket)
            except NotAuthenticated:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(redeem, range(8))) == 1

    def test_a_ticket_expires(self, database: Database) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            ticket = service.issue_ticket(user_id=make_user(session).id)
            lifetime = session.scalars(select(SocketTicket.expires_at)).one() - utc_now()
            assert timedelta(seconds=25) < lifetime <= timedelta(seconds=30)
            session.execute(update(SocketTicket).values(expires_at=utc_now()))
            with pytest.raises(NotAuthenticated):
                service.redeem_ticket(ticket)

    def test_a_ticket_has_one_holder(self, sqlite_database: Database) -> None:
        with sqlite_database.transaction() as session:
            service = ConversationService(session)
            with pytest.raises(Invalid):
                service.issue_ticket()
            with pytest.raises(Invalid):
                service.issue_ticket(
                    user_id=make_user(session).id, conversation_id=make_conversation(session).id
                )
