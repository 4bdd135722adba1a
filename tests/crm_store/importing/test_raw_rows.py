"""Raw rows that travel packed."""

import pickle

from crm_store.importing.cleaning.raw_rows import RawRows

CELLS = [["a", 1], ["b", None], ["c", 2.5]]


def test_rows_come_back_from_another_process() -> None:
    rows = RawRows()
    for cells in CELLS:
        rows.append(cells)
    sent: RawRows = pickle.loads(pickle.dumps(rows))
    passed_on: RawRows = pickle.loads(pickle.dumps(sent))
    assert [passed_on[at] for at in range(3)] == CELLS
    assert sent.starting_at(1).starting_at(1)[0] == CELLS[2]
