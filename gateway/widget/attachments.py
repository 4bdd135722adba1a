"""Files that customers send: few kinds, recognised by their bytes, kept beside the database."""

import codecs
import os
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from foundation.errors import Invalid, TooLarge

_SNIFF_BYTES = 4_096
_CHUNK = 64 * 1024
_MAX_NAME = 120

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}


def sniff(head: bytes) -> str:
    """The content type, from the bytes alone: what the sender calls it does not count.

    Raises:
        Invalid: none of the kinds that are taken.
    """
    for signature, content_type in _SIGNATURES:
        if head.startswith(signature):
            return content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head and _is_plain_text(head):
        return "text/plain"
    raise Invalid("file: send a PNG, JPEG, GIF, WebP, PDF or plain text file")


def safe_filename(name: str | None, content_type: str) -> str:
    """The file's own name without folders and control characters, ending as its kind does."""
    base = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in " ".join(base.split()) if c.isprintable()).strip(" .")
    stem = base.rsplit(".", 1)[0][:_MAX_NAME] if "." in base else base[:_MAX_NAME]
    return (stem or "file") + EXTENSIONS[content_type]


class AttachmentFiles:
    """The folder ``<var>/attachments``; a file is named by its row's identifier."""

    def __init__(self, folder: Path, *, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def measure(self, file: BinaryIO) -> tuple[str, int]:
        """The content type and the size in bytes.

        Raises:
            Invalid: empty, or not a kind that is taken.
            TooLarge: above the limit.
        """
        file.seek(0, os.SEEK_END)
        size = file.tell()
        if size > self._max_bytes:
            raise TooLarge(f"file: at most {self._max_bytes:,} bytes; this has {size:,}")
        if size == 0:
            raise Invalid("file: it is empty")
        file.seek(0)
        content_type = sniff(file.read(_SNIFF_BYTES))
        file.seek(0)
        return content_type, size

    def write(self, attachment_id: UUID, file: BinaryIO) -> None:
        """Keep the bytes; when this returns they are on the disk."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.path(attachment_id)
        partial = path.with_suffix(".part")
        # Readable for the owner alone, however the process was started.
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            while chunk := file.read(_CHUNK):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        partial.rename(path)

    def path(self, attachment_id: UUID) -> Path:
        return self._folder / str(attachment_id)


def _is_plain_text(head: bytes) -> bool:
    whole = len(head) < _SNIFF_BYTES
    try:
        # Where the head ends in the middle of a character, that one is left out.
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    if text.lstrip().lower().startswith(("<!doctype", "<html", "<script", "<svg", "<?xml")):
        return False
    return not any(ord(c) < 32 and c not in "\t\n\r\f" for c in text)
