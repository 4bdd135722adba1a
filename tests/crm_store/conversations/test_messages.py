"""Posting and reading messages."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from crm_store.conversations.errors import ConversationNotFound, NotTheOwner
from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.models import (
    Author,
    Conversation,
    ConversationStatus,
    Interaction,
    Message,
    Owner,
    Turn,
    TurnStatus,
    Visibility,
)
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotFound
from foundation.ids import new_id
from tests.factories import as_staff, make_conversation, make_customer, make_user


@pytest.fixture
def conversation_id(database: Database) -> UUID:
    with database.transaction() as session:
        return make_conversation(session).id


def post(database: Database, conversation_id: UUID, client_id: str, text: str = "hello") -> Message:
    with database.transaction() as session:
        return (
            ConversationService(session)
            .post_customer_message(conversation_id, client_id=client_id, text=text)
            .message
        )


def test_messages_are_numbered_without_gaps(database: Database, conversation_id: UUID) -> None:
    assert [post(database, conversation_id, str(n)).seq for n in range(4)] == [1, 2, 3, 4]


def test_a_message_comes_with_its_turn(database: Database, conversation_id: UUID) -> None:
    message = post(database, conversation_id, "a")
    with database.reading() as session:
        turn = session.scalars(select(Turn)).one()
    assert (turn.message_id, turn.seq, turn.status) == (message.id, 1, TurnStatus.PENDING)


def test_a_repeated_client_id_gives_the_stored_message(
    database: Database, conversation_id: UUID
) -> None:
    first = post(database, conversation_id, "a", "one")
    with database.transaction() as session:
        again = ConversationService(session).post_customer_message(
            conversation_id, client_id="a", text="changed meanwhile"
        )
    assert (again.created, again.message.id, again.message.text) == (False, first.id, "one")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 1
        assert session.get_one(Conversation, conversation_id).last_seq == 1


def test_a_failed_request_leaves_no_gap(database: Database, conversation_id: UUID) -> None:
    def fail_after_posting() -> None:
        with database.transaction() as session:
            ConversationService(session).post_customer_message(
                conversation_id, client_id="lost", text="lost"
            )
            raise ZeroDivisionError

    post(database, conversation_id, "a")
    with pytest.raises(ZeroDivisionError):
        fail_after_posting()
    assert post(database, conversation_id, "b").seq == 2


@pytest.mark.parametrize("client_id", ["", "x" * 65, "nul\x00", "\ud800"])
def test_a_malformed_client_id_is_refused(
    database: Database, conversation_id: UUID, client_id: str
) -> None:
    with pytest.raises(Invalid, match="client_id"):
        post(database, conversation_id, client_id)


@pytest.mark.parametrize("text", ["", "   ", "\n", "\x00"])
def test_an_empty_text_is_refused(database: Database, conversation_id: UUID, text: str) -> None:
    with pytest.raises(Invalid, match="text"):
        post(database, conversation_id, "a", text)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a\x00b", "ab"),
        ("half \ud83d emoji", "half  emoji"),
        ("<b>'; DROP TABLE messages; --</b>", "<b>'; DROP TABLE messages; --</b>"),
        ("🦊" * 300, "🦊" * 300),
        ("שלום", "שלום"),
    ],
)
def test_a_text_is_kept_as_typed(
    database: Database, conversation_id: UUID, sent: str, kept: str
) -> None:
    post(database, conversation_id, "a", sent)
    with database.reading() as session:
        (message,) = ConversationService(session).messages(
            conversation_id, audience=Visibility.PUBLIC
        )
        assert message.text == kept
        assert len(session.get_one(Conversation, conversation_id).last_text) <= 200


def test_nothing_is_posted_where_there_is_no_conversation(database: Database) -> None:
    with pytest.raises(ConversationNotFound):
        post(database, new_id(), "a")


def test_a_resolved_conversation_reopens_with_the_bot(database: Database) -> None:
    with database.transaction() as session:
        conversation_id = make_conversation(
            session, status=ConversationStatus.RESOLVED, resolved_at=utc_now()
        ).id
    post(database, conversation_id, "a")
    with database.reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
        kinds = [e.kind for e in ConversationService(session).events(conversation_id)]
        assert session.scalar(select(func.count()).select_from(Turn)) == 1
    assert (conversation.status, conversation.owner) == (ConversationStatus.OPEN, Owner.BOT)
    assert (conversation.version, conversation.resolved_at, kinds) == (1, None, ["reopened"])


def test_a_snoozed_conversation_wakes_with_its_agent(database: Database) -> None:
    with database.transaction() as session:
        agent = make_user(session)
        conversation_id = make_conversation(
            session,
            status=ConversationStatus.SNOOZED,
            owner=Owner.AGENT,
            owner_user_id=agent.id,
        ).id
    post(database, conversation_id, "a")
    with database.reading() as session:
        conversation = session.get_one(Conversation, conversation_id)
    assert (conversation.status, conversation.owner_user_id) == (ConversationStatus.OPEN, agent.id)


def test_the_bot_gets_no_turn_while_a_person_has_the_conversation(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session)
        conversation_id = make_conversation(
            session,
            owner=Owner.AGENT,
            owner_user_id=make_user(session).id,
            customer_id=customer.id,
            verified_at=utc_now(),
            verified_by="host",
        ).id
    post(database, conversation_id, "a", "are you there?")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Turn)) == 0
        # Nothing will complete it, so it is on the timeline at once.
        assert session.scalars(select(Interaction)).one().summary == "Wrote: are you there?"


class TestAgents:
    def test_the_owner_replies(self, database: Database) -> None:
        with database.transaction() as session:
            agent = make_user(session, name="Ada")
            conversation_id = make_conversation(
                session, owner=Owner.AGENT, owner_user_id=agent.id
            ).id
            service = ConversationService(session)
            sent = service.post_agent_message(
                conversation_id, asker=as_staff(agent), text="Hi!", client_id="r1"
            )
            again = service.post_agent_message(
                conversation_id, asker=as_staff(agent), text="Hi!", client_id="r1"
            )
        assert sent.id == again.id
        assert (sent.author, sent.name, sent.seq) == (Author.AGENT, "Ada", 1)

    def test_nobody_else_replies(self, database: Database, conversation_id: UUID) -> None:
        with database.transaction() as session:
            agent = make_user(session)
            service = ConversationService(session)
            with pytest.raises(NotTheOwner):
                service.post_agent_message(
                    conversation_id, asker=as_staff(agent), text="x", client_id="r"
                )

    def test_a_note_is_for_staff_only(self, database: Database, conversation_id: UUID) -> None:
        post(database, conversation_id, "a", "public")
        with database.transaction() as session:
            service = ConversationService(session)
            service.post_agent_message(
                conversation_id,
                asker=as_staff(make_user(session)),
                text="secret",
                client_id="n",
                note=True,
            )
            seen = service.messages(conversation_id, audience=Visibility.PUBLIC)
            staff = service.messages(conversation_id, audience=Visibility.NOTE)
            transcript = service.transcript(conversation_id, Visibility.PUBLIC)
            assert session.get_one(Conversation, conversation_id).last_text == "public"
        assert [m.text for m in seen] == ["public"]
        assert [m.text for m in staff] == ["public", "secret"]
        assert "secret" not in transcript

    def test_a_client_id_of_the_other_side_gives_nothing_away(
        self, database: Database, conversation_id: UUID
    ) -> None:
        with database.transaction() as session:
            ConversationService(session).post_agent_message(
                conversation_id,
                asker=as_staff(make_user(session)),
                text="secret",
                client_id="n",
                note=True,
            )
        with pytest.raises(Conflict):
            post(database, conversation_id, "n")


def test_a_reader_gets_what_came_after(database: Database, conversation_id: UUID) -> None:
    for n in range(5):
        post(database, conversation_id, str(n))
    with database.reading() as session:
        service = ConversationService(session)
        after = service.messages(conversation_id, after=3, audience=Visibility.PUBLIC)
        two = service.messages(conversation_id, limit=2, audience=Visibility.PUBLIC)
    assert [m.seq for m in after] == [4, 5]
    assert [m.seq for m in two] == [1, 2]


def test_only_what_the_bot_offered_here_was_offered(
    database: Database, conversation_id: UUID
) -> None:
    button = {"title": "Yes", "payload": "/affirm"}
    with database.transaction() as session:
        for place, author in ((conversation_id, Author.BOT), (conversation_id, Author.CUSTOMER)):
            payload = {"buttons": [button if author is Author.BOT else {"payload": "/deny"}]}
            session.add(
                Message(
                    conversation_id=place,
                    seq=1 if author is Author.BOT else 2,
                    author=author,
                    text="?",
                    payload=payload,
                )
            )
        other = make_conversation(session).id
        session.flush()
        service = ConversationService(session)
        assert service.offered(conversation_id, "/affirm") == button
        assert service.offered(conversation_id, "/deny") is None
        assert service.offered(other, "/affirm") is None


class TestAttachments:
    def test_a_file_alone_is_a_message(self, database: Database, conversation_id: UUID) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            file = service.add_attachment(
                conversation_id, filename="photo.jpg", content_type="image/jpeg", size=9
            )
            message = service.post_customer_message(
                conversation_id, client_id="a", text="", attachment_id=file.id
            ).message
            assert service.attachment(conversation_id, file.id).filename == "photo.jpg"
        assert (message.text, message.attachment_id) == ("photo.jpg", file.id)

    def test_a_file_of_another_conversation_is_not_found(
        self, database: Database, conversation_id: UUID
    ) -> None:
        with database.transaction() as session:
            service = ConversationService(session)
            file = service.add_attachment(
                make_conversation(session).id, filename="a", content_type="b", size=1
            )
            with pytest.raises(NotFound):
                service.post_customer_message(
                    conversation_id, client_id="a", text="x", attachment_id=file.id
                )
