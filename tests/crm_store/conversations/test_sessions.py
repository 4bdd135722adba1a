"""Widget sessions and socket tickets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm_store.conversations.service import ConversationService, StartedConversation
from crm_store.database import Database
from crm_store.models import (
    Conversation,
    ConversationStatus,
    Interaction,
    Site,
    SocketTicket,
    WidgetSession,
)
from foundation.clock import utc_now
from foundation.errors import Invalid, NotAuthenticated
from foundation.ids import token_digest
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


class TestUse:
    """A session ends some hours after its last use."""

    def test_its_end_moves_when_it_is_used(self, database: Database) -> None:
        with database.transaction() as session:
            service, here = ConversationService(session), visit(session, hours=1)
            service.keep([here.id], hours=24)
            session.refresh(here)
            left = here.expires_at - utc_now()
        assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)

    def test_it_moves_only_now_and_then(self, database: Database) -> None:
        with database.transaction() as session:
            service, here = ConversationService(session), visit(session, hours=24)
            before = here.expires_at
            service.keep([here.id], hours=24)
            session.refresh(here)
            assert here.expires_at == before

    def test_those_that_ended_are_told_from_those_that_live(self, database: Database) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            here, left, over = (visit(session) for _ in range(3))
            service.end(left)
            over.expires_at = utc_now() - timedelta(seconds=1)
            session.flush()
            assert service.alive([here.id, left.id, over.id]) == {here.id}


class TestIdentify:
    """The host vouches for somebody in the middle of a visit."""

    def test_what_a_guest_said_becomes_the_customers_own(self, database: Database) -> None:
        with database.transaction() as session:
            service, site = ConversationService(session), make_site(session)
            guest = guest_who_spoke(service, site)
            customer = make_customer(session)
            now = service.identify(
                service.by_session_token(guest.session_token)[1], customer=customer, hours=1
            )
            assert now.conversation.id == guest.conversation.id
            assert now.conversation.customer_id == customer.id
            assert now.conversation.verified_by == "host"
            assert len(now.ended) == 1
            with pytest.raises(NotAuthenticated):
                service.by_session_token(guest.session_token)
            assert service.by_session_token(now.session_token)[0].id == guest.conversation.id

    def test_every_token_of_the_guest_dies(self, database: Database) -> None:
        with database.transaction() as session:
            service, site = ConversationService(session), make_site(session)
            guest = guest_who_spoke(service, site)
            session.add(
                WidgetSession(
                    conversation_id=guest.conversation.id,
                    token_digest=token_digest("elsewhere"),
                    expires_at=utc_now() + timedelta(hours=1),
                )
            )
            session.flush()
            here = service.by_session_token(guest.session_token)[1]
            assert len(service.identify(here, customer=make_customer(session), hours=1).ended) == 2
            with pytest.raises(NotAuthenticated):
                service.by_session_token("elsewhere")

    def test_a_silent_guest_goes_on_with_the_customers_open_conversation(
        self, database: Database
    ) -> None:
        with database.transaction() as session:
            service, site = ConversationService(session), make_site(session)
            customer = make_customer(session)
            earlier = service.start(site, customer=customer, verified_by="host", hours=1)
            guest = service.start(site, customer=None, verified_by=None, hours=1)
            here = service.by_session_token(guest.session_token)[1]
            now = service.identify(here, customer=customer, hours=1)
            assert now.conversation.id == earlier.conversation.id
            # The customer's other devices stay.
            assert service.by_session_token(earlier.session_token)

    def test_a_silent_guest_without_one_keeps_theirs(self, database: Database) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            here = visit(session)
            now = service.identify(here, customer=make_customer(session), hours=1)
            assert now.conversation.id == here.conversation_id

    @pytest.mark.parametrize("verified_by", ["host", "order", None])
    def test_another_customers_conversation_stays_theirs(
        self, database: Database, verified_by: str | None
    ) -> None:
        with database.transaction() as session:
            service, site = ConversationService(session), make_site(session)
            guest = guest_who_spoke(service, site)
            mia, tom = make_customer(session), make_customer(session)
            session.execute(
                update(Conversation).values(
                    customer_id=mia.id,
                    verified_by=verified_by,
                    verified_at=utc_now() if verified_by else None,
                )
            )
            here = service.by_session_token(guest.session_token)[1]
            now = service.identify(here, customer=tom, hours=1)
            assert now.conversation.id != guest.conversation.id
            assert (now.conversation.customer_id, now.conversation.site_id) == (tom.id, site.id)
            session.expire_all()
            stays = session.get_one(Conversation, guest.conversation.id)
            assert stays.customer_id == mia.id

    def test_who_is_known_already_gets_a_new_token(self, database: Database) -> None:
        with database.transaction() as session:
            service, site = ConversationService(session), make_site(session)
            customer = make_customer(session)
            first = service.start(site, customer=customer, verified_by="host", hours=1)
            other = service.start(site, customer=customer, verified_by="host", hours=1)
            here = service.by_session_token(first.session_token)[1]
            now = service.identify(here, customer=customer, hours=1)
            assert now.conversation.id == first.conversation.id
            assert now.ended == (here.id,)
            assert service.by_session_token(other.session_token)

    def test_who_proved_an_order_is_now_known_by_the_host(self, database: Database) -> None:
        with database.transaction() as session:
            service, site = ConversationService(session), make_site(session)
            guest = guest_who_spoke(service, site)
            customer = make_customer(session)
            session.execute(
                update(Conversation).values(
                    customer_id=customer.id, verified_by="order", verified_at=utc_now()
                )
            )
            here = service.by_session_token(guest.session_token)[1]
            now = service.identify(here, customer=customer, hours=1).conversation
            assert (now.id, now.verified_by) == (guest.conversation.id, "host")

    def test_of_two_tabs_at_once_one_wins(self, database: Database) -> None:
        with database.transaction() as session:
            service, site = ConversationService(session), make_site(session)
            guest = guest_who_spoke(service, site)
            customer = make_customer(session)

        def identify(_: int) -> bool:
            try:
                with database.transaction() as session:
                    service = ConversationService(session)
                    here = service.by_session_token(guest.session_token)[1]
                    service.identify(here, customer=customer, hours=1)
            except NotAuthenticated:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(identify, range(4))) == 1
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(WidgetSession)) == 1


class TestTickets:
    def test_a_ticket_ends_with_its_session(self, database: Database) -> None:
        with database.transaction() as session:
            service, here = ConversationService(session), visit(session)
            ticket = service.issue_ticket(visitor=here)
            service.end(here)
            with pytest.raises(NotAuthenticated):
                service.redeem_ticket(ticket)

    def test_a_ticket_names_its_holder(self, database: Database) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            user, here = make_user(session), visit(session)
            staff = service.redeem_ticket(service.issue_ticket(user_id=user.id))
            visitor = service.redeem_ticket(service.issue_ticket(visitor=here))
        assert (staff.user_id, staff.conversation_id, staff.session_id) == (user.id, None, None)
        assert visitor.user_id is None
        assert (visitor.conversation_id, visitor.session_id) == (here.conversation_id, here.id)

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
                service.issue_ticket(user_id=make_user(session).id, visitor=visit(session))


def visit(session: Session, *, hours: float = 1) -> WidgetSession:
    """A guest's session."""
    service = ConversationService(session)
    started = service.start(make_site(session), customer=None, verified_by=None, hours=hours)
    return service.by_session_token(started.session_token)[1]


def guest_who_spoke(service: ConversationService, site: Site) -> StartedConversation:
    started = service.start(site, customer=None, verified_by=None, hours=1)
    service.post_customer_message(started.conversation.id, client_id="1", text="hello")
    return started
