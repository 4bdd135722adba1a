"""What is inside a backup: files, and at the end a manifest that says what they have to be."""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from crm_store.backup.errors import NotABackup
from crm_store.backup.keys import BackupKeys
from crm_store.backup.sealing import Head, SealedReader, SealedWriter

ATTACHMENTS = "attachments"
SECRETS = "secrets.env"
DATABASE = {"sqlite": "kefu.db", "postgresql": "kefu.pgdump"}
_MANIFEST = "manifest.json"
_LEVEL = 1  # encrypted fields do not shrink, and the rest does so at once
_CHUNK = 1 << 20

Step = Callable[[int], None]
"""Told how many bytes are done; may raise to stop."""


@dataclass(slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        engine: ``sqlite`` or ``postgresql``.
        made_at: ISO 8601, UTC.
        revision: of the schema.
        rows: how many each table had in the snapshot.
        data_keys: id and check value of the keys that personal fields may be encrypted under.
        seal_key: id of the key that seals the audit log.
        files: size and SHA-256 of each file.
    """

    engine: str
    made_at: str
    revision: str | None
    rows: dict[str, int]
    data_keys: dict[str, str]
    seal_key: str
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


class ArchiveWriter:
    """Writes files into a backup, one after the other; without ``finish`` it opens nowhere."""

    def __init__(self, file: BinaryIO, head: Head, keys: BackupKeys) -> None:
        self._sealed = SealedWriter(file, head, keys)
        self._zipped = gzip.GzipFile(
            fileobj=cast(BinaryIO, self._sealed), mode="wb", compresslevel=_LEVEL, mtime=0
        )
        self._tar = tarfile.open(fileobj=self._zipped, mode="w|")  # noqa: SIM115  # until finish
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, path: Path, step: Step) -> None:
        """Add a file; one that is gone meanwhile is left out."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            info = tarfile.TarInfo(name)
            info.size = path.stat().st_size
            watched = _Hashing(file, step)
            self._tar.addfile(info, cast(BinaryIO, watched))
        self._files[name] = {"size": info.size, "sha256": watched.digest}

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the last chunk."""
        manifest.files = self._files
        text = json.dumps(asdict(manifest)).encode()
        info = tarfile.TarInfo(_MANIFEST)
        info.size = len(text)
        self._tar.addfile(info, io.BytesIO(text))
        self._tar.close()
        self._zipped.close()
        self._sealed.close()


def read_archive(path: Path, keys: BackupKeys, *, into: Path | None, step: Step) -> Manifest:
    """Read a backup to its end and compare every file with the manifest.

    Args:
        path: the backup.
        keys: that may open it.
        into: an empty folder for the files; None only reads.
        step: told how many bytes of files are read.

    Raises:
        NotABackup: it is not whole, or was changed.
        NoBackupKey: its key is not known.
    """
    found: dict[str, dict[str, Any]] = {}
    manifest: Manifest | None = None
    with path.open("rb") as file:
        sealed = SealedReader(file, keys)
        try:
            with (
                gzip.GzipFile(fileobj=cast(BinaryIO, sealed), mode="rb") as zipped,
                tarfile.open(fileobj=zipped, mode="r|") as tar,
            ):
                for member in tar:
                    content = tar.extractfile(member)
                    if content is None or not _is_ours(member.name):
                        raise NotABackup("there is something in this backup that is not ours")
                    if member.name == _MANIFEST:
                        manifest = Manifest(**json.loads(content.read()))
                        continue
                    target = into / member.name if into is not None else None
                    found[member.name] = _take(content, target, step)
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, TypeError):
            raise NotABackup("this backup is damaged") from None
        sealed.drain()
    if manifest is None or manifest.files != found:
        raise NotABackup("the files in this backup are not those of its manifest")
    return manifest


def _is_ours(name: str) -> bool:
    """Only names that we write: nothing may be put anywhere else."""
    if name in {SECRETS, _MANIFEST, *DATABASE.values()}:
        return True
    path = PurePosixPath(name)
    return path.parent == PurePosixPath(ATTACHMENTS) and path.name not in {"", ".", ".."}


def _take(content: Any, target: Path | None, step: Step) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    if target is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _for_its_owner(target) as out:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
            step(len(chunk))
    return {"size": size, "sha256": digest.hexdigest()}


def _for_its_owner(target: Path | None) -> BinaryIO:
    descriptor = os.open(target or os.devnull, os.O_WRONLY | os.O_CREAT, 0o600)
    return os.fdopen(descriptor, "wb")


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: BinaryIO, step: Step) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._step = step

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._hash.update(chunk)
        self._step(len(chunk))
        return chunk
