"""A PostgreSQL server of the tests' own, to be stopped, killed and starved."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.e2e.system import free_port
from tests.fixtures.absent import absent

_DEBIAN = Path("/usr/lib/postgresql")
_SERVER_USER = "postgres"


class Cluster:
    """One server under a folder; root runs it as the user that Debian made for it."""

    def __init__(self, folder: Path) -> None:
        self._bin = _programs()
        self._folder = folder
        self._data = folder / "data"
        self.port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(folder, _SERVER_USER, _SERVER_USER)
        self._run(
            "initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "--wal-segsize=1",
            "--no-sync",
        )  # fmt: skip

    def start(self) -> None:
        options = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 "
            "-c min_wal_size=2MB -c max_wal_size=8MB -c restart_after_crash=on"
        )
        self._run(
            "pg_ctl", "-D", str(self._data), "-w", "-l", str(self._folder / "log"),
            "-o", options, "start",
        )  # fmt: skip

    def stop(self, how: str = "fast") -> None:
        """``fast`` breaks connections off; ``immediate`` is a crash: the start recovers."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", how, "stop")

    def kill(self) -> None:
        """``kill -9`` of the server process; its children notice and end."""
        os.kill(self._pid(), signal.SIGKILL)

    def start_again(self, *, seconds: float = 60) -> None:
        """Start after a kill: as soon as the last child has let go of the shared memory."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.start()
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def runs(self) -> bool:
        try:
            os.kill(self._pid(), 0)
        except (OSError, IndexError):
            return False
        return True

    def _pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", _SERVER_USER, "--", *command]
        done = subprocess.run(
            command, check=False, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")


@contextmanager
def cluster_in(folder: Path) -> Iterator[Cluster]:
    """A started server, stopped at the end whatever has become of it."""
    cluster = Cluster(folder)
    cluster.start()
    try:
        yield cluster
    finally:
        if cluster.runs():
            cluster.stop("immediate")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server in a folder that its user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="kefu-pg-") as name, cluster_in(Path(name)) as made:
        yield made


def _programs() -> Path:
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not versions:
        absent("no PostgreSQL server programs under /usr/lib/postgresql")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(_SERVER_USER)
        except KeyError:
            absent("root cannot run PostgreSQL, and there is no user postgres")
    return versions[-1].parent
