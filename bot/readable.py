"""What the pipeline is given to read of what somebody wrote."""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def readable(text: str) -> str:
    """The text with nothing in it that is a command: always of the same length.

    A leading slash, a command to Rasa, is only a character here. It is shielded, as are control
    characters, by one of the same length, so that positions are those in the text.
    """
    plain = _CONTROL.sub(" ", text)
    return plain.replace("/", ":", 1) if plain.lstrip().startswith("/") else plain
