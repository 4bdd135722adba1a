"""Files that nobody should have made end with a report."""

import gzip
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import func, select

from crm_store.database import Database
from crm_store.importing.errors import BadMapping, FileTooLarge, UnreadableFile
from crm_store.importing.reading import ReadingOptions, open_source
from crm_store.models import Customer
from tests.crm_store.importing.conftest import (
    Imports,
    counts,
    csv_file,
    importing_into,
    mapping_for,
    proposal_for,
    reasons,
)


def names(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Customer.name).order_by(Customer.external_id)))


def test_two_encodings_in_one_file(
    sqlite_imports: Imports, sqlite_database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(
        b"id,name\n" + "C-1,Jürgen\n".encode() + "C-2,Zoë\n".encode("cp1252") + "C-3,王\n".encode()
    )
    report = sqlite_imports(path)
    assert counts(report) == (3, 0, 0, 0)
    assert report.rules["encoding"] == 1
    assert names(sqlite_database) == ["Jürgen", "Zoë", "王"]


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "gb18030"]
)
def test_encodings_are_found_out(
    sqlite_imports: Imports, sqlite_database: Database, tmp_path: Path, encoding: str
) -> None:
    name, city = ("王小明", "北京市朝阳区建国路") if encoding == "gb18030" else ("Jürgen", "Köln")
    path = tmp_path / "file.csv"
    rows = "".join(f"C-{number},{name},{city}\n" for number in range(20))
    path.write_bytes(f"id,name,city\n{rows}".encode(encoding))
    assert counts(sqlite_imports(path)) == (20, 0, 0, 0)
    assert set(names(sqlite_database)) == {name}


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_are_found_out(
    sqlite_imports: Imports, tmp_path: Path, delimiter: str, end: str
) -> None:
    path = tmp_path / "file.txt"
    rows = [["id", "name", "city"], ["C-1", "Anna", "Kiel"], ["C-2", '"Berg, Ben"', "Ulm"]]
    path.write_bytes(end.join(delimiter.join(row) for row in rows).encode())
    assert counts(sqlite_imports(path)) == (2, 0, 0, 0)


def test_ragged_rows(sqlite_imports: Imports) -> None:
    rows = ["id,name,city", "C-1,Anna", "C-2,Ben,Ulm,,", "C-3,Carl,Bonn,extra", "C-4", ""]
    report = sqlite_imports(rows)
    assert counts(report) == (2, 0, 0, 2)
    assert report.rules["short_row"] == 2
    assert reasons(report) == [
        "4 : 4 cells where the header has 3",
        "5 name: no name, and nobody is known by this key",
    ]


def test_quotes_that_do_not_close_cost_their_line_alone(
    sqlite_imports: Imports, sqlite_database: Database
) -> None:
    rows = ["id,name,city", 'C-1,"Anna,Kiel', "C-2,Ben,Ulm", 'C-3,Ca"rl,Bonn', 'C-4,"Dora" D,Hof']
    rows += ['C-5,"Emil ""the"" E",Jena', "C-6,Fritz,Suhl"]
    report = sqlite_imports(rows)
    assert names(sqlite_database) == ["Ben", 'Ca"rl', 'Emil "the" E', "Fritz"]
    assert counts(report) == (4, 0, 0, 2)


def test_cells_over_many_lines_are_one(sqlite_imports: Imports, sqlite_database: Database) -> None:
    assert counts(sqlite_imports(["id,name,street", 'C-1,Anna,"Weg 1', 'Hinterhof"'])) == (
        1,
        0,
        0,
        0,
    )
    with sqlite_database.reading() as session:
        assert session.scalar(select(Customer.street)) == "Weg 1 Hinterhof"


def test_nuls_and_formulas(sqlite_imports: Imports, sqlite_database: Database) -> None:
    rows = ["id,name,city", "C-1,An\x00na,Kiel", "C-2,=HYPERLINK(1),'=1+1", "C-3,@SUM(A1),Ulm"]
    assert counts(sqlite_imports(rows)) == (3, 0, 0, 0)
    assert names(sqlite_database) == ["Anna", "=HYPERLINK(1)", "@SUM(A1)"]
    with sqlite_database.reading() as session:
        statement = select(Customer.city).where(Customer.external_id == "C-2")
        assert session.scalar(statement) == "=1+1"


def test_a_cell_of_ten_megabytes(sqlite_imports: Imports, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path / "big.csv", "id,name", ["C-1," + "x" * 10_000_000, "C-2,Ben", 'C-3,"Ca']
    )
    report = sqlite_imports(path)
    assert counts(report) == (1, 0, 0, 2)
    assert reasons(report)[0] == "2 name: a cell of 10,000,000 characters"
    assert report.reject_file is not None
    assert report.reject_file.stat().st_size < 50_000


