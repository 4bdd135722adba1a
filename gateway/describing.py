"""The API's description, as far as FastAPI does not write it as it is."""

from typing import Any

from fastapi import FastAPI

from gateway.problems import MEDIA_TYPE

_PLAIN = "application/json"


class DescribedApi(FastAPI):
    """Says that problems come as ``application/problem+json``: FastAPI knows one type a route."""

    def openapi(self) -> dict[str, Any]:
        known = self.openapi_schema is not None
        document = super().openapi()
        if not known:
            for operations in document["paths"].values():
                for operation in operations.values():
                    _name_problems(operation["responses"])
        return document


def _name_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        content = response.get("content", {})
        schema = content.get(_PLAIN, {}).get("schema", {})
        if status.startswith(("4", "5")) and schema.get("$ref", "").endswith("/Problem"):
            content[MEDIA_TYPE] = content.pop(_PLAIN)
