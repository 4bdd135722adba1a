"""Cleaning in a process of its own, so that two cores work: one cleans while the other writes.

The two speak through a pipe. The child stops when the parent is gone, since nobody reads any more;
and it is never more than two batches ahead, the one that it writes and the one that a thread of the
parent takes in while the other waits for the database.
"""

import os
import pickle  # between a process and the child that it has started itself
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from crm_store.importing.errors import FileTooLarge, UnreadableFile
from crm_store.importing.pipeline.work import Cleaned, Work, clean_file
from foundation.errors import Unavailable

_WORTH_IT = 2_000_000
"""Bytes; starting the second process takes a second."""
_ERRORS = {error.__name__: error for error in (UnreadableFile, FileTooLarge)}


def cleaned_batches(work: Work) -> Iterator[Cleaned]:
    """The file's batches, cleaned beside the caller's work where the file is large."""
    if work.path.stat().st_size < _WORTH_IT or (os.cpu_count() or 1) < 2:
        yield from clean_file(replace(work, ahead=None))
        return
    command = [sys.executable, "-m", "crm_store.importing.pipeline.child"]
    child = subprocess.Popen(  # noqa: S603  # a module of our own
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
    )
    try:
        yield from _one_ahead(_read(child, work))
    finally:
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.terminate()
        child.wait()


def _read(child: "subprocess.Popen[bytes]", work: Work) -> Iterator[Cleaned]:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child has no pipes")
    child.stdin.write(pickle.dumps(work))
    child.stdin.close()
    while True:
        try:
            what, value = pickle.load(child.stdout)  # noqa: S301  # the child's own
        except (EOFError, pickle.UnpicklingError):
            raise Unavailable("the process that reads the file has stopped") from None
        if what == "batch":
            yield value
        elif what == "end":
            return
        else:
            name, detail = value
            raise _ERRORS.get(name, UnreadableFile)(detail)


def _one_ahead(batches: Iterator[Cleaned]) -> Iterator[Cleaned]:
    """The batches, each taken in while the caller is busy with the one before."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        following = thread.submit(next, batches, None)
        while (batch := following.result()) is not None:
            following = thread.submit(next, batches, None)
            yield batch


def _environment() -> dict[str, str]:
    """Ours without secrets, and the place that our modules are found at."""
    root = str(Path(__file__).resolve().parents[3])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KEFU_")}
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}
