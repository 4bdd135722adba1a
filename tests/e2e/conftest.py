"""One running system and one browser for all end-to-end tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.system import System, installed_system

_CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    running = installed_system(tmp_path_factory.mktemp("kefu"), customers=300)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    places = [os.environ.get("KEFU_CHROMIUM", ""), *_CHROMIUM]
    path = next((place for place in places if place and Path(place).exists()), None)
    if path is None:
        message = "no chromium: install the package 'chromium', or set KEFU_CHROMIUM to one"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def demo(system: System) -> list[dict[str, Any]]:
    """The demo shop's customers as plain data: e-mail, phone, order number, why they are shown."""
    from crm_store.seeding import demo_customers

    with system.database() as database, database.reading() as session:
        return [
            {
                "id": str(shown.customer.id),
                "email": shown.customer.email,
                "order": shown.order_number,
                "why": shown.why,
            }
            for shown in demo_customers(session)
        ]
