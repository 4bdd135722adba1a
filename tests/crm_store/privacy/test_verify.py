"""The check after an erasure finds what others wrote about the person, and says where."""

from sqlalchemy import insert

from crm_store.crypto import Keyring
from crm_store.crypto.lookup import put_on
from crm_store.database import Database
from crm_store.models import Author, Message
from crm_store.privacy.erasing.verify import find_remains
from crm_store.privacy.identifiers import identifiers_of
from tests.factories import make_conversation, make_customer, make_order


def test_it_finds_them_in_plain_encrypted_and_indexed_columns(database: Database) -> None:
    with database.transaction() as session:
        grete = make_customer(
            session,
            name="Grete Müller",
            email="grete@example.com",
            phone="+4930123456",
            street="Lindenweg 77",
        )
        identifiers = identifiers_of(session, [grete.id])
        session.delete(grete)
        chat = make_conversation(session, last_text="Please call GRETE@example.com")
        make_customer(session, name="Somebody", email="grete@example.com")
        make_order(session, street="Lindenweg 77", ship_to="Grete Müller")
        row = {"conversation_id": chat.id, "author": Author.CUSTOMER}
        text = "write to grete@example.com, or 100%_sure +4930123456"
        session.execute(insert(Message), [row | {"seq": 1, "text": text, "nlu": {"e": "Müller"}}])
    put_on(database.engine, Keyring({"k1": bytes(range(32))}, encrypt_messages=True))
    with database.transaction() as session:
        nlu = {"entities": [{"value": "Grete Müller"}]}
        session.execute(insert(Message), [row | {"seq": 2, "text": text, "nlu": nlu}])
    steps: list[None] = []
    found = find_remains(database, identifiers, step=lambda: steps.append(None)).as_dict()
    assert found["certain"] == {
        "conversations.last_text": 1,
        "customers.email": 1,
        "messages.text": 2,
    }
    assert found["possible"].keys() >= {"messages.nlu", "orders.street"}
    assert len(steps) > 50


def test_nobody_is_looked_for_by_what_is_too_short(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, name="Al", email=None, external_id="7")
        identifiers = identifiers_of(session, [customer.id])
    assert (identifiers.certain, identifiers.possible) == ((), ())
    assert find_remains(database, identifiers, step=lambda: None).as_dict() == {
        "certain": {},
        "possible": {},
    }
