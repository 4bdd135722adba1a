"""The page that is a site's chat: linked to by anybody, framed by the site's own pages alone."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from crm_store.models import Site
from crm_store.sites.configuration import SiteConfiguration
from gateway.console.pages import WEB
from tests.e2e.looking import settle
from tests.fixtures.absent import absent
from tests.gateway.support.running import OPERATOR, SHOP_ORIGIN, Gateway
from tests.gateway.support.screens import SIZES, look

Policy = dict[str, list[str]]


def policy_of(answer: httpx.Response) -> Policy:
    parts = answer.headers["content-security-policy"].split(";")
    return {name: values for name, *values in (part.split() for part in parts)}


def set_origins(gateway: Gateway, origins: list[str]) -> None:
    with gateway.database.transaction() as session:
        session.get_one(Site, gateway.access.site.id).origins = origins


def test_the_policy_names_the_sites_origins_and_lets_nothing_inline_run(
    sqlite_gateway: Gateway,
) -> None:
    answer = sqlite_gateway.client.get("/chat/demo-shop")
    assert answer.status_code == 200
    policy = policy_of(answer)
    assert policy["frame-ancestors"] == [SHOP_ORIGIN]
    assert (policy["default-src"], policy["script-src"]) == (["'none'"], ["'self'"])
    assert policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert "x-frame-options" not in answer.headers, "it cannot name an origin, and would forbid"
    assert "set-cookie" not in answer.headers
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|style=", answer.text)
    for name in re.findall(r'(?:src|href)="(/chat/[^"]+)"', answer.text):
        assert sqlite_gateway.client.get(name).status_code == 200
    assert sqlite_gateway.client.get("/chat/static/..%2Fpages.py").status_code == 404


@pytest.mark.parametrize("origins", [[], ["https://a;script-src *", "https://b 'self'"]])
def test_nobody_frames_it_where_no_origin_is_set(
    sqlite_gateway: Gateway, origins: list[str]
) -> None:
    set_origins(sqlite_gateway, origins)
    answer = sqlite_gateway.client.get("/chat/demo-shop")
    policy = policy_of(answer)
    assert (policy["frame-ancestors"], policy["script-src"]) == (["'none'"], ["'self'"])
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("key", ["absent", "DEMO-SHOP", "%3Cscript%3E", "a" * 200])
def test_an_unknown_site_is_told_to_people(sqlite_gateway: Gateway, key: str) -> None:
    answer = sqlite_gateway.client.get(f"/chat/{key}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no chat at this address" in answer.text
    assert "script" not in answer.text.lower()
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_sites_words_are_text(sqlite_gateway: Gateway) -> None:
    title = '</title><script src="x">'
    with sqlite_gateway.database.transaction() as session:
        changes = {
            "appearance": {"title": title},
            "locales": {"default": "zh-CN", "offered": ["zh-CN"]},
        }
        SiteConfiguration(session).change("demo-shop", changes, asker=OPERATOR)
    text = sqlite_gateway.client.get("/chat/demo-shop").text
    assert title not in text
    assert "&lt;/title&gt;" in text
    assert '<html lang="zh-CN">' in text


@pytest.mark.parametrize("settings", [{"page_reads_per_minute": 2}], indirect=True)
def test_opening_it_is_limited_by_address(sqlite_gateway: Gateway) -> None:
    tries = [sqlite_gateway.client.get("/chat/demo-shop").status_code for _ in range(3)]
    assert tries == [200, 200, 429]


@contextmanager
def host_page(chat: str) -> Iterator[str]:
    """A page of another origin that frames the chat; gives its origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f'<!doctype html><h1>Shop</h1><iframe src="{chat}" title="Chat"></iframe>'
            style = "<style>body{margin:0}iframe{width:100%;height:80vh;border:0}</style>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write((body + style).encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=sorted(SIZES))
def window(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """An empty window of a phone, and of a desk."""
    if not (WEB / "widget" / "dist" / "kefu-widget.js").is_file():
        absent("the widget is not built")
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    yield page
    context.close()


@pytest.mark.browser
def test_it_is_a_chat_that_fills_its_window(sqlite_gateway: Gateway, window: Page) -> None:
    broken: list[str] = []
    window.on("console", lambda m: broken.append(m.text) if m.type == "error" else None)
    window.on("pageerror", lambda error: broken.append(str(error)))
    window.goto(f"{sqlite_gateway.url}/chat/demo-shop")
    panel = window.get_by_test_id("kefu-panel")
    expect(panel).to_be_visible()
    size, box = window.viewport_size, panel.bounding_box()
    assert size is not None
    assert box is not None
    assert (box["y"], box["height"]) == (0, size["height"])
    assert box["width"] == min(size["width"], 760)
    assert abs(box["x"] * 2 + box["width"] - size["width"]) <= 1, "in the middle"
    for hidden in ("kefu-launcher", "kefu-close"):
        expect(window.get_by_test_id(hidden)).to_be_hidden()
    window.get_by_test_id("kefu-input").fill("Hello")
    window.keyboard.press("Enter")
    expect(window.locator("[data-author=bot]").first).to_be_visible()
    look(window, "chat-page")
    window.keyboard.press("Escape")
    expect(panel).to_be_visible()
    assert broken == []


@pytest.mark.browser
def test_an_allowed_origin_frames_it_and_another_cannot(
    sqlite_gateway: Gateway, window: Page
) -> None:
    chat = f"{sqlite_gateway.url}/chat/demo-shop"
    with host_page(chat) as allowed, host_page(chat) as other:
        set_origins(sqlite_gateway, [allowed])
        window.goto(allowed)
        frame = window.frame_locator("iframe")
        frame.get_by_test_id("kefu-input").fill("Hello from a frame")
        frame.get_by_test_id("kefu-send").click()
        expect(frame.locator("[data-author=bot]").first).to_be_visible()
        settle(window)

        refused: list[str] = []
        window.on("console", lambda message: refused.append(message.text))
        window.goto(other)
        window.wait_for_timeout(500)
        expect(window.frame_locator("iframe").get_by_test_id("kefu-panel")).to_have_count(0)
        assert any("frame-ancestors" in text for text in refused), refused
