"""The keys that backups are encrypted under."""

from dataclasses import dataclass
from typing import Literal

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crm_store.backup.errors import BackupFailed, NoBackupKey
from crm_store.crypto import Keyring
from crm_store.crypto.keys import DataKey
from foundation.data_keys import parse_data_keys
from foundation.secrets import read_secret
from foundation.settings import Settings

Source = Literal["backup", "data"]
_PURPOSE = b"kefu backup 1"
SETTINGS: dict[Source, str] = {"backup": "KEFU_BACKUP_KEYS", "data": "KEFU_DATA_KEYS"}


@dataclass(frozen=True, slots=True)
class KeyName:
    """Which key of which setting; it stands in the head of the file."""

    source: Source
    id: str


class BackupKeys:
    """Keys of their own when the operator set some, else the data keys."""

    def __init__(self, keys: dict[KeyName, bytes]) -> None:
        self._keys = keys

    @classmethod
    def of(cls, settings: Settings, *, keyring: Keyring | None = None) -> "BackupKeys":
        """The keys of an installation, the one to encrypt with first.

        Args:
            settings: as they were read; data keys may have been rotated since.
            keyring: knows the data keys in force; without it all that can be found are taken.
        """
        own = parse_data_keys(settings.backup_keys.get_secret_value())
        data = parse_data_keys(read_secret(settings.secrets_file, "data_keys"))
        data = parse_data_keys(settings.data_keys.get_secret_value()) | data
        if keyring is not None:
            known = {DataKey.derive(key_id, key).check: key for key_id, key in data.items()}
            data = {key.id: known[key.check] for key in keyring.keys if key.check in known}
        keys = {KeyName("backup", key_id): key for key_id, key in own.items()}
        keys |= {KeyName("data", key_id): key for key_id, key in data.items()}
        return cls(keys)

    @property
    def newest(self) -> KeyName:
        """The key to encrypt with.

        Raises:
            BackupFailed: there is none.
        """
        for name in self._keys:
            return name
        raise BackupFailed("neither KEFU_BACKUP_KEYS nor KEFU_DATA_KEYS is set")

    def cipher(self, name: KeyName, salt: bytes) -> AESGCM:
        """The cipher of one file: each has a key of its own, by its salt.

        Raises:
            NoBackupKey: the key is not known.
        """
        key = self._keys.get(name)
        if key is None:
            setting = SETTINGS[name.source]
            raise NoBackupKey(f"this backup needs the key {name.id}, which {setting} does not hold")
        return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=_PURPOSE).derive(key))
