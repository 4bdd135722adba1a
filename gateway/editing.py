"""How records are edited over HTTP: one at a time with its version, or many with one patch."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from crm_store.bulk import MAX_ROWS, RowResult
from gateway.auth.staff import Staff

Ids = Annotated[list[UUID], Field(min_length=1, max_length=MAX_ROWS)]
OwnerParam = Annotated[
    Literal["me", "none"] | UUID | None, Query(description="A colleague's id, me, or none.")
]


class Versioned(BaseModel):
    """An edit; ``version`` is the one that you have seen, a newer one is answered with 409."""

    version: Annotated[int, Field(ge=1)]


class RowResultView(BaseModel):
    """What became of one row: its version now, or why it was not changed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    ok: bool
    version: int | None
    code: str | None
    detail: str | None


class RowResults(BaseModel):
    """One result a row; rows that failed changed nothing, the others are stored together."""

    items: list[RowResultView]
    changed: int


def row_results(results: Sequence[RowResult]) -> RowResults:
    """The results of a bulk edit."""
    return RowResults(
        items=[RowResultView.model_validate(result) for result in results],
        changed=sum(result.ok for result in results),
    )


def sent(body: BaseModel) -> dict[str, Any]:
    """The fields that were sent, nulls included: what was left out stays as it is."""
    return body.model_dump(exclude_unset=True, exclude={"version"})


def owned_by(owner: Literal["me", "none"] | UUID | None, staff: Staff) -> UUID | None:
    """Whose records are wanted; None for everybody's, or nobody's."""
    if owner == "me":
        return staff.user.id
    return owner if isinstance(owner, UUID) else None
