"""By keyboard, by ear, from right to left, on every size, in both lights and languages."""

import json
from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import sideways
from tests.e2e.widget.chat import Chat
from tests.e2e.widget.conftest import DESK, PHONE, Look
from tests.e2e.widget.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

FOCUSED = """() => {
  const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
  return inner?.dataset.testid ?? inner?.tagName ?? "";
}"""
SMALL = """() => {
  const root = document.querySelector("#kefu-widget").shadowRoot;
  return [...root.querySelectorAll("button, a.follow, input, select, textarea")]
    .filter((each) => each.checkVisibility())
    .map((each) => [each.dataset.testid || each.className, each.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
    .map(([name, box]) => `${name} ${box.width} x ${box.height}`);
}"""
LOOKS = [Look(*each) for each in product(("phone", "desk"), ("light", "dark"), ("en", "zh-CN"))]


@pytest.mark.parametrize("look", LOOKS, indirect=True, ids=[look.name for look in LOOKS])
def test_the_first_look(
    chat: Callable[..., Chat], page: Page, look: Look, picture: Callable[[str], None]
) -> None:
    shop = chat()
    title = {"en": "How can we help?", "zh-CN": "有什么可以帮您"}[look.locale]
    expect(shop.part("empty")).to_contain_text(title)
    shop.check()
    assert sideways(page) == []
    assert page.evaluate(SMALL) == []
    picture("first")
    shop.part("suggestion").first.click()
    expect(shop.said_by("bot")).to_have_count(1)
    # What the assistant is asked is in its own language.
    expect(shop.said_by("customer").first).to_contain_text("Where is my order?")
    shop.check()
    picture("answered")
    box = shop.panel.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == ((390, 844) if look.size == "phone" else (400, 704))


def test_by_keyboard_alone(chat: Callable[..., Chat], page: Page) -> None:
    shop = chat(opened=False)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "kefu-launcher"
    page.keyboard.press("Enter")
    expect(shop.input).to_be_focused()
    page.keyboard.type("typed")
    page.keyboard.press("Enter")
    expect(shop.said_by("bot")).to_have_count(1)
    shop.part("menu").focus()
    page.keyboard.press("Enter")
    expect(shop.part("talk")).to_be_focused()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "kefu-transcript"
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "kefu-menu"
    page.keyboard.press("Escape")
    expect(shop.panel).to_have_count(0)
    expect(shop.launcher).to_be_focused()


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_focus_is_held_only_where_the_page_is_covered(
    chat: Callable[..., Chat], page: Page, look: Look
) -> None:
    shop = chat()
    phone = look.size == "phone"
    expect(shop.panel).to_have_attribute("aria-modal", "true" if phone else "false")
    shop.part("menu").focus()
    seen = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.add(page.evaluate(FOCUSED))
    assert ("BODY" in seen or "A" in seen or "kefu-launcher" in seen) is not phone
    assert "kefu-input" in seen


def test_news_is_read_out_once(chat: Callable[..., Chat], page: Page) -> None:
    shop = chat()
    shop.ask("hello")
    log = shop.part("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(log).to_have_attribute("aria-relevant", "additions")
    # A message that is sent and stored is one node: it would be read out twice as two.
    shop.part("log").evaluate(
        "log => { window.added = 0; new MutationObserver((all) => {"
        " for (const { addedNodes } of all) for (const node of addedNodes)"
        " if (node.nodeType === 1 && node.querySelector('[data-author=customer]')) window.added++;"
        " }).observe(log, { childList: true, subtree: true }); }"
    )
    shop.ask("one more")
    assert page.evaluate("window.added") == 1


def test_from_right_to_left(
    chat: Callable[..., Chat], page: Page, picture: Callable[[str], None]
) -> None:
    pack = {
        "name": "العربية",
        "dir": "rtl",
        "words": {
            "title": "تحدث معنا",
            "greeting1": "مرحبا!",
            "greeting2": "كيف يمكننا المساعدة؟",
            "placeholder": "اكتب رسالة…",
        },
    }
    body = json.dumps(pack)
    page.route("**/kefu-widget.ar.json", lambda route: route.fulfill(body=body))
    shop = chat(attributes={"data-locale": "ar"})
    holder = page.locator("#kefu-widget")
    expect(holder).to_have_attribute("dir", "rtl")
    expect(holder).to_have_attribute("lang", "ar")
    expect(shop.input).to_have_attribute("placeholder", "اكتب رسالة…")
    attach, send = shop.part("attach").bounding_box(), shop.part("send").bounding_box()
    assert attach is not None
    assert send is not None
    assert attach["x"] > send["x"]
    shop.check()
    picture("right-to-left")
    shop.ask("hello")
    mine, theirs = (
        shop.said_by(author).locator(".bubble").first.bounding_box()
        for author in ("customer", "bot")
    )
    assert mine is not None
    assert theirs is not None
    assert mine["x"] < theirs["x"]
    picture("right-to-left-chat")
    assert sideways(page) == []


def test_an_unknown_language_is_spoken_to_in_the_sites_own(
    chat: Callable[..., Chat], desk: Desk
) -> None:
    desk.set(locales={"default": "zh-CN", "offered": ["zh-CN", "en"]})
    shop = chat(attributes={"data-locale": "fr"})
    expect(shop.input).to_have_attribute("placeholder", "请输入消息…")
