"""The one tree of domain errors.

Each error knows its HTTP status, a stable ``code`` for programs and a ``detail`` for people. The
gateway renders them in one place as RFC 9457 problem documents, the CLI as one line on stderr, the
actions as an honest sentence. Details name what and where; they never carry personal data.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar


class KefuError(Exception):
    """Something a caller can be told about."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.title
        super().__init__(self.detail)


class NotFound(KefuError):
    """The thing is absent or outside the caller's scope; the two are never told apart."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"
    title = "Not found"


class NotAuthenticated(KefuError):
    """Nobody known is asking."""

    status = HTTPStatus.UNAUTHORIZED
    code = "not_authenticated"
    title = "Log in first"


class NotAllowed(KefuError):
    """Somebody known is asking for what they may not have."""

    status = HTTPStatus.FORBIDDEN
    code = "not_allowed"
    title = "Not allowed"


class Conflict(KefuError):
    """The state has moved on, or the rules forbid the change; the detail says which."""

    status = HTTPStatus.CONFLICT
    code = "conflict"
    title = "That is not possible in the present state"


class Invalid(KefuError):
    """The input is wrong; the detail names the field and the reason."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "invalid"
    title = "The input is not valid"


class InvalidFields(Invalid):
    """Several fields may be wrong; ``fields`` gives the reason for each by its path."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        path, reason = next(iter(self.fields.items()))
        super().__init__(f"{path}: {reason}")


class TooLarge(KefuError):
    """The input exceeds a stated limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"
    title = "That is too large"


class TooManyAttempts(KefuError):
    """A rate limit was reached; ``retry_after`` is in seconds."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too_many_attempts"
    title = "Too many attempts"

    def __init__(self, detail: str | None = None, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(KefuError):
    """A part of the system does not answer; nothing was lost."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"
    title = "Not available right now"


class BadSettings(KefuError):
    """A setting is unknown or wrong; the detail names it."""

    code = "bad_settings"
    title = "A setting is wrong"
