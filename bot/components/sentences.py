"""Splits a message into its sentences."""

import re

_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+(?=\S)|\s*\n+\s*")
_WORD = re.compile(r"\w")
_MOST = 6
"""A longer message is a letter: its first sentences say what it is about."""


def pieces(text: str) -> list[str]:
    """The sentences of a text in their order; empty when there is only one."""
    found = [piece.strip() for piece in _END.split(text)]
    found = [piece for piece in found if _WORD.search(piece)][:_MOST]
    return found if len(found) > 1 else []
