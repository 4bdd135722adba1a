"""What a thief of the database file finds of the customers: nothing."""

from pathlib import Path

from sqlalchemy import select

from crm_store.conversations.service import ConversationService
from crm_store.crypto import Keyring
from crm_store.database import Database
from crm_store.models import Author, Customer, Message, Order
from crm_store.seeding import seed
from crm_store.turns.queue import TurnQueue
from tests.factories.chats import make_conversation

SECRET = "my cellar door code is swordfish"


def test_no_personal_field_can_be_found_in_the_files(
    sqlite_database: Database, tmp_path: Path
) -> None:
    seed(sqlite_database, customers=60)
    with sqlite_database.reading() as session:
        customers = session.scalars(select(Customer)).all()
        personal = {c.email for c in customers} | {c.phone for c in customers}
        personal |= {c.street for c in customers}
        personal |= set(session.scalars(select(Order.street)))
    with sqlite_database.transaction() as session:
        for customer in session.scalars(select(Customer)):
            customer.phone = "+4930999999"
    assert len(personal) > 150
    # The seeded order confirmations and chats name no contact, so it is nowhere at all.
    assert found_in(tmp_path, {one for one in personal | {"+4930999999"} if one}) == set()


def test_with_messages_encrypted_what_was_said_is_nowhere(
    sqlite_database: Database, tmp_path: Path
) -> None:
    store = Database(
        str(sqlite_database.url), keyring=Keyring({"k1": bytes(32)}, encrypt_messages=True)
    )
    with store.transaction() as session:
        conversation_id = make_conversation(session).id
    with store.transaction() as session:
        ConversationService(session).post_customer_message(
            conversation_id, client_id="1", text=f"Hello, {SECRET}"
        )
        queue = TurnQueue(session)
        work = queue.claim_next("w", lease_seconds=60)
        assert work is not None
        assert SECRET in work.text
        queue.complete(
            work.turn_id,
            worker="w",
            replies=[{"text": f"You said: {SECRET}", "payload": {"links": [SECRET]}}],
            nlu={"intent": "inform", "text": SECRET, "entities": [{"value": SECRET}]},
            actions=["action_listen"],
            handoff={"reason": "asked", "brief": {"last": SECRET}},
            latency_ms=3,
        )
    with store.reading() as session:
        said = session.scalars(select(Message).order_by(Message.seq)).all()
        assert [m.author for m in said][:2] == [Author.CUSTOMER, Author.BOT]
        assert said[0].text == f"Hello, {SECRET}"
        brief = ConversationService(session).brief(conversation_id)
        assert brief["assistant"] == {"last": SECRET}
    store.dispose()
    assert found_in(tmp_path, {SECRET}) == set()


def found_in(folder: Path, texts: set[str]) -> set[str]:
    """Which of the texts lie in the clear in the database, its log of writes, or its index."""
    files = [file.read_bytes() for file in folder.glob("kefu.db*")]
    assert files
    assert len(b"".join(files)) > 100_000
    return {one for one in texts if any(one.encode() in data for data in files)}
