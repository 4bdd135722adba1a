"""Exports hold what the store holds, run nothing, and can be imported again."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from crm_store.asking import AsStaff, AsSystem
from crm_store.database import Database
from crm_store.exporting import ExportFilter, UnknownExport, export
from crm_store.exporting.tables import EXPORTS
from crm_store.models import AuditEntry, Consent, Customer, Role
from crm_store.privacy.classified import ERASED_ID
from foundation.errors import NotAllowed
from foundation.ids import new_id
from tests.crm_store.importing.conftest import counts, importing_into
from tests.factories import make_customer, make_order, make_product

ASKER = AsSystem("a test")
HOSTILE = [
    '=HYPERLINK("http://evil","x")',
    "+1+1 anna",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "'=quoted",
    "＝1 ben",
]


@pytest.fixture
def shop(database: Database) -> Database:
    with database.transaction() as session:
        for number, name in enumerate(HOSTILE):
            make_customer(
                session, external_id=f"C-{number}", name=name, email=f"c{number}@example.com",
                phone=f"+49301234{number:03d}", street=f"{name} 1", city="Kiel", country="DE",
                created_at=datetime(2024, 3, number + 1, tzinfo=UTC),
            )  # fmt: skip
        anna = make_customer(
            session,
            external_id="C-9",
            name="Anna",
            country="AT",
            created_at=datetime(2024, 5, 1, tzinfo=UTC),
        )
        product = make_product(session, sku="SKU-1", name="Tent", price_minor=4900)
        make_order(session, anna, products=[product], number="KF-0000001")
    return database


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_all_come_back(
    shop: Database, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"customers.{ending}"
    assert export(shop, "customers", path, ASKER).rows == len(HOSTILE) + 1
    assert path.stat().st_mode & 0o777 == 0o600
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
    else:
        sheet = load_workbook(path).worksheets[0]
        found = [cell for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in found)
        cells = [cell.value for cell in found if isinstance(cell.value, str)]
    assert not [cell for cell in cells if cell and cell[0] in "=+-@\t\r\n"]
    with shop.transaction() as session:
        before = session.execute(
            select(Customer.external_id, Customer.name, Customer.street, Customer.phone)
        ).all()
    report = importing_into(shop, tmp_path)(path)
    assert counts(report) == (0, 0, len(HOSTILE) + 1, 0)
    with shop.transaction() as session:
        after = session.execute(
            select(Customer.external_id, Customer.name, Customer.street, Customer.phone)
        ).all()
    assert sorted(after) == sorted(before)


def test_numbers_and_times_stay_what_they_are(shop: Database, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    export(shop, "orders", path, ASKER)
    sheet = load_workbook(path).worksheets[0]
    header = [cell.value for cell in sheet[1]]
    row = dict(zip(header, [cell.value for cell in sheet[2]], strict=True))
    assert (row["total"], row["shipping"], row["currency"]) == (53.9, 4.9, "EUR")
    assert isinstance(row["placed_at"], datetime)
    export(shop, "order-lines", tmp_path / "lines.parquet", ASKER)
    line = pq.read_table(tmp_path / "lines.parquet").to_pylist()[0]
    assert (line["sku"], line["quantity"], line["unit_price"]) == ("SKU-1", 1, 49.0)


@pytest.mark.parametrize("kind", sorted(EXPORTS))
@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx", "parquet"])
def test_everything_can_be_exported(shop: Database, tmp_path: Path, kind: str, ending: str) -> None:
    done = export(shop, kind, tmp_path / f"file.{ending}", ASKER)
    assert (tmp_path / f"file.{ending}").exists()
    assert done.rows >= 0
    assert [one.name for one in tmp_path.glob("*") if one.name.endswith("part")] == []


def test_orders_come_back_unchanged(shop: Database, tmp_path: Path) -> None:
    run = importing_into(shop, tmp_path)
    for kind in ("products", "categories", "orders", "order_lines"):
        path = tmp_path / f"{kind}.jsonl"
        export(shop, kind, path, ASKER)
        assert counts(run(path, kind))[:2] == (0, 0), kind


def test_rows_can_be_chosen(shop: Database, tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    wanted = ExportFilter(
        since=datetime(2024, 3, 2, tzinfo=UTC), until=datetime(2024, 3, 4, tzinfo=UTC)
    )
    assert export(shop, "customers", path, ASKER, wanted=wanted).rows == 2
    chosen = ExportFilter(equal={"country": "AT"})
    assert export(shop, "customers", path, ASKER, wanted=chosen).rows == 1
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == "Anna"
    for bad in ({"email": "x"}, {"status": "eaten"}):
        with pytest.raises(UnknownExport):
            export(shop, "orders", path, ASKER, wanted=ExportFilter(equal=bad))


def test_what_is_taken_out_is_audited_and_not_for_everybody(shop: Database, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    with pytest.raises(NotAllowed):
        export(shop, "customers", path, AsStaff(new_id(), Role.AGENT))
    assert not path.exists()
    export(shop, "customers", path, AsStaff(new_id(), Role.ADMIN))
    with shop.reading() as session:
        actions = session.scalars(select(AuditEntry.action)).all()
    assert actions == ["export.made"]


@pytest.mark.parametrize(("kind", "name"), [("secrets", "a.csv"), ("customers", "a.exe")])
def test_what_is_not_known_is_named(
    sqlite_database: Database, tmp_path: Path, kind: str, name: str
) -> None:
    with pytest.raises(UnknownExport):
        export(sqlite_database, kind, tmp_path / name, ASKER)


def test_the_record_that_stands_for_erased_people_is_nobody(shop: Database, tmp_path: Path) -> None:
    with shop.transaction() as session:
        session.add(Customer(id=ERASED_ID, name="Erased customer", locale="en"))
        session.flush()
        session.add(
            Consent(customer_id=ERASED_ID, purpose="profiling", granted=False, source="erasure")
        )
    for kind in ("customers", "consents"):
        target = tmp_path / f"{kind}.csv"
        export(shop, kind, target, ASKER)
        assert "rased" not in target.read_text(encoding="utf-8")
        assert "erasure" not in target.read_text(encoding="utf-8")
