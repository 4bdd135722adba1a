"""A backup is whole or not there."""

import os
import shutil
import threading
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from crm_store.asking import AsStaff
from crm_store.backup import making
from crm_store.backup.archive import ATTACHMENTS
from crm_store.backup.checking import check_backup
from crm_store.backup.errors import BackupFailed, NoBackupKey, NotABackup
from crm_store.backup.finishing import finish_restore
from crm_store.backup.folder import SUFFIX, alone, backups_in
from crm_store.backup.making import make_backup
from crm_store.backup.placing import place_backup
from crm_store.database import Database
from crm_store.models import AuditEntry, Customer, Role
from crm_store.opening import open_database
from foundation.errors import Conflict, NotAllowed
from foundation.ids import new_id
from foundation.settings import Settings
from tests.crm_store.backup.conftest import (
    BACKUP_KEYS,
    OPERATOR,
    OTHER_KEYS,
    Place,
    settings_for,
)
from tests.factories import make_customer
from tests.fixtures.tmpfs import small_tmpfs


def attach(settings: Settings, content: bytes) -> UUID:
    folder = settings.var / ATTACHMENTS
    folder.mkdir(parents=True, exist_ok=True)
    attachment_id = new_id()
    (folder / str(attachment_id)).write_bytes(content)
    return attachment_id


def left_over(settings: Settings, folder: Path) -> list[str]:
    """What a backup that did not come about has left behind."""
    work = [making.WORK] if (settings.var / making.WORK).exists() else []
    return work + [path.name for path in folder.iterdir()] if folder.is_dir() else work


def test_it_can_be_opened_and_holds_everything(
    shop: Database, settings: Settings, folder: Path
) -> None:
    attach(settings, b"a picture")
    (settings.var / ATTACHMENTS / "unfinished.part").write_bytes(b"half")
    with shop.transaction() as session:
        make_customer(session, email="grete@example.com")
    made = make_backup(shop, settings, folder, asker=OPERATOR)
    assert made.attachments == 1
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert b"grete@example.com" not in made.path.read_bytes()
    manifest = check_backup(made.path, settings)
    assert manifest.rows["customers"] == 1
    assert sum(manifest.rows.values()) == made.rows
    assert left_over(settings, folder) == [made.path.name]
    with shop.reading() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert entry.action == "store.backed_up"
    assert entry.facts == {"file": made.path.name, "bytes": made.size, "rows": made.rows}


def test_it_is_one_moment_of_a_store_in_use(
    shop: Database, settings: Settings, folder: Path, place: Place
) -> None:
    """Customers come in pairs; a copy of one moment never has one of a pair alone."""
    stop, written = threading.Event(), threading.Event()
    counts: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with shop.transaction() as session:
                make_customer(session, name="A")
                session.flush()
                make_customer(session, name="B")
            counts.append(2)
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert written.wait(20)
        before = len(counts)
        made = make_backup(shop, settings, folder, asker=OPERATOR)
        assert len(counts) > before  # writers were not held up
    finally:
        stop.set()
        writer.join()
    other = place()
    place_backup(made.path, other, asker=OPERATOR)
    finish_restore(other, asker=OPERATOR)
    restored = open_database(other)
    with restored.reading() as session:
        names = dict(
            session.execute(select(Customer.name, func.count()).group_by(Customer.name)).all()
        )  # type: ignore[arg-type]
    restored.dispose()
    assert names["A"] == names["B"] >= before


def test_old_ones_go_and_other_files_stay(shop: Database, settings: Settings, folder: Path) -> None:
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    made = [make_backup(shop, settings, folder, keep=2, asker=OPERATOR) for _ in range(4)]
    assert [one.removed for one in made] == [0, 0, 1, 1]
    assert set(backups_in(folder)) == {made[2].path, made[3].path}
    assert (folder / "notes.txt").exists()


def test_one_at_a_time(shop: Database, settings: Settings, folder: Path) -> None:
    with alone(settings.var), pytest.raises(Conflict):
        make_backup(shop, settings, folder, asker=OPERATOR)
    make_backup(shop, settings, folder, asker=OPERATOR)


def test_who_may(shop: Database, settings: Settings, folder: Path) -> None:
    with pytest.raises(NotAllowed):
        make_backup(shop, settings, folder, asker=AsStaff(new_id(), Role.AGENT))


