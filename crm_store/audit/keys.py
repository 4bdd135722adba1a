"""The keys that seal the audit log, derived from the signing keys of the settings."""

import hashlib
import hmac
from collections.abc import Sequence

from crm_store.texts import storable
from foundation.errors import BadSettings
from foundation.settings import Settings

_PURPOSE = b"kefu audit log, sealing, 1"
_NAME = b"kefu audit log, name of the key, 1"
_DIGEST = b"kefu audit log, digest of what is not written down, 1: "


class AuditKeys:
    """Seals with the newest key and knows the older ones, to check what they sealed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        derived = [_mac(secret.encode(), _PURPOSE) for secret in secrets]
        self._keys = {_mac(key, _NAME).hex()[:16]: key for key in derived}
        self._newest = next(iter(self._keys), None)

    @classmethod
    def of(cls, settings: Settings) -> "AuditKeys":
        """The keys of an installation."""
        given = settings.secret_keys.get_secret_value().split(",")
        return cls([key.strip() for key in given if key.strip()])

    @property
    def newest(self) -> str:
        """The id of the key that seals.

        Raises:
            BadSettings: there is none.
        """
        if self._newest is None:
            raise BadSettings("KEFU_SECRET_KEYS: the audit log cannot be sealed without a key")
        return self._newest

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys, the newest first."""
        return tuple(self._keys)

    def knows(self, key_id: str) -> bool:
        """Whether what this key sealed can be checked."""
        return key_id in self._keys

    def seal(self, key_id: str, content: bytes) -> str:
        """The seal of ``content`` under a known key, as hex (HMAC-SHA256)."""
        return _mac(self._keys[key_id], content).hex()

    def digest(self, text: str) -> str:
        """The same for the same text, and telling nothing of it without the key."""
        return _mac(self._keys[self.newest], _DIGEST + storable(text).encode()).hex()[:32]

    def fits(self, key_id: str, content: bytes, seal: str) -> bool:
        """Whether a seal was made with a key of ours, compared in constant time."""
        if not self.knows(key_id):
            return False
        return hmac.compare_digest(self.seal(key_id, content).encode(), seal.encode())


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()
