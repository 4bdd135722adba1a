"""Sound and desktop notifications: only for who asked for them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.widget.chat import Chat
from tests.e2e.widget.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

# Notes what the page makes the browser do, and lets it do the rest.
WATCH = """
window.asked = 0; window.shown = []; window.tones = 0;
window.Notification = class {
  constructor(title, more) { window.shown.push([title, more.body]); }
  close() {}
};
window.Notification.requestPermission = async () => {
  window.asked++;
  return window.answer ?? "granted";
};
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones++; return make.call(this); };
"""
HIDE = """() => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(autouse=True)
def _watched(context: BrowserContext) -> None:
    context.add_init_script(WATCH)


def test_nothing_is_asked_or_heard_unless_chosen(
    chat: Callable[..., Chat], desk: Desk, page: Page
) -> None:
    shop = chat()
    shop.ask("hello")
    desk.act("claim")
    page.evaluate(HIDE)
    desk.act("messages", text="psst")
    expect(shop.said_by("agent")).to_have_count(1)
    assert page.evaluate("[window.asked, window.tones, window.shown.length]") == [0, 0, 0]


def test_who_asked_is_told_while_away(
    chat: Callable[..., Chat], desk: Desk, page: Page, picture: Callable[[str], None]
) -> None:
    shop = chat()
    shop.ask("hello")
    shop.part("menu").click()
    shop.part("sound").click()
    shop.part("alerts").click()
    expect(shop.part("sound")).to_have_attribute("aria-checked", "true")
    expect(shop.part("alerts")).to_have_attribute("aria-checked", "true")
    shop.check()
    picture("menu")
    assert page.evaluate("[window.asked, window.tones]") == [1, 1]
    page.keyboard.press("Escape")
    desk.act("claim")
    desk.act("messages", text="You are looking at this")
    expect(shop.said_by("agent")).to_have_count(1)
    assert page.evaluate("window.shown") == []
    page.evaluate(HIDE)
    desk.act("messages", text="Your tent is on its way")
    expect(shop.said_by("agent")).to_have_count(2)
    assert page.evaluate("window.shown") == [["Ann Agent", "Your tent is on its way"]]
    assert page.evaluate("window.tones") == 2
    page.reload()
    shop.part("menu").click()
    expect(shop.part("sound")).to_have_attribute("aria-checked", "true")


def test_a_refusal_of_the_browser_is_said(chat: Callable[..., Chat], page: Page) -> None:
    shop = chat()
    page.evaluate("window.answer = 'denied'")
    shop.menu("alerts")
    expect(shop.panel).to_contain_text("Your browser blocks notifications.")
    expect(shop.part("alerts")).to_have_attribute("aria-checked", "false")


def test_a_site_may_do_without_sound(chat: Callable[..., Chat], desk: Desk) -> None:
    desk.set(sound=False)
    shop = chat()
    shop.part("menu").click()
    expect(shop.part("alerts")).to_be_visible()
    expect(shop.part("sound")).to_have_count(0)
