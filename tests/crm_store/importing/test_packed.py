"""Rows that travel packed."""

import pickle
from typing import Any, TypeVar

from crm_store.importing.packed import CleanRows, RawRows

CELLS = [["a", 1], ["b", None], ["c", 2.5]]
ROWS: list[dict[str, Any]] = [{"n": 0}, {"n": 1, "m": "one"}, {"m": "two"}, {"n": 3}]
T = TypeVar("T")


def _sent(rows: T) -> T:
    sent: T = pickle.loads(pickle.dumps(rows))
    return sent


def test_raw_rows_come_back_from_another_process() -> None:
    sent = _sent(_sent(RawRows(CELLS)))
    assert [sent[at] for at in range(3)] == CELLS
    assert sent.starting_at(1).starting_at(1)[0] == CELLS[2]


def test_clean_rows_have_what_has_a_value() -> None:
    rows = CleanRows.of(ROWS)
    sent = _sent(_sent(rows))
    assert not sent.is_unpacked
    assert list(sent) == list(rows) == ROWS
    assert sent.is_unpacked
    assert len(CleanRows({})) == 0


def test_a_part_can_be_changed_without_changing_the_whole() -> None:
    for whole in (CleanRows.of(ROWS), _sent(CleanRows.of(ROWS))):
        for _ in range(2):  # a batch may be done once more
            part = whole.part(1, 3)
            assert [row.pop("m") for row in part] == ["one", "two"]
            assert list(part) == [{"n": 1}, {}]
        assert list(whole) == ROWS
