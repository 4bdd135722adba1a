"""Rotating keys: with values of every kind, beside others who write, killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from crm_store.crypto import CannotDecrypt, Keyring
from crm_store.crypto.keyring import LOOK_SECONDS
from crm_store.crypto.opening import keyring_from
from crm_store.crypto.registry import require_keys
from crm_store.crypto.rekeying import Pace, rekey
from crm_store.customers.contacts import has_email
from crm_store.database import Database
from crm_store.models import Customer, DataKeyUse, Message
from crm_store.writes import insert_missing
from foundation.errors import BadSettings
from foundation.ids import new_id
from foundation.secrets import add_data_key, write_missing_secrets
from foundation.settings import load_settings
from tests.crm_store.crypto.raw import key_ids, stored
from tests.factories import make_customer
from tests.factories.chats import make_conversation

ROOT = Path(__file__).resolve().parents[3]
K1, K2 = {"k1": bytes(range(32))}, {"k2": bytes(range(1, 33))}
COLUMNS = ("customers.email", "customers.phone", "customers.street")


@contextmanager
def opened(database: Database, keyring: Keyring) -> Iterator[Database]:
    other = Database(address_of(database), keyring=keyring)
    yield other
    other.dispose()


def address_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def add_customers(database: Database, number: int) -> None:
    rows = [
        {
            "id": new_id(),
            "name": "A",
            "email": f"customer{n}@example.com",
            "phone": f"+49301{n:06d}",
            "street": f"Ringstraße {n}",
        }
        for n in range(number)
    ]
    with database.transaction() as session:
        insert_missing(session, Customer, rows, on="id")


def make_plain(database: Database) -> None:
    """The state of a store from before."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE customers SET email = 'plain@example.com', phone = NULL"))


def test_everything_comes_under_the_newest_key(database: Database) -> None:
    add_customers(database, 30)
    with database.transaction() as session:
        make_conversation(session)
    told: list[tuple[str, int, int]] = []
    with opened(database, Keyring(K2 | K1)) as rotating:
        report = rekey(rotating, pace=Pace(batch=7), progress=lambda *one: told.append(one))
        assert (report.key_id, report.left, report.unused_keys) == ("k2", 0, ["k1"])
        assert report.rewritten["customers"] == 30
        assert ("customers", 28, 30) in told
        assert told[-1][1] == told[-1][2]
        for column in COLUMNS:
            assert key_ids(database, column) == {"k2"}
        with rotating.reading() as session:
            wanted = has_email(session, "customer7@example.com")
            assert session.scalars(select(Customer.street).where(wanted)).all() == ["Ringstraße 7"]
        again = rekey(rotating)
        assert sum(again.rewritten.values()) == 0
    with opened(database, Keyring(K2)) as without_the_old:
        require_keys(without_the_old)
        with without_the_old.reading() as session:
            assert session.scalar(select(func.count()).select_from(Customer)) == 30


def test_a_plain_store_is_encrypted_and_the_choice_goes_both_ways(database: Database) -> None:
    with database.transaction() as session:
        make_customer(session, email="x@example.com")
        conversation_id = make_conversation(session, last_text="hello").id
        session.add(
            Message(
                conversation_id=conversation_id,
                seq=1,
                author="customer",
                text="hello",
                nlu={"intent": "greet"},
            )
        )
    make_plain(database)
    assert key_ids(database, "customers.email") == {"plain"}
    for encrypt, state in ((False, "plain"), (True, "k1"), (False, "plain")):
        with opened(database, Keyring(K1, encrypt_messages=encrypt)) as store:
            rekey(store)
            assert key_ids(database, "customers.email") == {"k1"}
            for column in ("messages.text", "messages.nlu", "conversations.last_text"):
                assert key_ids(database, column) == {state}
            with store.reading() as session:
                message = session.scalars(select(Message)).one()
                assert (message.text, message.nlu) == ("hello", {"intent": "greet"})
                assert session.scalars(select(Customer.email)).all() == ["plain@example.com"]


def test_a_text_that_looks_sealed_stays_sealed(database: Database) -> None:
    with database.transaction() as session:
        conversation_id = make_conversation(session).id
        session.add(
            Message(conversation_id=conversation_id, seq=1, author="customer", text="enc1:x")
        )
    with opened(database, Keyring(K2 | K1)) as store:
        assert rekey(store).left == 0
        with store.reading() as session:
            assert session.scalars(select(Message.text)).all() == ["enc1:x"]


