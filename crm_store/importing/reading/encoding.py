"""Which encoding a text file has, and reading its lines even where it has two."""

import codecs
from collections.abc import Iterator
from typing import IO

from charset_normalizer import from_bytes

from crm_store.importing.errors import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = "cp1252"
_CHUNK = 1 << 18
_CJK = {"gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp932", "shift_jis", "euc_jp", "cp949",
        "euc_kr"}  # fmt: skip
MAX_LINE = 16 << 20
"""Bytes; a longer line is given up and reported, so that no file can fill the memory."""


def detect_encoding(sample: bytes) -> tuple[str, int, str]:
    """The encoding, the length of its mark, and what to read lines with that are not in it."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name, len(mark), _WESTERN
    wide = _wide_without_mark(sample)
    if wide is not None:
        return wide, 0, _WESTERN
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "utf-8", 0, _guess(sample)
    return "utf-8", 0, _WESTERN


def named_encoding(name: str) -> str:
    """The codec's own name.

    Raises:
        UnreadableFile: no such encoding.
    """
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise UnreadableFile(f"{name}: no such encoding") from None


class Lines:
    """The lines of a binary stream, decoded; each keeps its end, as the csv module wants.

    Attributes:
        repaired: lines that were not in the file's encoding and were read in the other.
        too_long: whether the line that was just given is a stand-in for one beyond ``MAX_LINE``.
        read: bytes so far.
    """

    def __init__(self, stream: IO[bytes], encoding: str, fallback: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._fallback = fallback
        self.repaired = 0
        self.too_long = 0
        self.read = 0

    def __iter__(self) -> Iterator[str]:
        if self._encoding.startswith(("utf-16", "utf-32")):
            yield from self._wide_lines()
            return
        readline, encoding = self._stream.readline, self._encoding
        while line := readline(MAX_LINE):
            self.read += len(line)
            if len(line) == MAX_LINE and not line.endswith(b"\n"):
                self._skip_rest()
                line = line[:1_000]
                self.too_long += 1
                yield TOO_LONG
                continue
            try:
                yield line.decode(encoding)
            except UnicodeDecodeError:
                self.repaired += 1
                yield line.decode(self._fallback, "replace")

    def _skip_rest(self) -> None:
        while chunk := self._stream.readline(_CHUNK):
            self.read += len(chunk)
            if chunk.endswith(b"\n"):
                return

    def _wide_lines(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self._encoding)("replace")
        left = ""
        while chunk := self._stream.read(_CHUNK):
            self.read += len(chunk)
            *lines, left = (left + decoder.decode(chunk)).split("\n")
            for line in lines:
                yield line + "\n"
            if len(left) > MAX_LINE:
                left = ""
                yield TOO_LONG
        left += decoder.decode(b"", final=True)
        if left:
            yield left


TOO_LONG = "\x00line too long\x00\n"
"""Stands where a line was beyond ``MAX_LINE``."""


def _guess(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8; Western Europe's where nothing tells."""
    foreign = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:65_536]
    best = from_bytes(foreign, cp_isolation=[*sorted(_CJK), _WESTERN, "cp1250", "cp1251"]).best()
    if best is None:
        return _WESTERN
    return best.encoding if best.encoding in _CJK or best.encoding == "cp1251" else _WESTERN


def _wide_without_mark(sample: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every other byte."""
    if len(sample) < 4:
        return None
    even, odd = sample[0:2000:2].count(0), sample[1:2000:2].count(0)
    half = min(len(sample), 2000) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None
