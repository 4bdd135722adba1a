"""Whether the words around a date look back or ahead; "on monday" alone does not say."""

import re
from enum import Enum

_BACK = (
    r"was|were|wasn't|weren't|did|didn't|had|got|came|went|bought|paid|sent|made|took|wrote|told"
    r"|said|been|since|ago|broke|due|should have|should've|supposed|(?!need|feed|speed)\w{2,}ed"
)
_AHEAD = (
    r"will|won't|'ll|going|gonna|need|needs|want|wants|leave|leaving|arrive|arrives|deliver|come|comes"
    r"|coming|can|could|would|might|open|plan|hope|must|shall|by|until|till|til|next|soon"
)
_CUE = re.compile(rf"\b(?:(?P<back>{_BACK})|(?P<ahead>{_AHEAD}))(?!\w)", re.IGNORECASE)


class Tense(Enum):
    """Where a date lies, seen from the day of the message."""

    PAST = "past"
    FUTURE = "future"
    UNKNOWN = "unknown"


def tense_at(text: str, start: int, end: int, *, reach: int = 1_000) -> Tense:
    """What the nearest telling word says: the last one before the date, else the first behind.

    ``reach`` is how many characters away it may be.
    """
    last = None
    for last in _CUE.finditer(text, max(0, start - reach), start):  # noqa: B007 - wanted: the last
        pass
    found = last or _CUE.search(text, end, end + reach)
    if found is None:
        return Tense.UNKNOWN
    return Tense.PAST if found.group("back") else Tense.FUTURE
