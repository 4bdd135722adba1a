"""Workbooks: their types and sheets, merged and far cells, files that are cut off or a bomb."""

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from crm_store.database import Database
from crm_store.importing.errors import FileTooLarge, UnreadableFile
from crm_store.importing.mapping.propose import propose
from crm_store.importing.reading import ReadingOptions, open_source, sheets_of
from crm_store.importing.run import service
from crm_store.importing.targets import target_named
from crm_store.models import Customer
from tests.crm_store.importing.conftest import (
    Imports,
    counts,
    reasons,
)


def workbook(path: Path, rows: list[list[object]], *, merge: str | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    book.create_sheet("empty")
    book.save(path)
    return path


def test_a_workbook_keeps_its_types(
    sqlite_imports: Imports, sqlite_database: Database, tmp_path: Path
) -> None:
    rows: list[list[object]] = [
        ["id", "name", "plz", "created at", None],
        [1001, "Anna", 10115, datetime(2024, 3, 5, 10), None],  # noqa: DTZ001
        [1002.0, "Ben", "01067", date(2024, 3, 6), None],
        [None, None, None, None, None],
        [1003, "=1+1", "#N/A", 45356, None],
    ]
    report = sqlite_imports(workbook(tmp_path / "book.xlsx", rows))
    assert report.read == 3
    with sqlite_database.reading() as session:
        found = session.execute(
            select(Customer.external_id, Customer.postal_code).order_by(Customer.external_id)
        ).all()
    assert [tuple(row) for row in found][:2] == [("1001", "10115"), ("1002", "01067")]


def test_merged_cells_are_blank_but_the_first(sqlite_imports: Imports, tmp_path: Path) -> None:
    rows: list[list[object]] = [["id", "name"], ["C-1", "Anna"], ["C-2", "Ben"], ["C-3", "Carl"]]
    path = workbook(tmp_path / "merged.xlsx", rows, merge="B2:B3")
    report = sqlite_imports(path)
    assert counts(report) == (2, 0, 0, 1)
    assert reasons(report) == ["3 name: no name, and nobody is known by this key"]


def test_a_workbook_cut_off_in_the_middle(tmp_path: Path) -> None:
    path = workbook(tmp_path / "cut.xlsx", [["id", "name"], ["C-1", "Anna"]])
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(UnreadableFile, match="damaged"):
        open_source(path)


def test_a_workbook_that_is_a_bomb(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bomb.xlsx", [["id", "name"], ["C-1", "Anna"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"0" * 60_000_000)
    with pytest.raises(FileTooLarge):
        open_source(path)


def test_a_cell_at_the_far_end_costs_no_memory(sqlite_imports: Imports, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "name"], ["C-1", "Anna"]):
        sheet.append(row)
    sheet.cell(row=200_000, column=9_000, value="x")
    book.save(tmp_path / "far.xlsx")
    report = sqlite_imports(tmp_path / "far.xlsx")
    assert report.created == 1


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", [["id"], ["C-1"]])
    assert open_source(path, ReadingOptions(sheet="1")).header == ["id"]
    with pytest.raises(UnreadableFile, match="no sheet of that name"):
        open_source(path, ReadingOptions(sheet="Nope"))


def test_the_other_sheets_are_named_where_something_is_doubtful(tmp_path: Path) -> None:
    book = Workbook()
    for name, rows in (
        ("Cover", [["Our customers, 2026"]]),
        ("Data", [["id", "name"], ["1", "A"]]),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "book.xlsx")
    assert sheets_of(open_source(tmp_path / "book.xlsx")) == ["Cover", "Data"]
    assert sheets_of(open_source(tmp_path / "book.xlsx", ReadingOptions(sheet="Data")))[0] == "Data"
    customers = target_named("customers")
    doubts = service.proposal_for(tmp_path / "book.xlsx", "customers").doubts
    assert doubts[-1].startswith("sheet: 'Cover' was read; there are also 'Data' (say which with")
    assert not propose(customers, ["id", "name"], [], sheets=["Data", "Cover"]).doubts
    many = propose(customers, ["x"], [], sheets=[str(number) for number in range(30)])
    assert "'10' and 19 more" in many.doubts[-1]
