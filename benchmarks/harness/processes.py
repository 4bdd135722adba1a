"""Processes under measurement: what they used, read from /proc."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_COMM_END = ")"


def peak_rss_mb(pid: int) -> float:
    """The most memory that the process has had resident, in MB (1e6 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ProcessLookupError(f"process {pid} has no memory")


def rss_bytes(pid: int) -> int:
    """The memory that the process has resident now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """User and system time that the process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(_COMM_END, 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@dataclass(frozen=True)
class Finished:
    """A command that has run to its end."""

    output: str
    seconds: float
    peak_rss_mb: float


def run_measured(
    command: list[str], *, cwd: Path, environment: dict[str, str], seconds: float
) -> Finished:
    """Run a command to its end and tell its time and its own peak memory.

    Raises:
        subprocess.CalledProcessError: it failed, or was stopped after ``seconds``.
    """
    # Measured from the outside: an interpreter's start is part of what a person waits for.
    begun = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=None,
        text=True,
    )
    stop = threading.Timer(seconds, process.kill)
    stop.start()
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.monotonic() - begun
    stop.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Finished(output, took, usage.ru_maxrss * 1024 / 1e6)
