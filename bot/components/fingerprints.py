"""What, besides configuration and training data, decides what a trained component becomes.

Rasa reuses a cached component when its fingerprint is unchanged. It looks at the class alone, so
the modules around it, the encoder's weights and files read by path are added here.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bot.components.locate import locate

_CHUNK = 1 << 20


def of_files(paths: Iterable[Path]) -> str:
    """A digest of names and contents, in the given order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()


def of_sources() -> str:
    """A digest of the code of the components."""
    return of_files(sorted(Path(__file__).parent.glob("*.py")))


def of_encoder(model: str) -> str:
    """A digest of the encoder's folder; a Hugging Face name stands for itself."""
    folder = Path(locate(model))
    if not folder.is_dir():
        return model
    kinds = ("*.safetensors", "*.bin", "*.json", "*.txt")
    return of_files(sorted(path for kind in kinds for path in folder.glob(kind)))
