"""Records of delimited text, whatever the quotes do.

A quote that is never closed would swallow the rest of the file, and one in the middle of a cell
shifts what follows. Both cost only the line that they are in: it is given back as a problem, and
reading goes on at the next one. A cell that does go on for long is told from them by looking ahead.
"""

import csv
import threading
from collections.abc import Iterator

from crm_store.importing.reading.base import MAX_CELL
from crm_store.importing.reading.encoding import TOO_LONG
from crm_store.importing.reading.lookahead import Lookahead

_MAX_LINES = 2_000
"""Lines that one record may go over without more ado: an e-mail with its quotes."""
_MAX_CHARS = 4 * MAX_CELL
_FIELD_LIMIT = 1 << 25
_limit_lock = threading.Lock()


class _Runaway(Exception):
    """A record that goes on and on."""


class BrokenRecord:
    """Stands where a line could not be read."""

    __slots__ = ("reason", "text")

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        self.text = text


def read_records(lines: Iterator[str], delimiter: str) -> Iterator[list[str] | BrokenRecord]:
    """Each record's cells, or a ``BrokenRecord``; blank lines are passed over."""
    _allow_long_cells()
    ahead = Lookahead(lines, delimiter)
    taken: list[str] = []
    width = 0

    def feed() -> Iterator[str]:
        chars = 0
        while (line := ahead.take()) is not None:
            if not taken:
                chars = 0
            taken.append(line)
            chars += len(line)
            if line is TOO_LONG:
                raise _Runaway
            if len(taken) > 1 and (chars > _MAX_CHARS or len(taken) > _MAX_LINES):
                rest = ahead.to_closing_quote(taken, width)
                if rest is None:
                    raise _Runaway
                yield line
                yield from rest
                continue
            yield line

    while True:
        try:
            for record in csv.reader(feed(), delimiter=delimiter, strict=True):
                taken.clear()
                if record:
                    width = width or len(record)
                    yield record
            return
        except _Runaway:
            reason = (
                "the line is too long"
                if len(taken) == 1 or taken[0] is TOO_LONG
                else "a quote is opened and not closed"
            )
        except csv.Error:
            reason = "a quote is opened and not closed" if len(taken) > 1 else "a quote in a cell"
        if taken[0] is TOO_LONG:
            reason = "the line is too long"
        yield BrokenRecord(reason, taken[0][:10_000].rstrip("\r\n"))
        ahead.put_back(taken[1:])
        taken.clear()


def _allow_long_cells() -> None:
    """The csv module's limit is the process's; ours are above, so that it never is in the way."""
    with _limit_lock:
        if csv.field_size_limit() < _FIELD_LIMIT:
            csv.field_size_limit(_FIELD_LIMIT)
