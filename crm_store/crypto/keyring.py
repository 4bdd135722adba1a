"""The data keys that a process knows: seals under the newest, opens under any."""

import binascii
import os
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Self

from cryptography.exceptions import InvalidTag

from crm_store.crypto.errors import CannotDecrypt
from crm_store.crypto.keys import DataKey
from crm_store.crypto.sealed import Sealed, header, is_sealed
from crm_store.crypto.sealing import NONCE_BYTES, bound, seal_column
from foundation.data_keys import parse_data_keys

LOOK_SECONDS = 1.0
"""A process seals under a new key at most so long after the key was written."""

Reread = Callable[[], Mapping[str, bytes] | None]
"""Gives the keys when they have changed since the last call, else None."""


class Keyring:
    """Safe for threads; a new set of keys replaces the old one at once.

    Nonces are random: a key is good for 2^32 values, a thousand times the largest store that we
    measure.
    """

    def __init__(
        self,
        keys: Mapping[str, bytes],
        *,
        encrypt_messages: bool = False,
        reread: Reread | None = None,
    ) -> None:
        """Derives each key's parts once.

        Args:
            keys: by id, the newest first; at least one.
            encrypt_messages: whether columns that are the operator's choice are encrypted.
            reread: where new keys of a running system come from.
        """
        if not keys:
            raise ValueError("a keyring needs a key")
        self.encrypts_messages = encrypt_messages
        self._keys = _derive(keys)
        self._reread = reread
        self._looked_at = time.monotonic()
        self._looking = Lock()

    @classmethod
    def of(cls, text: str, *, encrypt_messages: bool = False) -> Self:
        """From the form that the settings have.

        Raises:
            ValueError: what is wrong with which key, without the key.
        """
        return cls(parse_data_keys(text), encrypt_messages=encrypt_messages)

    @property
    def keys(self) -> tuple[DataKey, ...]:
        """The keys, the newest first, as of now."""
        self._look()
        return tuple(self._keys.values())

    @property
    def newest(self) -> DataKey:
        """The key that seals."""
        if self._reread and time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._look()
        return next(iter(self._keys.values()))

    def seal(self, text: str, column: str, *, indexed: bool = False) -> str:
        """The stored form of a text, which opens as this ``table.column`` alone."""
        key = self.newest
        start = header(key.index(text, column) if indexed else "", key.id)
        nonce = os.urandom(NONCE_BYTES)
        box = nonce + key.cipher.encrypt(nonce, text.encode(), bound(start, column))
        return start + binascii.b2a_base64(box, newline=False).decode()

    def seal_all(
        self, texts: Sequence[str | None], column: str, *, indexed: bool = False
    ) -> list[str | None]:
        """``seal`` for a column of texts, at half the time; what is None stays None."""
        return seal_column(self.newest, texts, column, indexed=indexed)

    def index_all(self, texts: Sequence[str | None], column: str) -> list[str | None]:
        """The texts' blind indexes under the newest key; what is None stays None."""
        index = self.newest.index
        return [None if text is None else index(text, column) for text in texts]

    def open(self, stored: str, column: str) -> str:
        """The text; a value that is not in the stored form is one from before encryption.

        Raises:
            CannotDecrypt: changed, cut short, another column's, or under an unknown key.
        """
        if not is_sealed(stored):
            return stored
        try:
            sealed = Sealed.parse(stored)
        except ValueError:
            raise CannotDecrypt(column, "?", "malformed") from None
        key = self._known(sealed.key_id)
        if key is None:
            raise CannotDecrypt(column, sealed.key_id, "no such key in KEFU_DATA_KEYS")
        nonce, box = sealed.box[:NONCE_BYTES], sealed.box[NONCE_BYTES:]
        try:
            return key.cipher.decrypt(nonce, box, bound(sealed.header, column)).decode()
        except (InvalidTag, ValueError):
            raise CannotDecrypt(column, sealed.key_id, "changed or damaged") from None

    def indexes(self, text: str, column: str) -> list[str]:
        """The blind indexes that a text may have: while keys rotate, one under each key."""
        return [key.index(text, column) for key in self.keys]

    def _known(self, key_id: str) -> DataKey | None:
        if key_id not in self._keys:
            self._look()
        return self._keys.get(key_id)

    def _look(self) -> None:
        if self._reread is None:
            return
        with self._looking:
            self._looked_at = time.monotonic()
            if keys := self._reread():
                self._keys = _derive(keys)


def _derive(keys: Mapping[str, bytes]) -> dict[str, DataKey]:
    return {key_id: DataKey.derive(key_id, key) for key_id, key in keys.items()}
