"""Whether a model archive can serve, found out without Rasa."""

import gzip
import json
import tarfile
import zlib
from pathlib import Path

_CHUNK = 1 << 20
_METADATA = "metadata.json"


def why_unusable(archive: Path) -> str | None:
    """Why an archive cannot serve; None when all of it can be read.

    Reading the stream to its end checks gzip's sum over the whole, which reading the files does not.
    """
    metadata: bytes | None = None
    try:
        with gzip.open(archive) as stream:
            while stream.read(_CHUNK):
                pass
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                file = tar.extractfile(member)
                if file is not None and member.name.lstrip("./") == _METADATA:
                    metadata = file.read()
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        return f"it is cut short or damaged: {error}"
    try:
        described = json.loads(metadata) if metadata else None
    except ValueError:
        described = None
    if not isinstance(described, dict) or "predict_schema" not in described:
        return f"it has no readable {_METADATA}"
    return None
