"""What is sent compressed, and what never is."""

import asyncio
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.middleware import Middleware

from gateway.console.pages import static_pages
from gateway.http.compressed import Compressed

SCRIPT = "console.log('kefu');\n" * 500


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    for part, name in (("widget", "kefu-widget.js"), ("console", "index.html")):
        folder = tmp_path / part / "dist"
        folder.mkdir(parents=True)
        (folder / name).write_text(SCRIPT)
    app = FastAPI(middleware=[Middleware(Compressed)])
    app.include_router(static_pages(tmp_path))

    @app.get("/api/v1/said")
    async def said() -> str:
        return SCRIPT

    return app


def ask(app: FastAPI, path: str, **headers: str) -> httpx.Response:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://kefu.example") as client:
            return await client.get(path, headers={"Accept-Encoding": "gzip"} | headers)

    return asyncio.run(get())


@pytest.mark.parametrize("path", ["/widget/kefu-widget.js", "/console", "/console/inbox/open"])
def test_what_was_built_is(app: FastAPI, path: str) -> None:
    answer = ask(app, path)
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.text == SCRIPT


def test_who_does_not_take_it_gets_it_plain(app: FastAPI) -> None:
    answer = ask(app, "/widget/kefu-widget.js", **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.text == SCRIPT


def test_a_part_of_a_file_and_the_api_never_are(app: FastAPI) -> None:
    part = ask(app, "/widget/kefu-widget.js", Range="bytes=0-6")
    assert (part.status_code, part.text) == (206, "console")
    for answer in (part, ask(app, "/api/v1/said")):
        assert "content-encoding" not in answer.headers
