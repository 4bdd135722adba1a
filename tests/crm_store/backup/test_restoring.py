"""A backup goes into an empty place alone, and nobody is served before it is fit to."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_store.api_keys.service import ApiKeyService
from crm_store.audit import record
from crm_store.audit.verify import verify
from crm_store.backup import finishing, placing
from crm_store.backup.archive import ATTACHMENTS
from crm_store.backup.errors import BackupFailed, NotABackup, RestoreRefused
from crm_store.backup.finishing import Restored, finish_restore
from crm_store.backup.making import make_backup
from crm_store.backup.placing import place_backup
from crm_store.backup.postgresql import PostgresqlEngine
from crm_store.backup.sqlite import SqliteEngine
from crm_store.database import Database
from crm_store.ended_access import Access
from crm_store.jobs import JobKinds, JobRunner
from crm_store.migrate import is_current, upgrade
from crm_store.models import Customer, User, UserSession
from crm_store.opening import RESTORE_MARKER, open_database
from crm_store.permissions import Permission
from crm_store.privacy.erasing.job import ERASURE_KIND
from crm_store.privacy.erasing.service import ErasureService
from crm_store.privacy.ledger import LEDGER_FILE, ErasureLedger
from crm_store.users.service import UserService
from foundation.errors import NotAuthenticated, Unavailable
from foundation.settings import Settings
from tests.crm_store.backup.conftest import (
    BACKUP_KEYS,
    DATA_KEYS,
    OPERATOR,
    OTHER_KEYS,
    Place,
    settings_for,
)
from tests.factories import make_customer, make_user
from tests.fixtures.tmpfs import small_tmpfs

EMAIL = "grete@example.com"


@pytest.fixture
def backup(shop: Database, settings: Settings, folder: Path) -> Path:
    """Of a shop with a customer, a log-in, a picture and an act in the log."""
    (settings.var / ATTACHMENTS).mkdir(parents=True)
    (settings.var / ATTACHMENTS / "picture").write_bytes(b"a picture" * 1_000)
    with shop.transaction() as session:
        make_customer(session, name="Grete Kunde", email=EMAIL)
        UserService(session).start_session(make_user(session), hours=1)
        record(session, OPERATOR, "something.happened")
    return make_backup(shop, settings, folder, asker=OPERATOR).path


def restore(path: Path, to: Settings, ledger: Path | None = None) -> Restored:
    place_backup(path, to, asker=OPERATOR)
    return finish_restore(to, asker=OPERATOR, ledger=ledger)


def test_everything_is_back(backup: Path, place: Place) -> None:
    other = place()
    done = restore(backup, other)
    assert (done.erased_again, done.audit_fault) == (0, None)
    assert (other.var / ATTACHMENTS / "picture").read_bytes() == b"a picture" * 1_000
    assert not (other.var / RESTORE_MARKER).exists()
    assert not list(other.var.glob("*-work"))
    restored = open_database(other)
    assert is_current(restored)
    with restored.reading() as session:
        assert session.scalars(select(Customer)).one().email == EMAIL
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0
    checked = verify(restored)
    assert checked.broken is None
    # It goes on where the backup ended.
    with restored.transaction() as session:
        record(session, OPERATOR, "something.else")
    assert verify(restored).entries == checked.entries + 1
    restored.dispose()


def test_who_was_erased_since_stays_erased(
    backup: Path, shop: Database, settings: Settings, place: Place
) -> None:
    with shop.transaction() as session:
        customer_id = session.scalars(select(Customer.id)).one()
        job = ErasureService(session).request(customer_id, asker=OPERATOR)
    runner = JobRunner(shop, settings, JobKinds.of([ERASURE_KIND]))
    runner.run_job(job.id, stop=threading.Event())
    other = place()
    done = restore(backup, other, ledger=settings.var / LEDGER_FILE)
    assert done.erased_again == 1
    restored = open_database(other)
    with restored.reading() as session:
        assert session.get(Customer, customer_id) is None
    restored.dispose()


def test_access_that_was_ended_since_stays_ended(
    shop: Database, settings: Settings, folder: Path, place: Place
) -> None:
    with shop.transaction() as session:
        gone, stays = make_user(session), make_user(session)
        keys = ApiKeyService(session)
        revoked, kept = (
            keys.add(
                name=name, permissions=[Permission.CUSTOMERS_READ], maker=stays, asker=OPERATOR
            )
            for name in ("old", "new")
        )
    path = make_backup(shop, settings, folder, asker=OPERATOR).path
    with shop.transaction() as session:
        UserService(session).disable(gone.email, asker=OPERATOR)
        ApiKeyService(session).revoke(revoked.key.id, asker=OPERATOR)
    other = place()
    done = restore(path, other, ledger=settings.var / LEDGER_FILE)
    assert done.ended_again == 2
    restored = open_database(other)
    with restored.reading() as session:
        assert session.get_one(User, gone.id).disabled_at is not None
        assert session.get_one(User, stays.id).disabled_at is None
        with pytest.raises(NotAuthenticated):
            ApiKeyService(session).authenticate(revoked.secret)
        assert ApiKeyService(session).authenticate(kept.secret).id == kept.key.id
    restored.dispose()


def test_a_backup_writes_down_access_that_ended_elsewhere(
    shop: Database, settings: Settings, folder: Path, database: Database
) -> None:
    with database.transaction() as session:  # by a process whose var folder is another
        user = make_user(session)
        UserService(session).disable(user.email, asker=OPERATOR)
    ledger = ErasureLedger(settings.var / LEDGER_FILE)
    assert list(ledger.ended()) == []
    for _ in range(2):
        make_backup(shop, settings, folder, asker=OPERATOR)
    assert [(one.kind, one.id) for one in ledger.ended()] == [(Access.USER, user.id)]


def test_what_was_not_committed_did_not_end(shop: Database, settings: Settings) -> None:
    with shop.transaction() as session:
        user = make_user(session)
    with suppress(RuntimeError), shop.transaction() as session:
        UserService(session).disable(user.email, asker=OPERATOR)
        raise RuntimeError
    assert list(ErasureLedger(settings.var / LEDGER_FILE).ended()) == []


@pytest.mark.parametrize("what", ["database", "attachments", "key", "signing key"])
def test_a_place_that_does_not_fit_is_left_alone(backup: Path, place: Place, what: str) -> None:
    # Under a key of its own the file opens; what is inside needs the others.
    other = place()
    if what == "database":
        other.var.mkdir()
        upgrade(other.resolved_database_url)
    elif what == "attachments":
        (other.var / ATTACHMENTS).mkdir(parents=True)
        (other.var / ATTACHMENTS / "theirs").write_bytes(b"x")
    elif what == "key":
        other = place("another", data_keys=OTHER_KEYS)
    else:
        other = place("another", secret_keys="another key")
    with pytest.raises((RestoreRefused, NotABackup)):
        place_backup(backup, other, asker=OPERATOR)
    assert not (other.var / RESTORE_MARKER).exists()
    assert not list(other.var.glob("*-work"))
    if what == "attachments":
        assert (other.var / ATTACHMENTS / "theirs").read_bytes() == b"x"


def test_a_backup_of_the_other_kind_is_refused(
    backup: Path, shop: Database, tmp_path: Path
) -> None:
    url = (
        "postgresql://postgres@127.0.0.1:5432/test"
        if shop.is_sqlite
        else f"sqlite:///{tmp_path}/x.db"
    )
    with pytest.raises(RestoreRefused, match=r"sqlite|postgresql"):
        place_backup(backup, settings_for(tmp_path / "else", url), asker=OPERATOR)


def test_data_keys_that_are_missing_are_named(
    shop: Database, settings: Settings, folder: Path, place: Place
) -> None:
    url = shop.url.render_as_string(hide_password=False)
    upgrade(url, keyring=shop.keyring)  # notes the key in use
    own = settings_for(settings.var, url, backup_keys=BACKUP_KEYS)
    path = make_backup(shop, own, folder, asker=OPERATOR).path
    other = place(backup_keys=BACKUP_KEYS, data_keys=OTHER_KEYS)
    with pytest.raises(RestoreRefused, match="KEFU_DATA_KEYS"):
        place_backup(path, other, asker=OPERATOR)


def test_with_a_key_of_its_own_the_secrets_come_along(
    shop: Database, settings: Settings, folder: Path, place: Place
) -> None:
    secrets = f"KEFU_DATA_KEYS={DATA_KEYS}\nKEFU_SECRET_KEYS=a key of the tests\n"
    settings.var.mkdir(exist_ok=True)
    settings.secrets_file.write_text(secrets)
    url = shop.url.render_as_string(hide_password=False)
    own = settings_for(settings.var, url, backup_keys=BACKUP_KEYS)
    path = make_backup(shop, own, folder, asker=OPERATOR).path
    bare = place(backup_keys=BACKUP_KEYS, data_keys="", secret_keys="")
    place_backup(path, bare, asker=OPERATOR)
    assert bare.secrets_file.read_text() == secrets
    assert bare.secrets_file.stat().st_mode & 0o777 == 0o600


def test_nobody_is_served_before_it_is_done(backup: Path, place: Place) -> None:
    other = place()
    place_backup(backup, other, asker=OPERATOR)
    with pytest.raises(Unavailable, match="restore"):
        open_database(other)
    place_backup(backup, other, asker=OPERATOR)  # again: what is in place stays
    finish_restore(other, asker=OPERATOR)
    open_database(other).dispose()


@pytest.mark.parametrize("step", ["unpack", "place", "finish"])
def test_killed_at_any_step_the_same_command_goes_on(
    backup: Path, shop: Database, place: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    other = place()
    broken = {
        "unpack": (placing, "read_archive"),
        "place": (SqliteEngine if shop.is_sqlite else PostgresqlEngine, "restore"),
        "finish": (finishing, "reapply_tombstones"),
    }[step]
    monkeypatch.setattr(*broken, killed)
    with pytest.raises(KeyboardInterrupt):
        restore(backup, other)
    monkeypatch.undo()
    done = restore(backup, other)
    assert done.audit_fault is None
    assert (other.var / ATTACHMENTS / "picture").is_file()
    open_database(other).dispose()


def test_another_file_cannot_finish_it(
    backup: Path, shop: Database, settings: Settings, folder: Path, place: Place
) -> None:
    second = make_backup(shop, settings, folder, asker=OPERATOR).path
    other = place()
    place_backup(backup, other, asker=OPERATOR)
    with pytest.raises(RestoreRefused, match=backup.name):
        place_backup(second, other, asker=OPERATOR)


def test_a_full_disk_leaves_the_place_empty(
    backup: Path, place: Place, database: Database, tmp_path: Path
) -> None:
    with small_tmpfs(tmp_path / "other", "100k"):
        other = place()
        with pytest.raises(BackupFailed, match="no room"):
            place_backup(backup, other, asker=OPERATOR)
        assert not (other.var / RESTORE_MARKER).exists()
        assert not list(other.var.glob("*-work"))
