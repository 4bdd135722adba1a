"""Sentence vectors for the checks, remembered between runs: most texts are yesterday's."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.components.encoder import EncoderSpec, load_encoder
from bot.lint.arrays import Vectors

_PROBE = "Where is the parcel that I ordered last week?"
_SAME_ENCODER = 1e-3


def encode(texts: Sequence[str], memory: Path) -> Vectors:
    """Unit vectors, shape (texts, dimensions).

    ``memory`` is a file that may not exist yet. What it remembers counts only when the encoder
    still gives a known sentence the vector that it had then.
    """
    encoder = load_encoder(EncoderSpec())
    probe: Vectors = encoder.encode([_PROBE])
    known = _remembered(memory, probe)
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    unknown = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if unknown:
        made = encoder.encode(list(unknown.values()))
        known.update(zip(unknown, made, strict=True))
        # What is no longer in the data is forgotten.
        _remember(memory, probe, {key: known[key] for key in dict.fromkeys(keys)})
    return np.stack([known[key] for key in keys]) if keys else probe[:0]


def _remembered(memory: Path, probe: Vectors) -> dict[str, Vectors]:
    try:
        with memory.open("rb") as file, np.load(file) as stored:
            if not np.allclose(stored["probe"], probe, atol=_SAME_ENCODER):
                return {}
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return {}  # none yet, or cut short: all of it is made anew


def _remember(memory: Path, probe: Vectors, known: dict[str, Vectors]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=memory.parent, suffix=".npz")
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, probe=probe, keys=np.array(list(known)), vectors=[*known.values()])
        Path(name).replace(memory)
    finally:
        Path(name).unlink(missing_ok=True)
