"""The smallest request that a route's description accepts, so that it reaches its handler."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from foundation.clock import utc_now

_FORMATS = {
    "uuid": lambda: str(uuid4()),
    "date": lambda: "2026-01-31",
    "date-time": lambda: utc_now().isoformat(),
    "email": lambda: "grete@example.com",
}


@dataclass(frozen=True)
class Made:
    """What to send: a JSON body, or a form with a file; and the query."""

    json: Any
    data: dict[str, Any] | None
    files: dict[str, tuple[str, bytes]] | None
    params: dict[str, Any]


def made_request(document: dict[str, Any], operation: dict[str, Any], body: Any = None) -> Made:
    """A request to this operation, another one each time; ``body`` replaces the one made."""
    content = operation.get("requestBody", {}).get("content", {})
    query = made_query(document, operation)
    if "multipart/form-data" in content:
        form = _value(document, content["multipart/form-data"]["schema"])
        file = form.pop("file")
        return Made(None, form, {"file": ("a.csv", f"name\n{file}\n".encode())}, query)
    return Made(body or made_body(document, operation), None, None, query)


def made_body(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """A value for the operation's JSON body; None when it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return None if schema is None else _value(document, schema)


def made_query(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """Values for the query parameters that must be there."""
    return {
        parameter["name"]: _value(document, parameter["schema"])
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and parameter.get("required")
    }


def _unique() -> str:
    return f"text-{uuid4().hex[:8]}"


def _value(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return _value(document, found)
    if "default" in schema:
        return schema["default"]
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _value(document, schema[choice][0])
    return _of_type(document, schema)


def _of_type(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {name: _value(document, properties[name]) for name in schema.get("required", [])}
        case "array":
            return [_value(document, schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case "string":
            made = _FORMATS.get(schema.get("format", ""), _unique)()
            return made.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 10_000)]
        case _:
            return None
