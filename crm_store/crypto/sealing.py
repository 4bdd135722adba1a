"""Sealing a column of texts at once, in this process or ahead of time in another."""

import binascii
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm_store.crypto.keys import DataKey
from crm_store.crypto.sealed import header

NONCE_BYTES = 12


def seal_column(
    key: DataKey, texts: Sequence[str | None], column: str, *, indexed: bool = False
) -> list[str | None]:
    """The stored forms of a column's texts under a key; what is None stays None."""
    encrypt, encode, index = key.cipher.encrypt, binascii.b2a_base64, key.index
    start = header("", key.id)
    named = bound(start, column)
    nonces = os.urandom(NONCE_BYTES * len(texts))
    sealed: list[str | None] = []
    for at, text in enumerate(texts):
        if text is None:
            sealed.append(None)
            continue
        if indexed:
            start = header(index(text, column), key.id)
            named = bound(start, column)
        nonce = nonces[at * NONCE_BYTES : (at + 1) * NONCE_BYTES]
        box = nonce + encrypt(nonce, text.encode(), named)
        sealed.append(start + encode(box, newline=False).decode())
    return sealed


def bound(start: str, column: str) -> bytes:
    """What a value is bound to beside its key: its header, and the column that it belongs to."""
    return f"{start}{column}".encode()


@dataclass(frozen=True, slots=True)
class Sealing:
    """What to seal ahead of time.

    Attributes:
        key: seals.
        columns: ``table.column`` by the field's name, and whether it carries a blind index.
    """

    key: DataKey
    columns: Mapping[str, tuple[str, bool]]

    def sealed(self, given: Mapping[str, Sequence[str | None]]) -> dict[str, list[str | None]]:
        """The stored forms of the columns that are given; None where a row has no value."""
        return {
            name: seal_column(self.key, given[name], column, indexed=indexed)
            for name, (column, indexed) in self.columns.items()
            if name in given
        }
