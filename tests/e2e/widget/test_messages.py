"""What stands in the log: buttons, cards, files, forms."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.widget.chat import Chat
from tests.e2e.widget.conftest import DESK, PHONE
from tests.e2e.widget.desk import Desk
from tests.gateway.support.double import reply

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

BUTTONS = [
    {"title": "Where is my order?", "payload": "/order_status"},
    {"title": "Talk to a person", "payload": "/human"},
]
PRODUCTS = [
    {
        "kind": "product",
        "title": f"Tent {number}",
        "subtitle": "Two people, three seasons",
        "url": f"/shop/p/tent-{number}",
        "status": {"label": "In stock", "tone": "good"},
    }
    for number in range(1, 6)
]
ORDERS = [
    {
        "kind": "order",
        "title": f"KF-100000{number}",
        "status": {"label": label, "tone": tone},
        "facts": [
            {"label": "Ordered", "value": "12 November 2026"},
            {"label": "Total", "value": "149.00 EUR"},
        ],
        "url": "/shop/orders",
    }
    for number, label, tone in ((1, "On its way", "good"), (2, "Late", "warn"))
]
FEEDBACK = {
    "id": "callback",
    "title": {"en": "May we call you?", "zh-CN": "可以给您打电话吗?"},
    "submit": {"en": "Ask for a call", "zh-CN": "请回电"},
    "fields": [
        {
            "name": "email",
            "kind": "email",
            "label": {"en": "E-mail", "zh-CN": "邮箱"},
            "required": True,
        },
        {
            "name": "time",
            "kind": "select",
            "label": {"en": "Time of day", "zh-CN": "时间"},
            "required": True,
            "options": [
                {"value": "am", "label": {"en": "Morning", "zh-CN": "上午"}},
                {"value": "pm", "label": {"en": "Afternoon", "zh-CN": "下午"}},
            ],
        },
        {"name": "note", "kind": "textarea", "label": {"en": "Note", "zh-CN": "备注"}},
    ],
}


def answer_with(desk: Desk, text: str, payload: dict[str, Any]) -> None:
    desk.assistant.behave = lambda turn: reply(text, payload=payload)


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_quick_replies_are_pressed_once(
    chat: Callable[..., Chat], desk: Desk, picture: Callable[[str], None]
) -> None:
    answer_with(desk, "What is it about?", {"buttons": BUTTONS})
    shop = chat()
    shop.ask("hello")
    first = shop.part("button").first
    expect(first).to_be_enabled()
    shop.check()
    picture("quick-replies")
    first.click()
    expect(shop.said_by("customer").last).to_contain_text("Where is my order?")
    expect(shop.said_by("bot").first.get_by_test_id("kefu-button").first).to_be_disabled()
    expect(shop.said_by("bot")).to_have_count(2)
    assert "/order_status" in desk.assistant.requests[-1].values()


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
@pytest.mark.parametrize(("kind", "cards"), [("products", PRODUCTS), ("orders", ORDERS)])
def test_cards_are_leafed_through(
    chat: Callable[..., Chat],
    desk: Desk,
    picture: Callable[[str], None],
    kind: str,
    cards: list[dict[str, Any]],
) -> None:
    answer_with(desk, "Look at these.", {"cards": cards})
    shop = chat()
    shop.ask("show me")
    page, row = shop.page, shop.part("carousel")
    expect(shop.part("card")).to_have_count(len(cards))
    expect(shop.part("card").first).to_contain_text(cards[0]["status"]["label"])
    shop.check()
    picture(f"cards-{kind}")
    row.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("row => row.scrollLeft > 0", arg=row.element_handle())
    turn = shop.panel.locator(".turn button").last
    if turn.is_visible():  # not where a finger does it
        before = row.evaluate("row => row.scrollLeft")
        turn.click()
        page.wait_for_function(
            "([row, before]) => row.scrollLeft !== before", arg=[row.element_handle(), before]
        )


def test_files_are_limited_before_they_are_sent(
    chat: Callable[..., Chat], page: Page, desk: Desk, picture: Callable[[str], None]
) -> None:
    shop = chat()
    attach = shop.part("attach")
    expect(attach).to_have_accessible_description("PDF, GIF, JPEG, PNG, WEBP, TXT, up to 5 MB")
    attach.hover()
    expect(page.locator("#kefu-limits")).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    big = FilePayload(name="big.png", mimeType="image/png", buffer=b"0" * 5_300_000)
    shop.part("file").set_input_files(big)
    expect(shop.panel).to_contain_text("This file is too large.")
    film = FilePayload(name="film.mp4", mimeType="video/mp4", buffer=b"0")
    shop.part("file").set_input_files(film)
    expect(shop.panel).to_contain_text("This kind of file cannot be sent.")
    picture("file-refused")
    assert not any("attachments" in url for url in sent)

    note = FilePayload(name="note.txt", mimeType="text/plain", buffer=b"The zip is torn.")
    shop.part("file").set_input_files(note)
    mine = shop.said_by("customer").last
    expect(mine).to_contain_text("note.txt")
    expect(mine).to_have_attribute("data-state", "sent")
    expect(mine).to_contain_text("0.1 kB")


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_a_form_is_checked_and_answered_once(
    chat: Callable[..., Chat], desk: Desk, picture: Callable[[str], None], page: Page
) -> None:
    desk.set(forms=[FEEDBACK])
    shop = chat()
    shop.ask("call me")
    desk.act("claim")
    desk.act("messages", form_id="callback")
    asked = shop.part("asked")
    expect(asked).to_be_visible()
    asked.get_by_role("button").click()
    email = asked.locator("[name=email]")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(email).to_be_focused()
    expect(asked.locator(".problem")).to_have_count(2)
    shop.check()
    picture("form-wrong")
    email.fill("mona@")
    asked.get_by_role("button").click()
    expect(email).to_have_attribute("aria-invalid", "true")
    email.fill("mona@example.org")
    asked.locator("[name=time]").select_option("pm")
    asked.get_by_role("button").click()
    expect(asked.locator("form")).to_have_count(0)
    expect(shop.said_by("customer").last).to_contain_text("mona@example.org")
    picture("form-answered")
    page.reload()
    expect(shop.part("asked").locator("form")).to_have_count(0)
