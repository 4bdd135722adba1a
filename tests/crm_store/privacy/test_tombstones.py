"""An erased person is known again, from nothing that could tell who they are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_store.customers.errors import PersonErased
from crm_store.customers.records import CustomerRecords
from crm_store.database import Database
from crm_store.jobs import JobService
from crm_store.models import Customer, Job, Tombstone
from crm_store.privacy.erasing.service import reapply_tombstones
from crm_store.privacy.identifiers import identifiers_of, records_of
from crm_store.privacy.ledger import LEDGER_FILE, ErasureLedger
from crm_store.privacy.tombstones import is_erased, lift_tombstones
from foundation.settings import Settings
from tests.factories import make_customer
from tests.factories.sales import make_seller

Erase = Callable[[Any], Job]
GRETE = {
    "external_id": "shop-4711",
    "name": "Grete Kunde",
    "email": "grete@example.com",
    "phone": "+4930123456",
}


def test_a_re_import_is_recognised_by_each_identifier(database: Database, erase: Erase) -> None:
    with database.transaction() as session:
        customer = make_customer(session, **GRETE)
    erase(customer.id)
    with database.transaction() as session:
        assert is_erased(session, external_id="shop-4711") == "external_id"
        assert is_erased(session, email=" Grete@Example.com ") == "email"
        assert is_erased(session, phone="0049 30 123456") == "phone"
        assert is_erased(session, external_id="shop-1", email="else@example.com") is None
        assert is_erased(session) is None


def test_digests_tell_nothing(database: Database, erase: Erase, settings: Settings) -> None:
    with database.transaction() as session:
        customer = make_customer(session, **GRETE)
    erase(customer.id)
    ledger = (settings.var / LEDGER_FILE).read_text()
    with database.reading() as session:
        rows = [str(vars(stone)) for stone in session.scalars(select(Tombstone))]
    for value in (*GRETE.values(), str(customer.id)):
        assert value not in ledger
        assert not any(value in row for row in rows)


def test_an_address_that_somebody_living_has_too_says_nothing(
    database: Database, erase: Erase
) -> None:
    with database.transaction() as session:
        customer = make_customer(session, **GRETE)
        make_customer(session, name="Hans Kunde", email=GRETE["email"])
    erase(customer.id)
    with database.transaction() as session:
        assert is_erased(session, email=GRETE["email"]) is None
        assert is_erased(session, external_id="shop-4711") == "external_id"


def test_a_restored_person_is_erased_again(
    database: Database, erase: Erase, settings: Settings
) -> None:
    with database.transaction() as session:
        customer = make_customer(session, **GRETE)
        other = make_customer(session)
        created = customer.created_at
    erase(customer.id)
    # The backup is from before: it has the person, and no tombstones.
    with database.transaction() as session:
        for stone in session.scalars(select(Tombstone)):
            session.delete(stone)
        make_customer(session, id=customer.id, created_at=created, **GRETE)
    ledger = ErasureLedger(settings.var / LEDGER_FILE)
    with database.transaction() as session:
        (job,) = reapply_tombstones(session, ledger)
        assert JobService(session).get(job.id).payload["customer_id"] == str(customer.id)
        assert session.get(Customer, other.id) is not None


def test_who_comes_back_by_themselves_is_a_customer_again(
    database: Database, erase: Erase, settings: Settings
) -> None:
    with database.transaction() as session:
        customer = make_customer(session, **GRETE)
    erase(customer.id)
    with database.transaction() as session:
        back = make_customer(session, **GRETE)
        lift_tombstones(session, identifiers_of(session, records_of(session, back.id)))
        assert is_erased(session, external_id="shop-4711") is None
        assert reapply_tombstones(session, ErasureLedger(settings.var / LEDGER_FILE)) == []


def test_the_ledger_bears_a_line_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "erasures.jsonl"
    path.write_text('{"erasure_id": "x", "kind": "email", "digest": "d", "erased_at": "t"}\n{"era')
    assert [row["digest"] for row in ErasureLedger(path).rows()] == ["d"]


def test_staff_enter_who_was_erased_only_when_they_came_back(
    database: Database, erase: Erase
) -> None:
    with database.transaction() as session:
        customer = make_customer(session, **GRETE)
    erase(customer.id)
    with database.transaction() as session:
        ann, records = make_seller(session), CustomerRecords(session)
        for mark in ("external_id", "email", "phone"):
            with pytest.raises(PersonErased):
                records.create({"name": "Grete", mark: GRETE[mark]}, asker=ann)
        back = records.create(GRETE, asker=ann, came_back=True)
    with database.transaction() as session:
        assert is_erased(session, external_id=GRETE["external_id"]) is None
        assert session.get_one(Customer, back.id).email == GRETE["email"]
