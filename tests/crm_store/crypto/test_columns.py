"""The column types, on both databases."""

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError

from crm_store.crypto import CannotDecrypt, Keyring, NoDataKeys, NotComparable
from crm_store.crypto.rekeying import encrypted_tables
from crm_store.customers.contacts import has_email, has_phone
from crm_store.database import Database
from crm_store.models import Conversation, Customer, Message, Order
from crm_store.models.encrypted import Encrypted, EncryptedText
from crm_store.writes import insert_missing
from foundation.ids import new_id
from tests.crm_store.crypto.raw import key_ids, stored
from tests.factories import make_customer, make_order
from tests.factories.chats import make_conversation

EMAIL, PHONE = "anna@example.com", "+49301234567"


def test_a_value_opens_under_the_name_of_its_own_column() -> None:
    for table in encrypted_tables():
        for column in table.columns:
            if isinstance(column.type, Encrypted):
                assert column.type.column == f"{table.name}.{column.name}"
            if isinstance(column.type, EncryptedText):
                assert (f"{column.name}_index" in table.c) == column.type.indexed


def test_personal_fields_are_sealed_and_read_as_text(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, email=EMAIL, phone=PHONE, street="Ringstraße 1")
        make_order(session, customer, street="Ringstraße 1", ship_to="Anna Beispiel")
    for column in ("customers.email", "customers.phone", "customers.street", "orders.ship_to"):
        assert key_ids(database, column) == {"k1"}
    with database.reading() as session:
        again = session.scalars(select(Customer)).one()
        order = session.scalars(select(Order)).one()
        assert (again.email, again.phone, again.street) == (EMAIL, PHONE, "Ringstraße 1")
        assert (order.ship_to, order.street) == ("Anna Beispiel", "Ringstraße 1")


def test_every_way_of_writing_keeps_the_index(database: Database) -> None:
    def found(email: str) -> int:
        with database.reading() as session:
            rows = select(func.count()).select_from(Customer).where(has_email(session, email))
            return session.scalar(rows) or 0

    keys = [new_id() for _ in range(3)]
    with database.transaction() as session:
        make_customer(session, email=EMAIL)
        session.execute(
            insert(Customer), [{"id": key, "name": "A", "email": EMAIL} for key in keys[:2]]
        )
        insert_missing(session, Customer, [{"id": keys[2], "name": "A", "email": EMAIL}], on="id")
    assert found(EMAIL) == found(" ANNA@example.com") == 4
    with database.transaction() as session:
        session.execute(
            update(Customer).where(Customer.id == keys[0]).values(email="b@example.com")
        )
        session.get_one(Customer, keys[1]).email = None
    assert (found(EMAIL), found("b@example.com"), found("anna@")) == (2, 1, 0)


def test_a_phone_number_is_found(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, phone=PHONE)
        make_customer(session)
        for typed in (PHONE, "0049 30 1234567", "+49 (0)30 123-4567"):
            assert session.scalars(select(Customer.id).where(has_phone(session, typed))).all() == [
                customer.id
            ]
        assert session.scalars(select(Customer).where(has_phone(session, "030"))).all() == []


def test_the_index_is_used(database: Database) -> None:
    with database.transaction() as session:
        rows = [{"id": new_id(), "name": "A", "email": f"{n}@example.com"} for n in range(1_500)]
        insert_missing(session, Customer, rows, on="id")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE customers")
    with database.reading() as session:
        query = select(Customer.id).where(has_email(session, "7@example.com"))
        compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        plan = session.connection().exec_driver_sql(f"{explain}{compiled}").all()
    assert "ix_customers_email_index" in str(plan)


@pytest.mark.parametrize(
    "compare",
    [
        lambda: Customer.email == EMAIL,
        lambda: Customer.email != EMAIL,
        lambda: Customer.email.in_([EMAIL]),
        lambda: Customer.phone.startswith("+49"),
        Customer.street.desc,
    ],
)
def test_sql_cannot_compare_ciphertexts(compare: object) -> None:
    with pytest.raises(NotComparable, match=r"customers\.\w+ is encrypted"):
        compare()  # type: ignore[operator]
    assert "IS NULL" in str(Customer.email.is_(None))


def test_messages_are_the_operators_choice(database: Database) -> None:
    private = Database(
        database.url.render_as_string(hide_password=False),
        keyring=Keyring({"k1": bytes(range(32))}, encrypt_messages=True),
    )
    nlu = {"intent": "greet", "entities": [{"value": "Müller"}]}
    said = [("plain", database), ("secret", private), ("enc1:forged", database)]
    with database.transaction() as session:
        conversation_id = make_conversation(session).id
    for seq, (text, store) in enumerate(said, start=1):
        with store.transaction() as session:
            message = Message(
                conversation_id=conversation_id, seq=seq, author="customer", text=text, nlu=nlu
            )
            session.add(message)
    assert [v.startswith("enc1:") for v in stored(database, "messages.text")] == [
        False, True, True,
    ]  # fmt: skip
    assert [v.startswith('"enc1:') for v in stored(database, "messages.nlu")] == [
        False, True, False,
    ]  # fmt: skip
    for store in (database, private):
        with store.reading() as session:
            messages = session.scalars(select(Message).order_by(Message.seq)).all()
            assert [m.text for m in messages] == [text for text, _ in said]
            assert all(m.nlu == nlu for m in messages)
            assert session.get_one(Conversation, conversation_id).handoff_brief is None
    private.dispose()


def test_without_keys_a_personal_field_can_neither_be_stored_nor_read(
    sqlite_database: Database,
) -> None:
    keyless = Database(str(sqlite_database.url))
    with pytest.raises(NoDataKeys, match="KEFU_DATA_KEYS"), keyless.transaction() as session:
        make_customer(session, email=EMAIL)
    with sqlite_database.transaction() as session:
        make_customer(session, email=EMAIL)
    with pytest.raises(NoDataKeys), keyless.reading() as session:
        session.scalars(select(Customer)).all()
    with pytest.raises(NoDataKeys), keyless.reading() as session:
        has_email(session, EMAIL)
    keyless.dispose()


def test_a_moved_value_is_refused(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, phone=PHONE, email=EMAIL)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE customers SET phone = email")
    with database.reading() as session, pytest.raises(CannotDecrypt) as refused:
        session.get(Customer, customer.id)
    assert refused.value.detail == (
        "customers.phone: cannot decrypt under key 'k1': changed or damaged"
    )


def test_the_database_computes_the_index_alone(database: Database) -> None:
    row = {"id": new_id(), "name": "A", "email_index": "f" * 32}
    with database.transaction() as session, pytest.raises(DBAPIError):
        session.execute(insert(Customer), [row])
