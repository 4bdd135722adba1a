"""What an admin sets: questions before the chat, hours, greetings, looks and words."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from crm_store.calendars.drafts import CalendarDraft
from crm_store.calendars.service import CalendarService
from tests.e2e.widget.chat import Chat
from tests.e2e.widget.conftest import DESK, PHONE, Look
from tests.e2e.widget.desk import Desk
from tests.gateway.support.running import OPERATOR

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

PRE_CHAT = {
    "intro": {"en": "Tell us who you are, then we begin.", "zh-CN": "开始前请告诉我们您是谁。"},
    "fields": [
        {"name": "name", "kind": "text", "label": {"en": "Name", "zh-CN": "姓名"}},
        {
            "name": "email",
            "kind": "email",
            "label": {"en": "E-mail", "zh-CN": "邮箱"},
            "required": True,
        },
        {"name": "phone", "kind": "phone", "label": {"en": "Phone", "zh-CN": "电话"}},
        {
            "name": "terms",
            "kind": "checkbox",
            "label": {"en": "I have read the privacy note", "zh-CN": "我已阅读隐私说明"},
            "required": True,
        },
    ],
}


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_guests_are_asked_before_the_chat(
    chat: Callable[..., Chat], desk: Desk, page: Page, picture: Callable[[str], None]
) -> None:
    desk.set(pre_chat=PRE_CHAT)
    shop = chat()
    asked = shop.part("pre-chat")
    expect(asked).to_be_visible()
    expect(shop.input).to_have_count(0)
    shop.check()
    picture("pre-chat")
    asked.locator("[type=submit]").click()
    expect(asked.locator("[name=email]")).to_be_focused()
    expect(asked.locator(".problem")).to_have_count(2)
    asked.locator("[name=email]").fill("mona@example.org")
    asked.locator("[name=phone]").fill("12345")  # the gateway alone knows what a number is
    asked.locator("[name=terms]").check()
    asked.locator("[type=submit]").click()
    expect(asked.locator("[name=phone]")).to_have_attribute("aria-invalid", "true")
    picture("pre-chat-refused")
    asked.locator("[name=phone]").fill("+49 30 1234567")
    asked.locator("[type=submit]").click()
    expect(asked).to_have_count(0)
    shop.ask("hello")
    page.reload()
    expect(shop.said_by("bot")).to_have_count(1)


def close_for_today(desk: Desk) -> None:
    """Open on another day of the week than today and its neighbours."""
    day = (datetime.now(UTC).weekday() + 3) % 7
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day]
    name = f"a day a week {uuid4().hex[:6]}"
    draft = CalendarDraft(
        name=name, time_zone="Europe/Berlin", hours={weekday: [["09:00", "17:00"]]}
    )
    with desk.gateway.database.transaction() as session:
        CalendarService(session).add(draft, asker=OPERATOR)
    desk.set(calendar=name)


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_a_message_is_left_outside_business_hours(
    chat: Callable[..., Chat], desk: Desk, picture: Callable[[str], None]
) -> None:
    close_for_today(desk)
    shop = chat()
    expect(shop.part("away")).to_be_visible()
    shop.check()
    picture("away")
    shop.part("leave-open").click()
    page = shop.part("leave")
    page.locator("[name=email]").fill("mona@example.org")
    page.locator("[name=text]").fill("Do you repair tents?")
    shop.check()
    picture("leave")
    page.locator("[type=submit]").click()
    expect(page.get_by_role("status")).to_contain_text("T-")
    picture("left")
    page.get_by_role("button").click()
    expect(shop.said_by("customer").last).to_contain_text("Do you repair tents?")


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_the_site_speaks_first(
    chat: Callable[..., Chat], desk: Desk, page: Page, picture: Callable[[str], None]
) -> None:
    texts = {"en": "Can I help you choose a tent?", "zh-CN": "需要帮您挑选帐篷吗?"}
    greeting = {"id": "tents", "path": "/host/*", "after_seconds": 1, "text": texts}
    elsewhere = {**greeting, "id": "cart", "path": "/cart", "after_seconds": 0}
    desk.set(greetings=[elsewhere, greeting])
    shop = chat(opened=False)
    teaser = shop.part("greeting")
    expect(teaser).to_be_visible()
    # It costs no conversation: nobody has said anything yet.
    assert (
        page.evaluate("Object.keys(localStorage).some((key) => key.endsWith(':session'))") is False
    )
    shop.check()
    picture("greeting")
    teaser.get_by_role("button").first.click()
    expect(shop.said_by("bot")).to_have_count(1)
    shop.say("yes please")
    expect(shop.said_by("bot")).to_have_count(2)
    said = desk.texts(desk.conversation().id)
    assert said[1:] == ["yes please", "You said: yes please"]
    assert said[0] in texts.values()
    shop.close()
    page.reload()
    page.wait_for_timeout(2_500)
    expect(teaser).to_have_count(0)


def test_a_greeting_is_sent_away_for_good(
    chat: Callable[..., Chat], desk: Desk, page: Page
) -> None:
    text = {"en": "Hello there"}
    desk.set(greetings=[{"id": "hi", "path": "*", "after_seconds": 0, "text": text}])
    shop = chat(opened=False)
    shop.part("greeting-close").click()
    expect(shop.part("greeting")).to_have_count(0)
    page.reload()
    page.wait_for_timeout(2_500)
    expect(shop.part("greeting")).to_have_count(0)


@pytest.mark.parametrize(
    ("look", "accent"),
    [(PHONE, "#ffe600"), (DESK, "#123456"), (Look("desk", "light", "en"), "#ff7a00")],
    indirect=["look"],
)
def test_looks_and_words_are_set(
    chat: Callable[..., Chat], desk: Desk, page: Page, accent: str, picture: Callable[[str], None]
) -> None:
    desk.set(
        appearance={"title": "Tents & Co", "accent": accent, "side": "left"},
        texts={"en": {"greeting1": "Ahoy!"}, "zh-CN": {"greeting1": "船长好!"}},
    )
    shop = chat()
    expect(shop.panel.locator("#kefu-title")).to_have_text("Tents & Co")
    chinese = page.evaluate("navigator.language") == "zh-CN"
    expect(shop.part("empty").locator("h3")).to_contain_text("船长好" if chinese else "Ahoy!")
    box = shop.panel.bounding_box()
    assert box is not None
    assert box["x"] < 30
    shop.check()  # axe reckons the contrast of what is drawn
    picture(f"accent-{accent[1:]}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_site_goes_before_the_systems(
    chat: Callable[..., Chat], desk: Desk, theme: str
) -> None:
    desk.set(appearance={"theme": theme})
    shop = chat()
    ground = shop.panel.evaluate("panel => getComputedStyle(panel).backgroundColor")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(28, 32, 36)"}[theme]


def test_guests_are_asked_to_log_in_where_they_must(chat: Callable[..., Chat], desk: Desk) -> None:
    desk.set(identity_required=True)
    shop = chat()
    expect(shop.panel).to_contain_text("Please log in on this page")
    expect(shop.input).to_have_count(0)
    known = chat(attributes={"data-identity": desk.identity("c-7")}, opened=False)
    known.open()
    known.ask("hello")
