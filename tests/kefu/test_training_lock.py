"""One training at a time, with real processes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foundation.errors import Unavailable
from kefu.training_lock import sole_training

HOLD = """
import sys, time
from pathlib import Path
from kefu.training_lock import sole_training

with sole_training(Path(sys.argv[1]), background="background" in sys.argv, on_waiting=print):
    print("holds", flush=True)
    time.sleep(float(sys.argv[2]))
"""

Hold = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def hold(tmp_path: Path) -> Iterator[Hold]:
    """Starts a process that trains for some seconds."""
    running: list[subprocess.Popen[str]] = []

    def begin(seconds: float, *options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path / "lock"), str(seconds), *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def test_one_that_was_asked_for_waits_for_another(tmp_path: Path, hold: Hold) -> None:
    other = hold(1.5)
    said: list[str] = []
    with sole_training(tmp_path / "lock", background=False, on_waiting=said.append):
        assert other.wait(timeout=5) == 0
    assert said == ["waiting for another training to end"]


def test_one_that_was_asked_for_ends_one_in_the_background(tmp_path: Path, hold: Hold) -> None:
    other = hold(600, "background")
    said: list[str] = []
    with sole_training(tmp_path / "lock", background=False, on_waiting=said.append):
        assert other.wait(timeout=5) != 0
    assert said == ["ending the training in the background"]


def test_one_in_the_background_does_not_begin_beside_another(tmp_path: Path, hold: Hold) -> None:
    hold(600)
    with (
        pytest.raises(Unavailable, match="another training is running"),
        sole_training(tmp_path / "lock", background=True, on_waiting=pytest.fail),
    ):
        pass


def test_a_killed_one_holds_nothing(tmp_path: Path, hold: Hold) -> None:
    hold(600, "background").kill()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            with sole_training(tmp_path / "lock", background=True, on_waiting=pytest.fail):
                assert (tmp_path / "lock").read_text() == str(os.getpid())
            break
        except Unavailable:
            time.sleep(0.05)
    else:
        pytest.fail("the lock of a killed process stays")
    # Nobody's process id is left behind: it may be given to a stranger.
    assert (tmp_path / "lock").read_text() == ""
