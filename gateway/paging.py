"""The query parameters that every list takes."""

from typing import Annotated

from fastapi import Query

Cursor = Annotated[str | None, Query(max_length=500)]
Limit = Annotated[int, Query(ge=1, le=200)]
SearchText = Annotated[str | None, Query(max_length=200)]
