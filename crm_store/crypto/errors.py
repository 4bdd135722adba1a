"""What may go wrong with encrypted fields; details name column and key, never a value."""

from sqlalchemy.exc import DontWrapMixin

from foundation.errors import BadSettings, KefuError


class CannotDecrypt(DontWrapMixin, KefuError):
    """A stored value was changed, cut short, moved, or is under a key that is not there."""

    code = "cannot_decrypt"
    title = "A stored value cannot be decrypted"

    def __init__(self, column: str, key_id: str, reason: str) -> None:
        super().__init__(f"{column}: cannot decrypt under key {key_id!r}: {reason}")


class NoDataKeys(DontWrapMixin, BadSettings):
    """A field must be encrypted or read, and this database was opened without keys."""

    title = "KEFU_DATA_KEYS: not set, and a personal field cannot be stored or read without it"


class NotComparable(DontWrapMixin, TypeError):
    """SQL was to compare or sort ciphertexts, which never equal each other."""

    def __init__(self, column: str) -> None:
        super().__init__(f"{column} is encrypted: look it up by its blind index (crm_store.crypto)")