def test_a_line_of_forty_megabytes(sqlite_imports: Imports, tmp_path: Path) -> None:
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(b"id,name\nC-1,Anna\nC-2,")
        file.write(b"z" * 40_000_000)
        file.write(b"\nC-3,Carl\n")
    report = sqlite_imports(path)
    assert counts(report) == (2, 0, 0, 1)
    assert reasons(report) == ["3 : the line is too long"]


def test_a_header_of_a_hundred_thousand_characters(sqlite_imports: Imports) -> None:
    rows = ["id,name," + "h" * 100_000, "C-1,Anna,x"]
    assert counts(sqlite_imports(rows)) == (1, 0, 0, 0)


def test_a_thousand_columns(sqlite_imports: Imports) -> None:
    header = ",".join(["id", "name", *(f"c{number}" for number in range(998))])
    assert counts(sqlite_imports([header, "C-1,Anna" + ",x" * 998])) == (1, 0, 0, 0)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="columns"):
        open_source(csv_file(tmp_path / "wide.csv", "a" + ",a" * 5_000, []))


def test_a_file_without_header(tmp_path: Path, sqlite_imports: Imports) -> None:
    path = csv_file(
        tmp_path / "bare.csv", "C-1,Anna Berg,anna@example.com", ["C-2,Ben Uhl,ben@example.com"]
    )
    source = open_source(path)
    assert source.header == ["column 1", "column 2", "column 3"]
    proposal = proposal_for(path, "customers")
    assert not proposal.is_certain
    assert proposal.mapping.columns["column 3"].field == "email"


def test_duplicate_headers_get_names_of_their_own(sqlite_imports: Imports, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "twice.csv", "id,name,name,,", ["C-1,Anna,Other,,"])
    source = open_source(path)
    assert source.header == ["id", "name", "name (2)", "column 4", "column 5"]
    assert counts(sqlite_imports(path)) == (1, 0, 0, 0)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"\x00\x00\x00", b"   \n"])
