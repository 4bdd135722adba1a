"""`kefu db backup` and `restore` as an operator types them, killed in the middle too."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crm_store.backup.folder import SUFFIX
from tests.kefu.test_cli import ROOT, Kefu, printed, refused, runner

_KILLS = 4


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Kefu, Path]:
    """A shop that is large enough for a backup to take a while."""
    var = tmp_path_factory.mktemp("shop")
    kefu = runner(var)
    for arguments in (("db", "upgrade"), ("db", "seed", "--size", "400")):
        done = kefu(*arguments)
        assert done.returncode == 0, done.stderr
    return kefu, var


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []


def test_there_and_back(shop: tuple[Kefu, Path], tmp_path: Path) -> None:
    kefu, var = shop
    made = printed(kefu("db", "backup", str(tmp_path / "there"), "--json"))
    assert printed(kefu("db", "check", "--backup", made["path"], "--json"))["engine"] == "sqlite"
    other = runner(tmp_path / "other")
    assert "KEFU_DATA_KEYS" in refused(other("db", "restore", made["path"]))
    (tmp_path / "other" / "secrets.env").write_text((var / "secrets.env").read_text())
    restored = printed(other("db", "restore", made["path"], "--json"))
    assert restored["audit_fault"] is None
    assert "already" in refused(other("db", "restore", made["path"]))
    checks = printed(other("db", "check", "--json"))["items"]
    assert [check["problem"] for check in checks] == [None] * 5
    assert printed(other("audit", "verify", "--json"))["broken"] is None
    assert "0 erased people" in other("db", "recovered").stdout
    acts = [act["action"] for act in printed(other("audit", "list", "--json"))["items"]]
    assert acts[:2] == ["store.restored", "user.all_logged_out"]


def test_what_is_wrong_is_named(shop: tuple[Kefu, Path], tmp_path: Path) -> None:
    kefu, _ = shop
    (tmp_path / "cut").write_bytes(b"KEFU BACKUP\n")
    assert "damaged" in refused(kefu("db", "check", "--backup", str(tmp_path / "cut")))
    assert "no such file" in refused(kefu("db", "restore", str(tmp_path / "absent")))
    (tmp_path / "file").write_text("")
    assert refused(kefu("db", "backup", str(tmp_path / "file")))


def test_killed_at_any_moment_it_leaves_no_file_that_looks_whole(
    shop: tuple[Kefu, Path], tmp_path: Path
) -> None:
    kefu, var = shop
    folder = tmp_path / "backups"
    began = time.monotonic()
    assert kefu("db", "backup", str(folder)).returncode == 0
    seconds = time.monotonic() - began
    whole = set(files(folder))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KEFU_")}
    command = [sys.executable, "-m", "kefu", "db", "backup", str(folder)]
    for number in range(1, _KILLS + 1):
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "KEFU_VAR": str(var)},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Nearly all of the time before it is the start of the program.
        time.sleep(seconds * (0.5 + 0.5 * number / _KILLS))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for path in set(files(folder)) - whole:  # it was through by then
            assert kefu("db", "check", "--backup", str(path)).returncode == 0
            whole.add(path)
    assert kefu("db", "backup", str(folder), "--keep", "1").returncode == 0
    assert len(files(folder)) == 1
    assert [path.name for path in folder.iterdir()] == [files(folder)[0].name]
    assert not (var / "backup-work").exists()
    assert printed(kefu("audit", "verify", "--json"))["broken"] is None


def test_the_log_is_listed_exported_and_checked(shop: tuple[Kefu, Path], tmp_path: Path) -> None:
    kefu, var = shop
    listed = printed(kefu("audit", "list", "--action", "store.", "--limit", "1", "--json"))
    assert listed["items"][0]["action"].startswith("store.")
    exported = tmp_path / "audit.jsonl"
    assert kefu("audit", "export", str(exported)).returncode == 0
    lines = [json.loads(line) for line in exported.read_text().splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert exported.stat().st_mode & 0o777 == 0o600
    assert "File exists" in refused(kefu("audit", "export", str(exported)))
    last = lines[-1]
    receipt = f"{last['seq']}:{last['hash']}"
    assert kefu("audit", "verify", "--receipt", receipt).returncode == 0
    assert "receipt" in refused(kefu("audit", "verify", "--receipt", f"{last['seq']}:{'0' * 64}"))
    assert "audit-anchor.json" in refused(_with_another_anchor(kefu, var))
    assert kefu("audit", "accept", "--reason", "the file was damaged").returncode == 0
    assert kefu("audit", "verify").returncode == 0


def _with_another_anchor(kefu: Kefu, var: Path) -> subprocess.CompletedProcess[str]:
    (var / "audit-anchor.json").write_text("{}")
    return kefu("audit", "verify")


def test_keys_are_made_listed_and_revoked(shop: tuple[Kefu, Path], tmp_path: Path) -> None:
    kefu, _ = shop
    (tmp_path / "password").write_text("a long enough password")
    password = ("--password-file", str(tmp_path / "password"))
    add = ("user", "add", "ana@example.org", "--name", "Ana", "--role", "analyst", *password)
    assert kefu(*add).returncode == 0
    key = ("key", "add", "Reports", "--for", "ana@example.org", "--days", "30", "--json")
    assert "analyst" in refused(kefu(*key, "--permission", "customers:write"))
    made = printed(kefu(*key, "--permission", "customers:read"))
    assert made["secret"].startswith(made["key"]["prefix"])
    (listed,) = printed(kefu("key", "list", "--json"))["items"]
    assert (listed["state"], listed["permissions"]) == ("active", ["customers:read"])
    assert kefu("key", "revoke", made["key"]["id"]).returncode == 0
    assert printed(kefu("key", "list", "--json"))["items"][0]["state"] == "revoked"
