"""One edit of many records: each row by itself, all that succeed together.

Every row is edited under a savepoint of the one transaction. A row that cannot be edited (absent, a
colleague's, a rule forbids it) is reported and changes nothing; the others are committed together.
The rows are taken in the order of their ids, so that two bulk edits cannot lock each other out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from foundation.errors import Invalid, KefuError

MAX_ROWS = 500


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of one row: its new version, or the code and reason of the refusal."""

    id: UUID
    ok: bool
    version: int | None = None
    code: str | None = None
    detail: str | None = None


def edit_each(
    session: Session, ids: Sequence[UUID], edit: Callable[[UUID], int]
) -> list[RowResult]:
    """Run ``edit`` on each record; it returns the record's version afterwards.

    Raises:
        Invalid: no rows, or more than 500.
    """
    wanted = sorted(set(ids))
    if not 1 <= len(wanted) <= MAX_ROWS:
        raise Invalid(f"ids: 1 to {MAX_ROWS} records")
    results = []
    for record_id in wanted:
        try:
            with session.begin_nested():
                version = edit(record_id)
        except KefuError as error:
            results.append(RowResult(record_id, ok=False, code=error.code, detail=error.detail))
        else:
            results.append(RowResult(record_id, ok=True, version=version))
    return results
