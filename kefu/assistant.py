"""Runs modules of the assistant's runtime, which shares no imports with this one."""

import subprocess
from pathlib import Path

from foundation.errors import Unavailable
from kefu.project import ASSISTANT_BIN, ROOT, assistant_environment

# For glibc, which else keeps large blocks in heaps that only grow: 2.3 instead of 2.7 GB in tuning.
_THRIFTY = {"MALLOC_MMAP_THRESHOLD_": str(1 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20)}


def assistant_program(name: str) -> Path:
    """A program of the assistant's runtime.

    Raises:
        Unavailable: the runtime is not installed.
    """
    program = ASSISTANT_BIN / name
    if not program.exists():
        raise Unavailable("the assistant runtime is not installed: run `make setup`")
    return program


def run_assistant(
    program: str,
    *arguments: str | Path,
    threads: int | None = None,
    scratch: Path | None = None,
    thrifty: bool = False,
    captured: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Runs it in the project's folder until it ends; it is killed when we end before it.

    Args:
        threads: what numeric libraries may use; None takes what the environment says, or one.
        scratch: where it makes its temporary files, which stay behind when it is killed.
        thrifty: memory that is free goes back at once, for some more time.
        captured: keep what it prints instead of showing it.

    Raises:
        Unavailable: the runtime is not installed.
    """
    environment = assistant_environment()
    if threads is not None:
        environment["OMP_NUM_THREADS"] = str(threads)
    if thrifty:
        environment.update(_THRIFTY)
    if scratch is not None:
        environment["TMPDIR"] = str(scratch)
    return subprocess.run(
        [str(assistant_program(program)), *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=captured,
        text=True,
        check=False,
    )
