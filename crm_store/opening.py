"""The store of an installation, as its settings describe it."""

from crm_store.audit.anchor import ANCHOR_FILE, Anchor
from crm_store.audit.keys import AuditKeys
from crm_store.crypto.opening import keyring_from
from crm_store.database import Database
from foundation.settings import Settings


def open_database(settings: Settings) -> Database:
    """The database of the settings, able to seal the audit log and to encrypt; the caller disposes of it."""
    keys = AuditKeys.of(settings)
    return Database(
        settings.resolved_database_url,
        audit_keys=keys,
        anchor=Anchor(settings.var / ANCHOR_FILE, keys),
        keyring=keyring_from(settings),
    )
