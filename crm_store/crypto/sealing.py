"""Sealing a column of texts at once, in this process or ahead of time in another."""

import binascii
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    """What to seal ahead of time: which fields of a row become which column.

    Attributes:
        key: seals.
        columns: ``table.column`` by the row's field, and whether it carries a blind index.
    """

    key: DataKey
    columns: Mapping[str, tuple[str, bool]]

    def sealed(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str | None]]:
        """By the field's name, each row's stored form; None where a row has no such field."""
        return {
            name: seal_column(self.key, [row.get(name) for row in rows], column, indexed=indexed)
            for name, (column, indexed) in self.columns.items()
        }
