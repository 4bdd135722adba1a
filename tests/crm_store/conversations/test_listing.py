"""Lists of conversations and transcripts."""

from datetime import timedelta

import pytest

from crm_store.asking import AsCustomer, AsStaff
from crm_store.conversations.errors import ConversationNotFound
from crm_store.conversations.service import ConversationService, ConversationSort
from crm_store.database import Database
from crm_store.models import Author, ConversationStatus, Message, Owner, Role, Visibility
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer, make_site, make_user

STAFF = AsStaff(new_id(), Role.AGENT)
ADMIN = AsStaff(new_id(), Role.ADMIN)
START = utc_now()


def test_a_list_is_sorted_and_paged(database: Database) -> None:
    with database.transaction() as session:
        site = make_site(session)
        made = [
            make_conversation(
                session, site_id=site.id, last_message_at=START + timedelta(minutes=n)
            ).id
            for n in range(5)
        ]
        service = ConversationService(session)
        first = service.list(limit=2, asker=STAFF)
        rest = service.list(limit=9, cursor=first.next_cursor, asker=STAFF)
        newest = [row.conversation.id for row in first.items + rest.items]
        oldest = service.list(sort=ConversationSort.OLDEST, asker=STAFF)
    assert newest == made[::-1]
    assert rest.next_cursor is None
    assert [row.conversation.id for row in oldest.items] == made


def test_the_queue_is_listed_by_waiting_time(database: Database) -> None:
    with database.transaction() as session:
        service = ConversationService(session)
        ids = [make_conversation(session).id for _ in range(3)]
        for conversation_id in (ids[2], ids[0]):
            service.request_handoff(conversation_id, reason="asked", brief={})
        page = service.list(sort=ConversationSort.WAITING, asker=STAFF)
    assert [row.conversation.id for row in page.items] == [ids[2], ids[0]]


def test_filters(database: Database) -> None:
    with database.transaction() as session:
        ada = make_user(session, name="Ada")
        mine = make_conversation(session, owner=Owner.AGENT, owner_user_id=ada.id)
        done = make_conversation(session, status=ConversationStatus.RESOLVED, resolved_at=utc_now())
        service = ConversationService(session)

        def ids(**filters: object) -> list[object]:
            page = service.list(**filters, asker=STAFF)  # type: ignore[arg-type]
            return [row.conversation.id for row in page.items]

        assert ids(owner=Owner.AGENT) == [mine.id]
        assert ids(owner=ada.id) == [mine.id]
        assert ids(owner=new_id()) == []
        assert ids(status=ConversationStatus.RESOLVED) == [done.id]
        assert ids(status=ConversationStatus.OPEN, owner=Owner.BOT) == []
        assert service.row(mine.id, asker=STAFF).owner_user is ada


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("grete", True),
        ("G@EXAMPLE.COM", True),
        ("gerte", True),
        ("100% Waterproof", True),
        ("100_ water", True),
        ("aterproof", False),
        ("hello waterproof", False),
        ("absent", False),
        ("nul\x00", False),
    ],
)
def test_search_looks_at_names_addresses_and_messages(
    database: Database, q: str, found: bool
) -> None:
    with database.transaction() as session:
        customer = make_customer(session, name="Grete Kunde", email="g@example.com")
        conversation = make_conversation(session, customer_id=customer.id, verified_at=utc_now())
        make_conversation(session)
        service = ConversationService(session)
        service.post_customer_message(conversation.id, client_id="a", text="Is it 100% waterproof?")
        service.post_customer_message(conversation.id, client_id="b", text="Hello?")
        page = service.list(q=q, asker=STAFF)
    assert [row.conversation.id for row in page.items] == [conversation.id] * found


def test_a_customer_sees_their_own_verified_conversations(database: Database) -> None:
    with database.transaction() as session:
        grete, other = make_customer(session), make_customer(session)
        own = make_conversation(session, customer_id=grete.id, verified_at=utc_now())
        make_conversation(session, customer_id=other.id, verified_at=utc_now())
        unverified = make_conversation(session, customer_id=grete.id)
        service, asker = ConversationService(session), AsCustomer(grete.id)
        assert [row.conversation.id for row in service.list(asker=asker).items] == [own.id]
        assert service.get(own.id, asker=asker).id == own.id
        with pytest.raises(ConversationNotFound):
            service.get(unverified.id, asker=asker)
        assert service.get(unverified.id, asker=STAFF).id == unverified.id


class TestTranscripts:
    @pytest.fixture(autouse=True)
    def talk(self, database: Database) -> None:
        with database.transaction() as session:
            self.customer = make_customer(session)
            self.conversation = make_conversation(
                session, customer_id=self.customer.id, verified_at=utc_now(), last_seq=3
            )
            make_conversation(session)
            said = [
                ("Where is my parcel?", "order_status", "neutral", Visibility.PUBLIC),
                ("This parcel is late!", "delivery_delayed", "negative", Visibility.PUBLIC),
                ("secret parcel", None, None, Visibility.NOTE),
            ]
            for seq, (text, intent, sentiment, visibility) in enumerate(said, start=1):
                session.add(
                    Message(
                        conversation_id=self.conversation.id,
                        seq=seq,
                        author=Author.CUSTOMER if intent else Author.AGENT,
                        text=text,
                        intent=intent,
                        sentiment=sentiment,
                        visibility=visibility,
                    )
                )

    @pytest.mark.parametrize(
        ("filters", "seqs"),
        [
            ({}, [2]),
            ({"q": "WHERE parc"}, [1]),
            ({"q": "parcel"}, [3]),
            ({"intent": "order_status"}, [1]),
            ({"sentiment": "negative"}, [2]),
            ({"q": "late", "sentiment": "neutral"}, []),
        ],
    )
    def test_staff_find_the_newest_match(
        self, database: Database, filters: dict[str, str], seqs: list[int]
    ) -> None:
        with database.reading() as session:
            page = ConversationService(session).search_transcripts(**filters, asker=ADMIN)
        assert [row.message.seq for row in page.items] == seqs
        assert all(row.conversation.id == self.conversation.id for row in page.items)
        assert all(row.snippet == row.message.text for row in page.items)

    def test_a_customer_finds_no_note(self, database: Database) -> None:
        with database.reading() as session:
            page = ConversationService(session).search_transcripts(
                q="parcel", asker=AsCustomer(self.customer.id)
            )
        assert [row.message.seq for row in page.items] == [2]

    def test_a_snippet_shows_the_match(self, database: Database) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            long = "word " * 200 + "NEEDLE" + " word" * 200
            service.post_customer_message(self.conversation.id, client_id="x", text=long)
            (row,) = service.search_transcripts(q="needle", asker=ADMIN).items
        assert "NEEDLE" in row.snippet
        assert len(row.snippet) < 260
