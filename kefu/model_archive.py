"""What can be said of a model archive without Rasa: whether it can serve, whether it is tuned."""

import gzip
import json
import tarfile
import zlib
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20
_METADATA = "metadata.json"
_SCHEMA = "predict_schema"


def why_unusable(archive: Path) -> str | None:
    """Why an archive cannot serve; None when all of it can be read.

    Reading the stream to its end checks gzip's sum over the whole; reading the files does not.
    """
    try:
        with gzip.open(archive) as stream:
            while stream.read(_CHUNK):
                pass
        described = _described(archive)
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        return f"it is cut short or damaged: {error}"
    return None if described else f"it has no readable {_METADATA}"


def is_tuned(archive: Path) -> bool:
    """Whether the encoder was tuned for any part of it; false too when it cannot be read."""
    try:
        described = _described(archive)
        nodes = described[_SCHEMA]["nodes"].values() if described else ()
        return any(node["config"].get("tune") is True for node in nodes)
    except (
        tarfile.TarError,
        EOFError,
        zlib.error,
        OSError,
        LookupError,
        TypeError,
        AttributeError,
    ):
        return False


def _described(archive: Path) -> dict[str, Any] | None:
    """What Rasa wrote of the model: its configuration and domain."""
    content: bytes | None = None
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None and member.name.lstrip("./") == _METADATA:
                content = file.read()
    try:
        described = json.loads(content) if content else None
    except ValueError:
        return None
    return described if isinstance(described, dict) and _SCHEMA in described else None
