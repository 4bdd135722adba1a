"""Looking at an admin's screen at two sizes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.looking import settle, sideways, violations
from tests.gateway.support.running import PASSWORD, Gateway

SIZES = {"phone": (390, 844), "desk": (1440, 900)}


@contextmanager
def admin_page(chromium: Browser, gateway: Gateway, size: str) -> Iterator[Page]:
    """A page of the console whose user is logged in as an admin."""
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, base_url=gateway.url, locale="en-GB"
    )
    credentials = {"email": gateway.access.admin.email, "password": PASSWORD}
    assert context.request.post("/api/v1/auth/login", data=credentials).ok
    yield context.new_page()
    context.close()


def look(page: Page, name: str) -> None:
    """It fits, it is accessible, and a picture is kept where somebody wants one."""
    settle(page)
    folder = os.environ.get("KEFU_SCREENSHOTS")
    if folder:
        width = page.viewport_size["width"] if page.viewport_size else 0
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{width}.png")
    assert sideways(page) == []
    assert violations(page) == []
