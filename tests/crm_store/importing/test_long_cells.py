"""Cells over very many lines are told from quotes that nobody closes."""

from collections.abc import Iterator

import pytest

from crm_store.importing.reading.encoding import MAX_LINE, TOO_LONG
from crm_store.importing.reading.lookahead import Lookahead
from crm_store.importing.reading.records import BrokenRecord, read_records

HEADER, ROW = "id,text,email,city\n", "C-9,x,x@example.com,Ulm\n"
TAIL = '",a@example.com,Kiel\n'


def read(text: str) -> list[list[str] | str]:
    """Records, and the reasons of those that are none."""
    return [
        record.reason if isinstance(record, BrokenRecord) else record
        for record in read_records(lines_of(text), ",")
    ]


def lines_of(text: str) -> Iterator[str]:
    return (f"{line}\n" for line in text.removesuffix("\n").split("\n"))


@pytest.mark.parametrize("start", ["C-1,", ""])
@pytest.mark.parametrize("line", ["line\n", 'he said ""no"", and left\n', ",\n", "a,b,c\n"])
def test_a_cell_over_many_lines_is_one_cell(start: str, line: str) -> None:
    body = line * 5_000
    end = TAIL if start else '",x' + TAIL[1:]
    _, row, following = read(HEADER + start + '"' + body + end + ROW)
    assert row[-3 if start else 0] == body.replace('""', '"')
    assert following == ROW.strip().split(",")


def test_a_cell_of_ten_megabytes_in_lines_costs_one_row() -> None:
    rows = read(HEADER + 'C-1,"' + "line\n" * 2_000_000 + TAIL + ROW)
    assert [len(row) for row in rows] == [4, 4, 4]
    assert len(rows[1][1]) == 10_000_000


@pytest.mark.parametrize(
    "after",
    [
        ROW * 5_000,
        ROW * 5_000 + 'C-8,5",x@example.com,Ulm\n' + ROW,  # would close it, with the right number
        "odd,row\n" * 5_000 + 'C-8,"y",x@example.com,Ulm\n' + ROW,
        "odd,row\n" * 5_000 + 'C-8,y"\n' + ROW,  # would close it, with too few cells
        "odd,row\n" * 5_000,
    ],
)
def test_a_quote_that_is_not_closed_costs_its_line(after: str) -> None:
    rows = read(HEADER + 'C-1,"Anna,a@example.com,Kiel\n' + after)
    assert rows[1] == "a quote is opened and not closed"
    assert len(rows) == 2 + after.count("\n")
    assert not any(isinstance(row, str) for row in rows[2:])


def test_a_cell_beyond_all_measure_costs_its_first_line_and_loses_nothing_else() -> None:
    line = "x" * 999 + "\n"
    rows = read(HEADER + 'C-1,"' + line * (MAX_LINE // 1_000 + 9_000) + TAIL + ROW)
    assert rows[1] == "a quote is opened and not closed"
    assert rows[-1] == ROW.strip().split(",")


def test_a_line_that_is_too_long_ends_the_search() -> None:
    lines = [HEADER, 'C-1,"a\n', *["line\n"] * 3_000, TOO_LONG, TAIL, ROW]
    rows = list(read_records(iter(lines), ","))
    broken = [row.reason for row in rows if isinstance(row, BrokenRecord)]
    assert broken == [
        "a quote is opened and not closed",
        "the line is too long",
        "a quote is opened and not closed",
    ]
    assert len(rows) == len(lines)


@pytest.mark.parametrize("between", ["odd,row\n", 'odd,""\n'])
def test_many_quotes_that_are_not_closed_do_not_add_up(
    monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    taken = 0
    take = Lookahead.take

    def counted(self: Lookahead) -> str | None:
        nonlocal taken
        taken += 1
        return take(self)

    monkeypatch.setattr(Lookahead, "take", counted)
    times = 40
    text = HEADER + ('C-1,"Anna,a@example.com,Kiel\n' + between * 2_500) * times
    assert sum(isinstance(row, str) for row in read(text)) == times
    # Each searched for to the end of the file, a line would be taken twenty times on average.
    assert taken < 4 * text.count("\n")
