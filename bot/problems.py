"""Errors as RFC 9457 problem documents; never with a trace or with what the customer wrote."""

from dataclasses import dataclass
from http import HTTPStatus

from sanic.response import HTTPResponse, json


@dataclass(eq=False)
class Problem(Exception):
    """An error that is told to the caller.

    Not frozen: a context manager that it passes through sets its traceback.
    """

    status: int
    code: str
    detail: str

    def response(self) -> HTTPResponse:
        """The problem document."""
        return json(
            {
                "type": "about:blank",
                "title": HTTPStatus(self.status).phrase,
                "status": self.status,
                "code": self.code,
                "detail": self.detail,
            },
            status=self.status,
            content_type="application/problem+json",
        )
