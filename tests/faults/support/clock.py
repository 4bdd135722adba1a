"""A clock that can be turned back under a running process."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.fixtures.absent import absent

_SOURCE = Path(__file__).with_name("clock_shift.c")


class TurnedClock:
    """A library to preload, and the file that says by how much the clock is wrong."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            absent("no C compiler to build the clock with")
        self._library = folder / "clock_shift.so"
        self._shift = folder / "shift"
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O2", "-o", self._library, _SOURCE, "-ldl"], check=True
        )
        self.turn(0)

    def turn(self, seconds: int) -> None:
        """Let the clock be wrong by so many seconds, from now on; never seen half-written."""
        written = self._shift.with_suffix(".new")
        written.write_text(str(seconds))
        os.replace(written, self._shift)

    @property
    def environment(self) -> dict[str, str]:
        """What a process is started with to live by this clock."""
        return {"LD_PRELOAD": str(self._library), "CLOCK_SHIFT_FILE": str(self._shift)}
