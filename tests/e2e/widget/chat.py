"""What a customer does with the widget, and what they see of it."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.looking import settle, violations
from tests.e2e.widget.desk import Desk


@dataclass
class Chat:
    """The widget on a page."""

    page: Page
    desk: Desk

    def part(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"kefu-{name}")

    @property
    def launcher(self) -> Locator:
        return self.part("launcher")

    @property
    def panel(self) -> Locator:
        return self.part("panel")

    @property
    def input(self) -> Locator:
        return self.part("input")

    def open(self) -> None:
        if not self.panel.is_visible():
            self.launcher.click()
        expect(self.panel).to_be_visible()

    def close(self) -> None:
        self.part("close").click()
        expect(self.panel).to_have_count(0)

    def say(self, text: str) -> None:
        self.input.fill(text)
        self.part("send").click()

    def ask(self, text: str) -> None:
        """Say something and wait for the assistant."""
        before = self.said_by("bot").count()
        self.say(text)
        expect(self.said_by("bot")).to_have_count(before + 1)

    def said_by(self, author: str) -> Locator:
        return self.page.locator(f'[data-testid="kefu-message"][data-author="{author}"]')

    def menu(self, name: str) -> None:
        """Choose from the menu."""
        self.part("menu").click()
        self.part(name).click()

    def check(self) -> None:
        """Nothing that axe-core objects to."""
        settle(self.page)
        assert violations(self.page) == []


def events_of(page: Page) -> list[Any]:
    """What the page's own script has collected in ``window.told``."""
    told: list[Any] = page.evaluate("window.told")
    return told
