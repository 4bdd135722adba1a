"""The committed description of the API is the one that the gateway serves."""

from pathlib import Path

from gateway.openapi import description

COMMITTED = Path(__file__).resolve().parents[2] / "web" / "api" / "openapi.json"
RENEW = (
    "web/api is stale: run `.venv/bin/python -m gateway.openapi > web/api/openapi.json` "
    "and `npm run generate -w api` in web/"
)


def test_the_description_that_the_console_is_built_from_is_current() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == description(), RENEW
