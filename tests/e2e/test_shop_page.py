"""The demo shop in a browser: the widget, on a phone and on a desk."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.system import System

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

SIZES = {"phone": (390, 844), "desk": (1440, 900)}


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height})
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    context.close()
    assert problems == []


def say(page: Page, text: str) -> None:
    page.get_by_test_id("kefu-input").fill(text)
    page.get_by_test_id("kefu-send").click()


def last_of_bot(page: Page) -> Any:
    return page.locator('[data-testid="kefu-message"][data-author="bot"]').last


def test_where_is_my_order(page: Page, system: System, demo: list[dict[str, Any]]) -> None:
    page.goto(f"{system.url}/shop")
    page.get_by_test_id("kefu-launcher").click()
    expect(page.get_by_test_id("kefu-panel")).to_be_visible()
    say(page, "where is my order?")
    expect(last_of_bot(page)).to_contain_text("order number", ignore_case=True, timeout=20_000)
    say(page, demo[0]["order"])
    expect(last_of_bot(page)).to_contain_text("e-mail", ignore_case=True, timeout=20_000)
    say(page, demo[0]["email"])
    panel = page.get_by_test_id("kefu-panel")
    card = panel.get_by_text(demo[0]["order"])
    expect(card.last).to_be_visible(timeout=20_000)
    page.reload()
    if not page.get_by_test_id("kefu-panel").is_visible():
        page.get_by_test_id("kefu-launcher").click()
    expect(panel.get_by_text("where is my order?")).to_be_visible(timeout=10_000)


def test_the_page_does_not_scroll_sideways(page: Page, system: System) -> None:
    for path in ("/shop", "/shop/help", "/shop/login"):
        page.goto(f"{system.url}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, path
