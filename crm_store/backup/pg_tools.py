"""PostgreSQL's own programs, run beside us."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from crm_store.backup.errors import BackupFailed

_LOOK_SECONDS = 0.2
_SAID_CHARS = 200


def conninfo(url: URL) -> str:
    """How libpq is told of the database, without the password."""
    given = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    options = {name: str(value) for name, value in url.query.items()}
    return make_conninfo("", **{k: v for k, v in (given | options).items() if v is not None})


def run_tool(name: str, *arguments: str, url: URL, told: Callable[[], None]) -> None:
    """Run a program to its end; what it writes to stdout is not wanted.

    Raises:
        BackupFailed: it is not installed, or fails; its first line says why.
    """
    with _started(name, *arguments, url=url, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            told()
            time.sleep(_LOOK_SECONDS)


@contextmanager
def read_tool(name: str, *arguments: str, url: URL | None = None) -> Iterator[Iterator[bytes]]:
    """Run a program and read its lines as they come.

    Raises:
        BackupFailed: it is not installed, or fails.
    """
    with _started(name, *arguments, url=url, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with process.stdout as lines:
            yield iter(lines)


@contextmanager
def _started(
    name: str, *arguments: str, url: URL | None, stdout: int
) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which(name)
    if program is None:
        raise BackupFailed(
            f"{name} is not installed: it comes with PostgreSQL's client programs"
            " (Debian: postgresql-client), in the server's version or a later one"
        )
    # In the environment, not among the arguments: those are for all to see.
    secret = {"PGPASSWORD": url.password} if url is not None and url.password else {}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=said,
            env={**os.environ, **secret, "LC_ALL": "C"},
        )
        try:
            yield process
            status = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if status:
            said.seek(0)
            raise BackupFailed(f"{name} failed: {_first_line(said.read(10_000))}")


def _first_line(said: bytes) -> str:
    """Why it failed; later lines may quote rows."""
    lines = [line for line in said.decode(errors="replace").splitlines() if "error:" in line]
    return lines[0][:_SAID_CHARS] if lines else "it gave no reason"
