"""A form that an agent sends from the console, and the customer's answer there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.looking import settle, sideways, violations
from tests.e2e.widget.chat import Chat
from tests.e2e.widget.conftest import DESK, PHONE, SIZES, Look
from tests.e2e.widget.desk import Desk
from tests.gateway.support.running import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

DAMAGE: dict[str, Any] = {
    "id": "damage",
    "title": {"en": "What is damaged?", "zh-CN": "哪里损坏了?"},
    "submit": {"en": "Send", "zh-CN": "发送"},
    "fields": [
        {
            "name": "part",
            "kind": "select",
            "label": {"en": "Part", "zh-CN": "部件"},
            "required": True,
            "options": [
                {"value": "pole", "label": {"en": "A pole", "zh-CN": "支架"}},
                {"value": "zip", "label": {"en": "The zip", "zh-CN": "拉链"}},
            ],
        },
        {"name": "since", "kind": "text", "label": {"en": "Since when", "zh-CN": "何时起"}},
        {"name": "again", "kind": "checkbox", "label": {"en": "Not the first time"}},
    ],
}


@pytest.fixture
def agent(chromium: Browser, desk: Desk, look: Look) -> Iterator[Page]:
    """The console for an agent, of the same size and look as the customer's page."""
    width, height = SIZES[look.size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        base_url=desk.url,
        locale="en-GB",
        color_scheme="dark" if look.theme == "dark" else "light",
        reduced_motion="reduce",
    )
    credentials = {"email": desk.gateway.access.agent.email, "password": PASSWORD}
    assert context.request.post("/api/v1/auth/login", data=credentials).ok
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def looked_at(page: Page, picture: Callable[..., None], name: str) -> None:
    settle(page)
    picture(name, of=page)
    assert sideways(page) == []
    assert violations(page) == []


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_an_agent_sends_a_form_and_reads_the_answers(
    chat: Callable[..., Chat],
    desk: Desk,
    look: Look,
    agent: Page,
    picture: Callable[..., None],
) -> None:
    desk.set(forms=[DAMAGE])
    shop = chat()
    shop.ask("my tent is broken")
    desk.act("claim")
    agent.goto(f"/console/inbox/mine/{desk.conversation().id}")
    conversation = agent.get_by_role("region", name="Conversation", exact=True)
    send = conversation.get_by_role("button", name="Send")
    expect(send).to_be_disabled()
    conversation.get_by_role("button", name="Form", exact=True).click()
    agent.get_by_role("menuitem", name="What is damaged?").click()
    field = conversation.get_by_label("Reply to the customer")
    expect(field).to_be_focused()
    # Chosen by mistake, it is taken off again.
    conversation.get_by_role("button", name="Do not send the form What is damaged?").click()
    expect(send).to_be_disabled()
    conversation.get_by_role("button", name="Form", exact=True).click()
    agent.get_by_role("menuitem", name="What is damaged?").click()
    looked_at(agent, picture, "console-form-chosen")
    field.press("Enter")
    chinese = look.locale == "zh-CN"
    sent = conversation.get_by_role("group", name="Form: ")
    expect(sent).to_contain_text("not answered yet")
    expect(sent).to_contain_text("Part · Since when · Not the first time")
    expect(conversation.get_by_role("button", name="Do not send the form")).to_have_count(0)

    asked = shop.part("asked")
    expect(asked.get_by_role("heading")).to_have_text(DAMAGE["title"][look.locale])
    shop.check()
    picture("form-from-agent")
    asked.locator("[name=part]").select_option("zip")
    asked.locator("[name=since]").fill("昨天" if chinese else "yesterday")
    asked.locator("[type=submit]").click()
    expect(asked.locator("form")).to_have_count(0)

    answers = conversation.get_by_role("group", name="Answers: ")
    expect(answers).to_contain_text("The zip")
    expect(answers).to_contain_text("昨天" if chinese else "yesterday")
    expect(answers).to_contain_text("Not the first time")
    expect(sent).to_contain_text("answered")
    expect(sent).not_to_contain_text("not answered yet")
    looked_at(agent, picture, "console-form-answered")
    # It stays so when the conversation is read anew.
    agent.reload()
    expect(sent).not_to_contain_text("not answered yet")
    expect(answers).to_contain_text("The zip")


def test_no_form_is_offered_where_the_site_has_none(
    chat: Callable[..., Chat], desk: Desk, agent: Page
) -> None:
    shop = chat()
    shop.ask("hello")
    desk.act("claim")
    agent.goto(f"/console/inbox/mine/{desk.conversation().id}")
    expect(agent.get_by_label("Reply to the customer")).to_be_visible()
    expect(agent.get_by_role("button", name="Form", exact=True)).to_have_count(0)
