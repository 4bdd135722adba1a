"""One data key, and what is derived from it once."""

from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from crm_store.crypto.sealed import INDEX_CHARS

_SALT = b"kefu data key 1"
_INDEX_BYTES = INDEX_CHARS // 2


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key by its id. Encryption and blind indexes use keys of their own, derived by HKDF.

    It can be handed to a child process, through a pipe.
    """

    id: str
    encryption_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    check: str
    """Tells another key with the same id; nothing can be derived from it."""
    cipher: AESGCM = field(init=False, repr=False, compare=False)
    mac: HMAC = field(init=False, repr=False, compare=False)
    """Of the index key, before any text: copying it saves two thirds of an HMAC."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "cipher", AESGCM(self.encryption_key))
        object.__setattr__(self, "mac", HMAC(self.index_key, SHA256()))

    def __reduce__(self) -> tuple[type[Self], tuple[str, bytes, bytes, str]]:
        return type(self), (self.id, self.encryption_key, self.index_key, self.check)

    @classmethod
    def derive(cls, key_id: str, key: bytes) -> Self:
        """From the 32 bytes that the settings hold."""
        return cls(
            id=key_id,
            encryption_key=_derived(key, b"encryption"),
            index_key=_derived(key, b"blind index"),
            check=_derived(key, b"check")[:8].hex(),
        )

    def index(self, text: str, column: str) -> str:
        """HMAC-SHA256 of the text, cut to 128 bits; case and outer blanks do not matter."""
        mac = self.mac.copy()
        mac.update(f"{column}\0{text.strip().lower()}".encode())
        return mac.finalize()[:_INDEX_BYTES].hex()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=_SALT, info=purpose).derive(key)
