"""Errors as RFC 9457 problem documents, rendered here and nowhere else.

A problem says what is wrong in our own words. The text of an exception and the caller's input never
go back: either may hold personal data.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from crm_store.outages import DATABASE_AWAY, is_full
from foundation.errors import InvalidFields, KefuError, TooManyAttempts, Unavailable

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER_SECONDS = 5


class FieldProblem(BaseModel):
    """One field that is wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457, with a stable ``code`` for programs."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str
    request_id: str | None = None
    errors: list[FieldProblem] | None = None


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "What is wrong (application/problem+json)"},
}


def problem_response(
    status: int,
    *,
    code: str,
    title: str,
    detail: str,
    request_id: str | None = None,
    errors: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """A problem document, ready to send."""
    problem = Problem(
        title=title, status=status, code=code, detail=detail, request_id=request_id, errors=errors
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def install_problem_handlers(app: FastAPI) -> None:
    """Render every error that a handler may raise."""
    app.add_exception_handler(KefuError, _domain_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http_error)
    for error in DATABASE_AWAY:
        app.add_exception_handler(error, _database_away)


def unexpected_error(request_id: str) -> JSONResponse:
    """The answer to an error that nobody foresaw; what it was is in the log alone."""
    return problem_response(
        500,
        code="internal_error",
        title="Something went wrong",
        detail="This is our fault. Try again; nothing that was confirmed is lost.",
        request_id=request_id,
    )


def _domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KefuError)
    headers = {}
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.retry_after)
    return problem_response(
        error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        request_id=_request_id(request),
        errors=[FieldProblem(field=field, message=why) for field, why in error.fields.items()]
        if isinstance(error, InvalidFields)
        else None,
        headers=headers,
    )


def _database_away(request: Request, error: Exception) -> JSONResponse:
    """The database is gone, starting, full or not keeping up: what was confirmed is safe in it.

    The driver's text stays here: it quotes statements.
    """
    original = getattr(error, "orig", None)
    log.warning("database_away", error=type(original or error).__name__)
    full = is_full(error)
    return problem_response(
        Unavailable.status,
        code="storage_full" if full else Unavailable.code,
        title=Unavailable.title,
        detail="There is no space left to write to; nothing of this was kept."
        if full
        else "The database does not answer. Try again; nothing that was confirmed is lost.",
        request_id=_request_id(request),
        headers={"Retry-After": str(_RETRY_AFTER_SECONDS)},
    )


def _bad_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [
        FieldProblem(field=_path(entry["loc"]), message=_reason(entry)) for entry in error.errors()
    ]
    first = fields[0]
    return problem_response(
        422,
        code="invalid",
        title="The input is not valid",
        detail=f"{first.field}: {first.message}",
        request_id=_request_id(request),
        errors=fields,
    )


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    return problem_response(
        status,
        code=status.name.lower(),
        title=status.phrase,
        detail=str(error.detail),
        request_id=_request_id(request),
        headers=dict(error.headers) if error.headers else None,
    )


def _request_id(request: Request) -> str | None:
    request_id = request.scope.get("state", {}).get("request_id")
    return str(request_id) if request_id else None


def _path(location: Sequence[int | str]) -> str:
    names = [str(part) for part in location if part not in {"body", "query", "path", "header"}]
    return ".".join(names) or "body"


def _reason(entry: dict[str, Any]) -> str:
    """Pydantic's reason; for the few kinds that quote the input, one that does not."""
    kind = str(entry["type"])
    if kind.startswith("uuid_"):
        return "not an identifier"
    if kind == "json_invalid":
        return "not JSON"
    if kind.startswith(("datetime_", "date_")):
        return "not a date"
    return str(entry["msg"]).removeprefix("Value error, ")
