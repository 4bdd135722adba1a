"""The stored form of an encrypted value.

``enc1:<index>:<key id>:<base64(nonce ‖ ciphertext ‖ tag)>``, where ``<index>`` is the blind index
of columns that are looked up (32 hex digits, always at the same place, so that the database itself
can cut it out) and empty for all others. Everything before the last colon is authenticated.
"""

import binascii
from dataclasses import dataclass

PREFIX = "enc1:"
INDEX_CHARS = 32
INDEX_FROM = len(PREFIX) + 1
"""Where the blind index begins, counted from 1 as SQL does."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A stored value, taken apart."""

    index: str
    key_id: str
    box: bytes

    @property
    def header(self) -> str:
        return header(self.index, self.key_id)

    @classmethod
    def parse(cls, stored: str) -> "Sealed":
        """Take a stored value apart.

        Raises:
            ValueError: it is cut short or not of this form.
        """
        index, key_id, encoded = stored[len(PREFIX) :].split(":")
        if len(index) not in (0, INDEX_CHARS) or not key_id:
            raise ValueError("malformed")
        box = binascii.a2b_base64(encoded, strict_mode=True)
        # The last digit before the padding has bits that decoding passes over.
        if encoded.endswith("=") and binascii.b2a_base64(box, newline=False).decode() != encoded:
            raise ValueError("malformed")
        return cls(index, key_id, box)


def header(index: str, key_id: str) -> str:
    """What stands before the last colon, and that colon."""
    return f"{PREFIX}{index}:{key_id}:"


def is_sealed(stored: str) -> bool:
    """Whether the value is in the encrypted form; a store from before holds plain ones."""
    return stored.startswith(PREFIX)


def index_of(stored: str) -> str:
    """The blind index that a stored value carries."""
    return stored[len(PREFIX) : len(PREFIX) + INDEX_CHARS]
