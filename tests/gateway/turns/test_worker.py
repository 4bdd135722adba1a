"""Places of gateway processes: stable names, never shared by two that live."""

import os
import subprocess
import sys

from foundation.settings import Settings
from gateway.turns.worker import take_place


def test_who_comes_after_has_the_same_name(settings: Settings) -> None:
    first = take_place(settings)
    first.leave()
    again = take_place(settings)
    assert (again.number, again.prefix) == (1, first.prefix)
    assert again.predecessor == os.getpid()
    again.leave()


def test_neighbours_have_different_names_and_the_lowest_free_place(settings: Settings) -> None:
    one, two, three = (take_place(settings) for _ in range(3))
    assert [place.number for place in (one, two, three)] == [1, 2, 3]
    assert len({place.prefix for place in (one, two, three)}) == 3
    two.leave()
    back = take_place(settings)
    assert (back.number, back.prefix) == (2, two.prefix)
    for place in (one, three, back):
        place.leave()


def test_other_installations_have_other_names(settings: Settings) -> None:
    elsewhere = settings.model_copy(update={"var": settings.var / "other"})
    one, two = take_place(settings), take_place(elsewhere)
    assert one.number == two.number == 1
    assert one.prefix != two.prefix
    one.leave()
    two.leave()


def test_a_killed_process_frees_its_place(settings: Settings) -> None:
    script = (
        "import os, signal, sys\n"
        "from foundation.settings import load_settings\n"
        "from gateway.turns.worker import take_place\n"
        "place = take_place(load_settings(env_file=None, var=sys.argv[1]))\n"
        "print(place.number, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, str(settings.var)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.stdout.strip() == "1"
    place = take_place(settings)
    assert place.number == 1
    assert place.predecessor not in (None, os.getpid())
    place.leave()