@pytest.mark.parametrize("where", ["folder", "var"])
def test_a_full_disk_leaves_nothing_half_done(
    database: Database, tmp_path: Path, where: str
) -> None:
    url = database.url.render_as_string(hide_password=False)
    with small_tmpfs(tmp_path / "small", "300k" if where == "folder" else "80k") as small:
        var = small / "var" if where == "var" else tmp_path / "var"
        folder = small / "backups" if where == "folder" else tmp_path / "backups"
        settings = settings_for(var, url)
        if where == "folder":
            attach(settings, os.urandom(400_000))  # the working folder holds it, this one does not
        shop = open_database(settings)
        with pytest.raises(BackupFailed, match=r"no room|No space left"):
            make_backup(shop, settings, folder, asker=OPERATOR)
        assert left_over(settings, folder) == []
        with shop.reading() as session:
            assert session.scalar(select(AuditEntry.seq)) is None
        roomy = settings_for(tmp_path / "roomy", url)
        make_backup(shop, roomy, tmp_path / "elsewhere", asker=OPERATOR)
        shop.dispose()


def test_stopped_half_way_it_leaves_nothing(
    shop: Database, settings: Settings, folder: Path
) -> None:
    seen: set[str] = set()

    class Stop(Exception):
        pass

    def progress(what: str, _done: int, _total: int | None) -> None:
        if what not in seen:
            seen.add(what)
            raise Stop

    steps = 0
    while True:
        try:
            make_backup(shop, settings, folder, asker=OPERATOR, progress=progress)
            break
        except Stop:
            steps += 1
            assert left_over(settings, folder) == []
    assert steps >= 3
    assert len(backups_in(folder)) == 1


def test_what_a_killed_one_left_is_removed(
    shop: Database, settings: Settings, folder: Path
) -> None:
    (settings.var / making.WORK).mkdir(parents=True)
    (settings.var / making.WORK / "kefu.db").write_bytes(b"half")
    folder.mkdir()
    (folder / ".kefu-20260101T000000Z.partial").write_bytes(b"half")
    made = make_backup(shop, settings, folder, asker=OPERATOR)
    assert left_over(settings, folder) == [made.path.name]


def test_a_changed_file_is_none(shop: Database, settings: Settings, folder: Path) -> None:
    path = make_backup(shop, settings, folder, asker=OPERATOR).path
    whole = path.read_bytes()
    for at in (0, 20, 60, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises((NotABackup, NoBackupKey)):
            check_backup(path, settings)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NotABackup):
        check_backup(path, settings)
    path.write_bytes(b"something else entirely")
    with pytest.raises(NotABackup):
        check_backup(path, settings)
    assert [p.name for p in settings.var.iterdir() if p.name.startswith("backup-check")] == []


def test_a_key_of_its_own(shop: Database, settings: Settings, folder: Path) -> None:
    url = shop.url.render_as_string(hide_password=False)
    own = settings_for(settings.var, url, backup_keys=BACKUP_KEYS)
    path = make_backup(shop, own, folder, asker=OPERATOR).path
    assert check_backup(path, own).rows
    with pytest.raises(NoBackupKey, match="KEFU_BACKUP_KEYS"):
        check_backup(path, settings)
    other = settings_for(settings.var, url, data_keys=OTHER_KEYS)
    path = make_backup(shop, settings, folder, asker=OPERATOR).path
    with pytest.raises(NotABackup):  # a key of that name, but another one
        check_backup(path, other)


def test_without_postgresqls_programs_it_says_what_to_install(
    shop: Database, settings: Settings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    if shop.is_sqlite:
        assert make_backup(shop, settings, folder, asker=OPERATOR).path.suffix == SUFFIX
        return
    with pytest.raises(BackupFailed, match="pg_dump is not installed"):
        make_backup(shop, settings, folder, asker=OPERATOR)
    assert left_over(settings, folder) == []


def test_a_failing_program_is_quoted_without_rows(
    shop: Database,
    settings: Settings,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if shop.is_sqlite:
        pytest.skip("SQLite needs no program")
    program = tmp_path / "bin" / "pg_dump"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\necho 'pg_dump: error: server version mismatch' >&2\n"
        "echo 'DETAIL: grete@example.com' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{Path(shutil.which('sh') or '').parent}")
    with pytest.raises(BackupFailed) as failed:
        make_backup(shop, settings, folder, asker=OPERATOR)
    assert failed.value.detail.endswith("server version mismatch")
