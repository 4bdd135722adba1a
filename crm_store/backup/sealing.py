"""The outermost layer of a backup file: a head in clear, then encrypted chunks.

AES-256-GCM over chunks of 1 MiB. A chunk's nonce is its number and whether it is the last one, so
chunks can be neither swapped, nor left out, nor cut off at the end (the STREAM construction of
Hoang, Reyhanitabar, Rogaway and Vizár, 2015); the head is bound into each.
"""

import json
import os
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from crm_store.backup.errors import NotABackup
from crm_store.backup.keys import SETTINGS, BackupKeys, KeyName

_MAGIC = b"KEFU BACKUP\n"
_CHUNK = 1 << 20
_TAG = 16
_SALT = 32
_MOST_HEAD = 10_000


@dataclass(frozen=True, slots=True)
class Head:
    """What can be read of a backup without its key.

    Attributes:
        key: what it is encrypted under.
        salt: makes the file's own key; also tells two backups apart.
        engine: ``sqlite`` or ``postgresql``.
        made_at: ISO 8601, UTC.
    """

    key: KeyName
    salt: bytes
    engine: str
    made_at: str

    @classmethod
    def new(cls, key: KeyName, *, engine: str, made_at: str) -> "Head":
        """With a salt of its own."""
        return cls(key, os.urandom(_SALT), engine, made_at)

    def as_bytes(self) -> bytes:
        """The head as it stands in the file."""
        fields = {
            "format": 1,
            "key": {"source": self.key.source, "id": self.key.id},
            "salt": self.salt.hex(),
            "engine": self.engine,
            "made_at": self.made_at,
        }
        text = json.dumps(fields, separators=(",", ":")).encode()
        return _MAGIC + len(text).to_bytes(4, "big") + text


def read_head(file: BinaryIO) -> Head:
    """The head; the file stands at the first chunk afterwards.

    Raises:
        NotABackup: there is none.
    """
    if file.read(len(_MAGIC)) != _MAGIC:
        raise NotABackup("this file is not a backup made by Kefu")
    try:
        size = int.from_bytes(file.read(4), "big")
        text = file.read(min(size, _MOST_HEAD))
        fields = json.loads(text)
        if fields["format"] != 1:
            raise NotABackup(f"a later version made this backup (format {int(fields['format'])})")
        source = fields["key"]["source"]
        if source not in SETTINGS:
            raise ValueError("a key of no setting of ours")
        key = KeyName(source, str(fields["key"]["id"]))
        salt = bytes.fromhex(fields["salt"])
        head = Head(key, salt, str(fields["engine"]), str(fields["made_at"]))
        # The chunks are bound to this one way of writing it; another was not written by us.
        if not head.as_bytes().endswith(text):
            raise ValueError("another spelling")
        return head
    except (ValueError, KeyError, TypeError):
        raise NotABackup("the head of this backup is damaged") from None


class SealedWriter:
    """Encrypts what is written, a chunk in memory at a time; ``close`` writes the last chunk."""

    def __init__(self, file: BinaryIO, head: Head, keys: BackupKeys) -> None:
        self._file = file
        self._bound = head.as_bytes()
        self._cipher = keys.cipher(head.key, head.salt)
        self._buffer = bytearray()
        self._number = 0
        file.write(self._bound)

    def write(self, data: bytes) -> int:
        """Take in bytes; returns how many."""
        self._buffer += data
        while len(self._buffer) > _CHUNK:
            self._seal(self._buffer[:_CHUNK], last=False)
            del self._buffer[:_CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing: a chunk is written when it is full."""

    def close(self) -> None:
        """Write the last chunk; without it the file does not open."""
        self._seal(self._buffer, last=True)
        self._buffer.clear()

    def _seal(self, chunk: bytearray, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, bytes(chunk), self._bound))
        self._number += 1


class SealedReader:
    """Decrypts a file from its first chunk to its last.

    Each read raises NotABackup when the file was changed or cut short.
    """

    def __init__(self, file: BinaryIO, keys: BackupKeys) -> None:
        self.head = read_head(file)
        self._file = file
        self._bound = self.head.as_bytes()
        self._cipher = keys.cipher(self.head.key, self.head.salt)
        self._buffer = b""
        self._number = 0
        self._next = file.read(_CHUNK + _TAG)
        self._over = False

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        while not self._over and (size < 0 or len(self._buffer) < size):
            self._buffer += self._open_next()
        if size < 0:
            size = len(self._buffer)
        given, self._buffer = self._buffer[:size], self._buffer[size:]
        return given

    def drain(self) -> None:
        """Read to the end, so that a file cut short does not pass for a whole one."""
        while not self._over:
            self._open_next()

    def _open_next(self) -> bytes:
        sealed, self._next = self._next, self._file.read(_CHUNK + _TAG)
        self._over = not self._next
        nonce = _nonce(self._number, last=self._over)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, self._bound)
        except InvalidTag:
            raise NotABackup("this backup was changed, damaged or cut short") from None


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")
