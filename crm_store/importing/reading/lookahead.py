"""Lines that can be put back, and looking on in them for where a long quoted cell ends.

A cell may be a whole mail folder, and a quote that somebody forgot looks the same at its start.
What tells them apart is the next quote: in a cell that ends there, a delimiter or the line's end
follows it, the record then has as many cells as the others, and what lies between does not look
like records. Two searches never pass over the same lines, since each stops at the next quote.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence

from crm_store.importing.reading.encoding import MAX_LINE, TOO_LONG

_CHUNK = 1 << 18
_QUOTES = re.compile('""|"')


class Lookahead:
    """Lines of which some were looked at before they are read.

    What was looked at is kept as text in large pieces: as lines it would take ten times the room.
    """

    def __init__(self, lines: Iterator[str], delimiter: str) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._waiting: deque[str] = deque()
        self._pieces: deque[str] = deque()

    def take(self) -> str | None:
        """The next line; None at the end."""
        if not self._waiting and self._pieces:
            self._waiting.extend(_lines_of(self._pieces.popleft()))
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def put_back(self, lines: Sequence[str]) -> None:
        """Have these lines read next."""
        self._waiting.extendleft(reversed(lines))

    def to_closing_quote(self, record: Sequence[str], width: int) -> list[str] | None:
        """What follows an unfinished record up to the line that closes its quoted cell.

        Args:
            record: its lines, the last of them not yet read by the parser.
            width: how many cells records have.

        Returns:
            The text; None where the cell does not end within ``MAX_LINE`` characters, or where
            its quote is more likely one too many. Then nothing has been taken.
        """
        begun, line = record[:-1], record[-1]
        alike = self._like_records(begun[1:], width)
        if width < 2 or alike * 2 > len(begun):
            return None
        pieces: list[str] = []
        piece: list[str] = []
        chars = size = 0
        lines = len(record)
        while True:
            closed = self._closes(begun, line, width)
            alike += self._is_like_record(line, width)
            if closed is not None or chars > MAX_LINE:
                break
            following = self.take()
            if following is None:
                break
            if following is TOO_LONG:
                self.put_back([following])
                break
            line = following
            piece.append(line)
            lines, chars, size = lines + 1, chars + len(line), size + len(line)
            if size > _CHUNK:
                pieces.append("".join(piece))
                piece, size = [], 0
        if piece:
            pieces.append("".join(piece))
        if closed and alike * 2 <= lines:
            return pieces
        self._unread(pieces)
        return None

    def _closes(self, begun: Sequence[str], line: str, width: int) -> bool | None:
        """Whether the cell ends well in this line; None: it goes on."""
        if '"' not in line:
            return None
        for quote in _QUOTES.finditer(line):
            if quote.group() == '"':
                after = line[quote.end() : quote.end() + 1]
                if after not in {"", "\r", "\n", self._delimiter}:
                    return False
                try:
                    rows = csv.reader(
                        [*begun, line[quote.start() :]], delimiter=self._delimiter, strict=True
                    )
                    return len(next(rows)) == width
                except csv.Error:
                    return False
        return None

    def _like_records(self, lines: Sequence[str], width: int) -> int:
        return sum(self._is_like_record(line, width) for line in lines)

    def _is_like_record(self, line: str, width: int) -> bool:
        return line.count(self._delimiter) == width - 1

    def _unread(self, pieces: Sequence[str]) -> None:
        # Lines that still wait lie behind these, and before the pieces that were there.
        if self._waiting:
            self._pieces.appendleft("".join(self._waiting))
            self._waiting.clear()
        self._pieces.extendleft(reversed(pieces))


def _lines_of(piece: str) -> list[str]:
    *lines, last = piece.split("\n")
    whole = [f"{line}\n" for line in lines]
    if last:
        whole.append(last)
    # The identity of this one is its meaning.
    return [TOO_LONG if line == TOO_LONG else line for line in whole]
