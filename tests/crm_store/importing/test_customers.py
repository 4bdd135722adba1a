"""Customers come in once, however often and in whatever shape."""

from typing import Any

from sqlalchemy import delete, select

from crm_store.customers.contacts import has_email
from crm_store.database import Database
from crm_store.importing.mapping import BadValues, ConflictPolicy
from crm_store.linkage.job import LINK_NEW
from crm_store.models import (
    AuditEntry,
    Consent,
    Customer,
    ImportRun,
    ImportStatus,
    Job,
    Purpose,
)
from crm_store.privacy.identifiers import identifiers_of
from crm_store.privacy.tombstones import set_tombstones
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.crm_store.importing.conftest import Imports, counts, reasons
from tests.factories import make_customer

HEADER = "Kundennummer,Name,E-Mail,Telefon,Straße,PLZ,Ort,Land,Newsletter,Angelegt am"
ANNA = (
    "C-1,ANNA MÜLLER, Anna@Example.com ,030 1234567,Lindenweg 1,10115,Berlin,Deutschland,ja,"
    "5.3.2024"
)
BEN = "C-2,Ben O'Neil,ben@example.com,+1 415 555 2671,1 Main St,94107,San Francisco,USA,nein,N/A"


def customer(database: Database, external_id: str) -> Customer:
    with database.reading() as session:
        return session.scalars(select(Customer).where(Customer.external_id == external_id)).one()


def test_what_is_written_in_many_ways_is_stored_in_one(
    imports: Imports, database: Database
) -> None:
    report = imports([HEADER, ANNA, BEN], region="DE")
    assert counts(report) == (2, 0, 0, 0)
    anna = customer(database, "C-1")
    assert (anna.name, anna.email, anna.phone) == (
        "Anna Müller",
        "anna@example.com",
        "+49301234567",
    )
    assert (anna.street, anna.postal_code, anna.city, anna.country) == (
        "Lindenweg 1",
        "10115",
        "Berlin",
        "DE",
    )
    assert anna.created_at.date().isoformat() == "2024-03-05"
    ben = customer(database, "C-2")
    assert (ben.phone, ben.country) == ("+14155552671", "US")
    with database.reading() as session:
        assert session.scalars(
            select(Customer.external_id).where(has_email(session, "anna@example.com"))
        ).all() == ["C-1"]
        consents = session.scalars(select(Consent)).all()
        assert [(one.customer_id, one.purpose, one.granted) for one in consents] == [
            (anna.id, Purpose.MARKETING_EMAIL, True)
        ]
    for rule in ("name_case", "email_case", "phone_format", "country_code", "missing_marker"):
        assert report.rules[rule] >= 1, rule


def test_a_second_run_changes_nothing(imports: Imports) -> None:
    imports([HEADER, ANNA, BEN], region="DE")
    assert counts(imports([HEADER, ANNA, BEN], region="DE")) == (0, 0, 2, 0)


def test_what_differs_is_changed_and_blanks_erase_nothing(
    imports: Imports, database: Database
) -> None:
    imports([HEADER, ANNA, BEN], region="DE")
    moved = "C-1,Anna Müller,,,Ringstraße 9,20095,Hamburg,DE,,"
    assert counts(imports([HEADER, moved, BEN], region="DE")) == (0, 1, 1, 0)
    anna = customer(database, "C-1")
    assert (anna.street, anna.city, anna.email) == ("Ringstraße 9", "Hamburg", "anna@example.com")
    assert anna.phone == "+49301234567"


def test_the_store_can_be_the_one_that_is_right(imports: Imports, database: Database) -> None:
    with database.transaction() as session:
        make_customer(session, external_id="C-1", name="Anna", email="kept@example.com")
    policy = {"region": "DE", "conflict": ConflictPolicy.FILL}
    assert counts(imports([HEADER, ANNA], **policy)) == (0, 1, 0, 0)
    anna = customer(database, "C-1")
    assert (anna.name, anna.email, anna.city) == ("Anna", "kept@example.com", "Berlin")
    other = "C-1,Somebody Else,x@example.com,,,,Bonn,,,"
    skip: dict[str, Any] = {"region": "DE", "conflict": ConflictPolicy.SKIP}
    assert counts(imports([HEADER, other], **skip)) == (0, 0, 1, 0)
    assert customer(database, "C-1").city == "Berlin"


def test_without_an_id_the_address_tells(imports: Imports, database: Database) -> None:
    with database.transaction() as session:
        make_customer(session, name="Cy", email="cy@example.com")
        for _ in range(2):
            make_customer(session, name="Twin", email="shared@example.com")
    rows = [
        "name,email,city",
        "Cy,cy@example.com,Rome",
        "Dee,dee@example.com,Oslo",
        "Dee,DEE@example.com,Bergen",
        "Twin,shared@example.com,Wien",
    ]
    report = imports(rows)
    assert counts(report) == (1, 2, 0, 1)
    assert reasons(report) == ["5 email: several customers have it, and no id tells which"]


