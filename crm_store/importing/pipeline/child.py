"""The second process: work comes in on stdin, batches go out on stdout."""

import gc
import os
import pickle  # between a process and the child that it has started itself
import sys
from typing import Any

from crm_store.importing.pipeline.work import Work, clean_file
from foundation.errors import KefuError


def main() -> None:
    """Read the work from stdin, write batches to stdout."""
    # Cells are many objects and hardly a cycle: looking for cycles takes a twentieth of the time.
    gc.set_threshold(100_000, 50, 50)
    work: Work = pickle.load(sys.stdin.buffer)  # noqa: S301  # the parent's own
    out = sys.stdout.buffer

    def send(what: str, value: Any) -> None:
        pickle.dump((what, value), out, protocol=5)
        out.flush()

    try:
        for cleaned in clean_file(work):
            send("batch", cleaned)
        send("end", None)
    except KefuError as error:
        send("error", (type(error).__name__, error.detail))
    except BrokenPipeError:
        # The parent is gone; closing stdout once more would complain about the same.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
