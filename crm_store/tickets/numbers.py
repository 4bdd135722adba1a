"""Ticket numbers as people type them."""

import re

_NUMBER = re.compile(r"(?<![A-Za-z0-9])(?:T[\W_]{0,3})?(\d{7})(?!\d)", re.IGNORECASE)


def normalise_ticket_number(text: str) -> str | None:
    """The ticket number in ``text`` as it is stored: ``t 1234567`` is ``T-1234567``."""
    match = _NUMBER.search(text)
    return f"T-{int(match.group(1)):07d}" if match else None