def test_rows_that_cannot_be_are_kept_aside_and_can_be_put_right(
    imports: Imports, database: Database
) -> None:
    bad = [
        "C-3,Carl,not-an-address,,,,,,,",
        "C-4,Dora,,12,,,,,,",
        "C-5,Emil,,,,,,Atlantis,,",
        "C-6,Fritz,,,,,,,,31.02.2024",
        "C-7,Gerd,,,,,,,,1.1.2150",
        ",Hans,,,,,,,,",
        "C-8,,,,,,,,,",
        "C-9,Ida,,,,,,,maybe,",
        "C-10,Jan,,,,,,,,01.01.1900",
    ]
    report = imports([HEADER, ANNA, *bad], region="DE")
    assert counts(report) == (2, 0, 0, 8)
    assert reasons(report) == [
        "3 E-Mail: not an e-mail address",
        "4 Telefon: not a phone number",
        "5 Land: not a country",
        "6 Angelegt am: not a date of the calendar",
        "7 Angelegt am: a date in the future",
        "8 Kundennummer: no external_id or email or phone",
        "9 Name: no name, and nobody is known by this key",
        "10 Newsletter: neither yes nor no",
    ]
    assert report.reject_file is not None
    assert report.reject_file.stat().st_mode & 0o777 == 0o600
    fixed = report.reject_file.read_text(encoding="utf-8").replace(
        "not-an-address", "c@example.com"
    )
    path = report.reject_file.with_name("fixed.csv")
    path.write_text(fixed, encoding="utf-8")
    assert counts(imports(path, region="DE")) == (1, 0, 0, 7)
    assert customer(database, "C-3").email == "c@example.com"


def test_bad_values_can_be_left_out_instead(imports: Imports, database: Database) -> None:
    rows = [HEADER, "C-3,Carl,not-an-address,12,,,,Atlantis,,"]
    assert counts(imports(rows, on_bad=BadValues.BLANK)) == (1, 0, 0, 0)
    carl = customer(database, "C-3")
    assert (carl.email, carl.phone, carl.country) == (None, None, None)


def test_first_and_last_name_are_one(imports: Imports, database: Database) -> None:
    imports(["id,Vorname,Nachname", "C-1,Anna,Berg"])
    assert customer(database, "C-1").name == "Anna Berg"


def test_who_shares_an_address_may_be_the_same(imports: Imports, database: Database) -> None:
    with database.transaction() as session:
        make_customer(session, external_id="X-1", email="ann@example.com")
    rows = ["id,name,email,phone", "C-1,Ann,ann@example.com,+4930123456"]
    rows += ["C-2,Bea,bea@example.com,", "C-3,Bea B,bea@example.com,"]
    report = imports(rows)
    assert (report.created, report.possible_duplicates) == (3, 2)


def test_a_merged_record_leads_to_the_one_that_stays(imports: Imports, database: Database) -> None:
    with database.transaction() as session:
        stays = make_customer(session, external_id="S-1", name="Anna Berg")
        make_customer(session, external_id="M-1", name="A. Berg", merged_into_id=stays.id)
    assert counts(imports(["id,name,city", "M-1,Anna Berg,Kiel"])) == (0, 1, 0, 0)
    assert customer(database, "S-1").city == "Kiel"


def test_new_customers_are_compared_with_those_who_were_there(
    imports: Imports, database: Database
) -> None:
    with database.transaction() as session:
        known = make_customer(session, external_id="X-1", email="ann@example.com").id
    imports([HEADER, ANNA, BEN], region="DE", dry_run=True)
    report = imports([HEADER, ANNA, BEN], region="DE")
    imports([HEADER, ANNA.replace("Berlin", "Kiel"), BEN], region="DE")
    with database.reading() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == LINK_NEW))
        assert job.payload == {"since": str(report.id)}
        after = select(Customer.external_id).where(Customer.id > report.id)
        assert sorted(session.scalars(after)) == ["C-1", "C-2"]
        assert known < report.id


def test_a_dry_run_says_the_same_and_writes_nothing(imports: Imports, database: Database) -> None:
    rows = [HEADER, ANNA, BEN, ANNA.replace("Berlin", "Kiel"), "C-3,Carl,nope,,,,,,,"]
    dry = imports(rows, dry_run=True, batch_size=1, region="DE")
    with database.reading() as session:
        assert session.scalars(select(Customer)).all() == []
    real = imports(rows, batch_size=1, region="DE")
    assert counts(dry) == counts(real) == (2, 1, 0, 1)
    assert dry.rules == real.rules
    assert not list((real.reject_file or dry.reject_file).parent.parent.glob("*/dry-run.db*"))  # type: ignore[union-attr]


def test_a_run_is_recorded_and_audited(imports: Imports, database: Database) -> None:
    report = imports([HEADER, ANNA], region="DE")
    with database.reading() as session:
        run = session.get(ImportRun, report.id)
        assert run is not None
        assert (run.status, run.read, run.source_name) == (ImportStatus.DONE, 1, "customers.csv")
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    assert [entry.action for entry in entries] == ["import.started", "import.finished"]
    assert all("anna" not in entry.facts_text.lower() for entry in entries)


def test_who_was_erased_is_not_brought_back(imports: Imports, database: Database) -> None:
    imports([HEADER, ANNA, BEN], region="DE")
    with database.transaction() as session:
        erased = identifiers_of(session, [customer(database, "C-1").id])
        set_tombstones(session, erased, erasure_id=new_id(), at=utc_now())
        session.execute(delete(Consent))
        session.execute(delete(Customer).where(Customer.external_id == "C-1"))
    other_id = ANNA.replace("C-1", "C-77")
    report = imports([HEADER, ANNA, BEN, other_id], region="DE")
    assert (report.created, report.unchanged, report.erased) == (0, 1, 2)
    with database.reading() as session:
        assert session.scalars(select(Customer.external_id)).all() == ["C-2"]