def test_a_value_that_changed_meanwhile_is_not_overwritten(database: Database) -> None:
    add_customers(database, 3)
    changed: list[str] = []

    def interfere(table: str, done: int, total: int) -> None:
        if table == "customers" and not changed and done < total:
            with database.transaction() as session:
                customer = session.scalars(
                    select(Customer).order_by(Customer.id.desc()).limit(1)
                ).one()
                customer.email = "moved@example.com"
            changed.append("yes")

    with opened(database, Keyring(K2 | K1)) as rotating:
        report = rekey(rotating, pace=Pace(batch=1), progress=interfere)
        assert changed
        assert report.left == 0
        assert key_ids(database, "customers.email") == {"k2"}
        with rotating.reading() as session:
            wanted = has_email(session, "moved@example.com")
            assert session.scalar(select(func.count()).select_from(Customer).where(wanted)) == 1


def test_a_value_that_cannot_be_read_is_named_and_kept(database: Database) -> None:
    add_customers(database, 1)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE customers SET street = 'enc1::k1:AAAA'"))
    before = stored(database, "customers.street")
    with opened(database, Keyring(K2 | K1)) as rotating, pytest.raises(CannotDecrypt) as refused:
        rekey(rotating)
    assert "customers.street" in refused.value.detail
    assert stored(database, "customers.street") == before


def test_a_lost_or_another_key_of_that_name_is_noticed(database: Database) -> None:
    rekey(database)
    require_keys(database)
    for keys, reason in ((K2, "lacks the key 'k1'"), ({"k1": bytes(32)}, "'k1' is not the one")):
        with (
            opened(database, Keyring(keys)) as other,
            pytest.raises(BadSettings, match=reason),
        ):
            require_keys(other)
    with database.reading() as session:
        assert session.scalars(select(DataKeyUse.key_id)).all() == ["k1"]


@pytest.fixture
def installed(database: Database, tmp_path: Path) -> tuple[Database, Path]:
    """A store of 60 customers under the key of a secrets file."""
    write_missing_secrets(load_settings(env_file=None, var=tmp_path))
    with opened(database, ring_of(database, tmp_path)) as store:
        add_customers(store, 60)
    return database, tmp_path


def ring_of(database: Database, var: Path) -> Keyring:
    settings = load_settings(env_file=None, var=var, database_url=address_of(database))
    keyring = keyring_from(settings)
    assert keyring is not None
    return keyring


def started(script: str, database: Database, var: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, f"tests/crm_store/crypto/{script}", address_of(database), str(var)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_in_the_middle_the_next_run_goes_on(installed: tuple[Database, Path]) -> None:
    database, var = installed
    add_data_key(var / "secrets.env")
    process = started("rotating.py", database, var)
    assert process.stdout
    for line in process.stdout:
        if line.startswith("customers 30 "):
            process.send_signal(signal.SIGKILL)
            break
    assert process.wait(timeout=30) == -signal.SIGKILL
    process.communicate()
    assert key_ids(database, "customers.email") == {"k1", "k2"}
    with opened(database, ring_of(database, var)) as store:
        for number in (0, 31, 59):
            with store.reading() as session:
                wanted = has_email(session, f"customer{number}@example.com")
                assert session.scalars(select(Customer).where(wanted)).one().street
        report = rekey(store)
        assert 0 < report.rewritten["customers"] < 60
        assert (report.left, report.unused_keys) == (0, ["k1"])
    assert key_ids(database, "customers.email") == {"k2"}


def test_a_running_process_never_notices(installed: tuple[Database, Path]) -> None:
    database, var = installed
    serving = started("shopping.py", database, var)
    assert serving.stdout
    assert serving.stdout.readline() == "serving\n"
    time.sleep(1.0)
    add_data_key(var / "secrets.env")
    time.sleep(2 * LOOK_SECONDS)
    with opened(database, ring_of(database, var)) as store:
        report = rekey(store, pace=Pace(batch=5, pause=0.01))
        assert (report.left, report.unused_keys) == (0, ["k1"])
    time.sleep(0.5)
    said, _ = serving.communicate(input="", timeout=30)
    assert serving.returncode == 0
    served = said.splitlines()[-1]
    assert int(served.removeprefix("served ")) > 60
    assert key_ids(database, "customers.email") == key_ids(database, "customers.phone") == {"k2"}
