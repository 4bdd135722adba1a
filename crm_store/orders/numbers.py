"""Order numbers as people type them."""

import re

_PREFIXED = re.compile(r"(?<![A-Za-z0-9])K[\s.]*F[\W_]{0,4}(\d{7})(?!\d)", re.IGNORECASE)
_BARE = re.compile(r"(?<![\d+])(\d{7})(?!\d)")
# What makes a bare number something else: the prefix of a return or ticket, a joined letter, or
# digits that it goes on from (a phone number).
_NOT_ALONE = re.compile(
    r"(?:(?<![A-Za-z])[RT][\W_]{0,3}|[A-Za-z]|[\d)][\s\-/.]{1,2})$", re.IGNORECASE
)


def normalise_order_number(text: str) -> str | None:
    """The order number in ``text`` as it is stored, or None when there is none.

    Accepts what people write for ``KF-1234567``: ``kf 1234567``, ``#KF1234567``, ``1234567``,
    ``KF–1234567``. Not seven digits of a longer number, nor those of ``R-1234567``.
    """
    match = _PREFIXED.search(text) or next(
        (bare for bare in _BARE.finditer(text) if not _NOT_ALONE.search(text[: bare.start()])), None
    )
    return f"KF-{int(match.group(1)):07d}" if match else None