@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.xlsx", "a.parquet", "a.jsonl", "a.tsv"])
def test_empty_files_are_named_so(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((UnreadableFile, FileTooLarge)):
        open_source(path)


def test_a_header_alone_imports_nothing(sqlite_imports: Imports) -> None:
    assert counts(sqlite_imports(["id,name"])) == (0, 0, 0, 0)


def test_dates_of_1900_and_9999(sqlite_imports: Imports) -> None:
    rows = ["id,name,created at", "C-1,A,1900-01-01", "C-2,B,9999-12-31", "C-3,C,1899-01-01"]
    report = sqlite_imports(rows)
    assert counts(report) == (2, 0, 0, 1)
    assert report.rules["date_sentinel"] == 2


def test_many_duplicates_are_one(sqlite_imports: Imports, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "same.csv", "id,name", ["C-1,Anna"] * 20_000)
    assert counts(sqlite_imports(path, batch_size=2_000)) == (1, 0, 19_999, 0)


@pytest.mark.slow
def test_a_million_duplicates_are_one(sqlite_imports: Imports, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "same.csv", "id,name", ["C-1,Anna"] * 1_000_000)
    assert counts(sqlite_imports(path, batch_size=2_000)) == (1, 0, 999_999, 0)


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
ODD = bytes(range(256)) * 20


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (PNG, "a PNG picture"),
        (b"%PDF-1.7\n1 0 obj", "a PDF document"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 90, "a program"),
        (
            gzip.compress(gzip.compress(b"id,name", mtime=0), mtime=0),
            "a gzip archive within another",
        ),
        (b"rows.csv".ljust(257, b"\x00") + b"ustar\x0000", "a tar archive"),
        (ODD, "not a text file"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.json", "a.jsonl", "a.txt", "a"])
def test_what_is_no_text_is_named(
    tmp_path: Path, content: bytes, complaint: str, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=complaint):
        open_source(tmp_path / name)


def test_an_archive_of_something_else_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as archive:
        archive.writestr("rows.csv", "id,name")
    with pytest.raises(UnreadableFile, match="a ZIP archive, not an Excel workbook"):
        open_source(tmp_path / "a.csv")
    with pytest.raises(UnreadableFile, match="not a text file but a ZIP archive"):
        open_source(tmp_path / "a.csv", ReadingOptions(format="csv"))


@pytest.mark.parametrize(
    ("text", "encoding", "options"),
    [
        ("id,name\nC-1,山田\n", "iso2022_jp", ReadingOptions(encoding="iso2022_jp")),
        ("id,name\nC-1,山田\n", "iso2022_jp", ReadingOptions()),
        ("id,name\n" + "C-1,王小明\n" * 9, "utf-16-le", ReadingOptions(encoding="utf-16-le")),
        ("id\x01name\nC-1\x01Anna\n", "utf-8", ReadingOptions(delimiter="\x01")),
        ("id,name\nC-1,An\x00\x00\x00\x00na\n\x1a", "utf-8", ReadingOptions()),
    ],
)
def test_odd_text_is_text(
    tmp_path: Path, text: str, encoding: str, options: ReadingOptions
) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert open_source(tmp_path / "a.csv", options).header == ["id", "name"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="a folder"):
        open_source(tmp_path)


def test_lines_of_json_of_which_some_are_broken(sqlite_imports: Imports, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        json.dumps({"id": 1, "name": "Anna", "address": {"city": "Kiel"}}),
        '{"id": 2, "name": "Ben"',
        "",
        "[1, 2]",
        json.dumps({"id": 3, "name": "Carl", "tags": ["a", "b"]}),
        "[" * 100_000,
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    report = sqlite_imports(path)
    assert counts(report) == (2, 0, 0, 3)
    assert reasons(report) == ["2 : not JSON", "4 : not an object", "6 : not JSON"]


def test_an_array_of_objects_and_one_that_breaks_off(
    sqlite_imports: Imports, tmp_path: Path
) -> None:
    path = tmp_path / "rows.json"
    rows = [{"id": f"C-{number}", "name": "Anna " + "x" * 90} for number in range(9_000)]
    text = json.dumps(rows, indent=1)
    path.write_text(text, encoding="utf-8")
    assert counts(sqlite_imports(path)) == (9_000, 0, 0, 0)
    path.write_text(text[:-40], encoding="utf-8")
    report = sqlite_imports(path)
    assert counts(report) == (0, 0, 8_999, 1)
    assert "breaks off" in reasons(report)[0]


def test_parquet_with_nested_columns(
    sqlite_imports: Imports, sqlite_database: Database, tmp_path: Path
) -> None:
    table = pa.table(
        {
            "id": ["C-1", "C-2"],
            "name": ["Anna", None],
            "address": [{"city": "Kiel", "geo": {"lat": 1.0}}, None],
            "tags": [["a"], []],
            "created at": pa.array([datetime(2024, 3, 5)] * 2, pa.timestamp("ns")),  # noqa: DTZ001
        }
    )
    path = tmp_path / "rows.parquet"
    pq.write_table(table, path)
    source = open_source(path)
    assert source.header == ["id", "name", "address.city", "address.geo.lat", "tags", "created at"]
    source.close()
    assert counts(sqlite_imports(path)) == (1, 0, 0, 1)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableFile):
        open_source(path)


def test_packed_files(sqlite_imports: Imports, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"id,name\nC-1,Anna\n"))
    assert counts(sqlite_imports(path)) == (1, 0, 0, 0)
    big = b"id,name\n" + b"".join(b"C-%d,Anna Berg %d\n" % (n, n * 7919) for n in range(90_000))
    path.write_bytes(gzip.compress(big)[:-5_000])
    with pytest.raises(UnreadableFile, match="cut off"):
        sqlite_imports(path, batch_size=5_000)


def test_a_file_that_is_damaged_half_way_keeps_what_came_before(
    sqlite_database: Database, tmp_path: Path
) -> None:
    run = importing_into(sqlite_database, tmp_path)
    path = tmp_path / "rows.csv.gz"
    big = b"id,name\n" + b"".join(b"C-%d,Anna Berg %d\n" % (n, n * 7919) for n in range(90_000))
    path.write_bytes(gzip.compress(big)[:-5_000])
    with pytest.raises(UnreadableFile):
        run(path, batch_size=5_000)
    with sqlite_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Customer)) % 5_000 == 0


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\xfd" * 999, bytes(range(256)) * 40, b"\x1f\x8b\x08"]
)
def test_bytes_that_mean_nothing(tmp_path: Path, sqlite_database: Database, content: bytes) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(content)
    try:
        proposal = proposal_for(path, "customers")
    except UnreadableFile:
        return
    assert not proposal.is_certain


def test_dates_that_contradict_one_another(tmp_path: Path, sqlite_imports: Imports) -> None:
    rows = ["id,name,created at", "C-1,A,25/12/2023", "C-2,B,12/25/2023"]
    path = csv_file(tmp_path / "dates.csv", rows[0], rows[1:])
    assert "day first" in proposal_for(path, "customers").doubts[0]
    with pytest.raises(BadMapping, match="day_first"):
        sqlite_imports(path)
    mapping = mapping_for(path, "customers")
    assert mapping.columns["created at"].field == "created_at"
