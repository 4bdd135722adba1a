"""The store of an installation, as its settings describe it."""

from crm_store.audit.anchor import ANCHOR_FILE, Anchor
from crm_store.audit.keys import AuditKeys
from crm_store.crypto.opening import keyring_from
from crm_store.database import Database
from crm_store.privacy.ledger import LEDGER_FILE, ErasureLedger
from crm_store.privacy.purposes import defaults_of, put_defaults_on
from foundation.errors import Unavailable
from foundation.settings import Settings

RESTORE_MARKER = "restore.incomplete"


def open_database(settings: Settings, *, unfinished_restore: bool = False) -> Database:
    """The database of the settings, able to seal the audit log and to encrypt.

    Args:
        settings: read at the process's edge; the caller disposes of the database.
        unfinished_restore: open it although a restore has not finished; for the restore itself.

    Raises:
        Unavailable: a restore has not finished, so that erased people may still be in there.
    """
    if not unfinished_restore and (settings.var / RESTORE_MARKER).exists():
        raise Unavailable("a restore has not finished: run `kefu db restore` with that file again")
    keys = AuditKeys.of(settings)
    database = Database(
        settings.resolved_database_url,
        audit_keys=keys,
        anchor=Anchor(settings.var / ANCHOR_FILE, keys),
        ledger=ErasureLedger(settings.var / LEDGER_FILE),
        keyring=keyring_from(settings),
    )
    put_defaults_on(database.engine, defaults_of(settings))
    return database
