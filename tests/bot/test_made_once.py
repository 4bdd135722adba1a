import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.components.made_once import made_once

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("KEFU_CACHE", str(tmp_path))
    return tmp_path


def write(folder):
    (folder / "file").write_text("whole")


def test_it_is_made_once():
    made = []
    folders = {made_once("kind", "a", lambda f: (made.append(f), write(f))) for _ in range(3)}
    assert len(made) == 1
    assert (folders.pop() / "file").read_text() == "whole"


def test_a_failure_leaves_nothing(place):
    def fail(folder):
        write(folder)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        made_once("kind", "a", fail)
    assert [path for path in (place / "kind").iterdir() if path.is_dir()] == []
    assert (made_once("kind", "a", write) / "file").is_file()


def test_the_newest_stay(place):
    for number in range(9):
        made_once("kind", str(number), write)
        time.sleep(0.02)
    names = sorted(path.name for path in (place / "kind").iterdir())
    assert names == ["3", "4", "5", "6", "7", "8"]


def test_what_was_given_up_long_ago_goes(place):
    old, new = place / "kind" / "making-old", place / "kind" / "making-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (0, 0))
    made_once("kind", "a", write)
    assert not old.exists()
    assert new.exists()


def test_two_processes_make_it_once_and_a_killed_one_hinders_nobody(place):
    code = (
        "import sys, time\n"
        "from bot.components.made_once import made_once\n"
        "def make(folder):\n"
        "    print('making', flush=True); time.sleep(float(sys.argv[1]))\n"
        "    (folder / 'file').write_text('whole')\n"
        "made_once('kind', 'a', make)\n"
    )

    def start(seconds):
        return subprocess.Popen(
            [sys.executable, "-c", code, seconds], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )

    killed = start("60")
    assert killed.stdout.readline() == "making\n"
    killed.kill()
    killed.wait()
    both = [start("1"), start("1")]
    said = "".join(process.communicate(timeout=30)[0] for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said == "making\n"
    assert (place / "kind" / "a" / "file").read_text() == "whole"
