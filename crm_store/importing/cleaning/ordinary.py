"""Cells that cleaning leaves as they are, told by one pattern each.

Most cells of a file are of this kind, and all the rules together take ten times as long. Whatever
does not fit goes the long way; a property test holds the two to the same results.
"""

import re
from collections.abc import Callable

from crm_store.importing.cleaning.emails import is_ordinary_email
from crm_store.importing.fields import Field, Kind

_TEXTS = frozenset({Kind.CODE, Kind.LINE, Kind.BODY})
Ordinary = Callable[[str], object]
"""Whether a text that is not empty is its own value."""


def ordinary_of(field: Field) -> Ordinary | None:
    """What tells the ordinary cells of a field; None where none is told fast."""
    if field.kind is Kind.EMAIL:
        return is_ordinary_email
    if field.kind in _TEXTS:
        # Words of visible ASCII with a letter or digit first and a digit somewhere: no mark against
        # formulas, and nothing that stands for a missing value, looks like that.
        longest = min(field.limit, 200)
        pattern = rf"(?=.{{1,{longest}}}\Z)(?=.*[0-9])[0-9A-Za-z][!-~]*(?: [!-~]+)*"
        return re.compile(pattern).fullmatch
    return None
