"""A disk so small that it can be filled up."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fixtures.tmpfs import small_tmpfs


@dataclass
class SmallDisk:
    """A mounted tmpfs, and a file on it that takes the space away."""

    folder: Path

    def fill(self, *, leave: int) -> None:
        """Take all space but ``leave`` bytes."""
        free = os.statvfs(self.folder)
        room = free.f_bavail * free.f_frsize - leave
        with self._filler.open("ab") as filler:
            os.posix_fallocate(filler.fileno(), filler.tell(), max(1, room))

    def make_room(self) -> None:
        """Give the space back."""
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """A disk of this size, in a folder that a server of another user can reach."""
    with (
        tempfile.TemporaryDirectory(prefix="kefu-disk-") as name,
        small_tmpfs(Path(name), f"{megabytes}m") as folder,
    ):
        yield SmallDisk(folder)
