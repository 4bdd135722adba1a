"""Sealing a column of texts at once, in this process or ahead of time in another."""

import binascii
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
class SealedAhead:
    """Stored forms by ``table.column`` and text, under one key.

    One form a text: whoever uses it takes it out, so that equal texts do not look equal in the
    store.
    """

    key_id: str
    forms: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def of(self, column: str, key: DataKey) -> dict[str, str]:
        """The forms of a column; none when they were made under another key."""
        return self.forms.get(column, {}) if key.id == self.key_id else {}


@dataclass(frozen=True, slots=True)
class Sealing:
    """What to seal ahead of time: which fields of a row become which column.

    Attributes:
        key: seals.
        columns: ``table.column`` by the row's field, and whether it carries a blind index.
    """

    key: DataKey
    columns: Mapping[str, tuple[str, bool]]

    def ahead(self, rows: Iterable[Mapping[str, Any]]) -> SealedAhead:
        """The stored forms of what these rows say."""
        made = SealedAhead(self.key.id)
        for name, (column, indexed) in self.columns.items():
            texts = [row[name] for row in rows if name in row]
            forms = seal_column(self.key, texts, column, indexed=indexed)
            made.forms[column] = dict(zip(texts, forms, strict=True))  # type: ignore[arg-type]
        return made
