"""Opening files, packed or not."""

import gzip
import zlib
from pathlib import Path
from typing import IO, cast

from crm_store.importing.errors import UnreadableFile

GZIP_MAGIC = b"\x1f\x8b"


class _Unpacked(gzip.GzipFile):
    """A packed file; where it is damaged, that is said in one line."""

    def __init__(self, path: Path) -> None:
        self._packed = path.open("rb")
        super().__init__(fileobj=self._packed, mode="rb")

    def raw_position(self) -> int:
        """How much of the packed file was read."""
        return self._packed.tell()

    def read(self, size: int | None = -1) -> bytes:
        try:
            return super().read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise UnreadableFile("the packed file is damaged or cut off") from None

    def readline(self, size: int | None = -1) -> bytes:
        try:
            return super().readline(size if size is not None else -1)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise UnreadableFile("the packed file is damaged or cut off") from None

    def close(self) -> None:
        super().close()
        self._packed.close()


def is_packed(path: Path) -> bool:
    """Whether the file is gzip's."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


def open_bytes(path: Path) -> IO[bytes]:
    """The file's bytes, unpacked."""
    if is_packed(path):
        return cast(IO[bytes], _Unpacked(path))
    return path.open("rb", buffering=1 << 18)


def size_of(path: Path) -> int:
    """Bytes on the disk, packed as they are."""
    return path.stat().st_size
