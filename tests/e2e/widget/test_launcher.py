"""The launcher, the history, and several tabs of one browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.widget.chat import Chat
from tests.e2e.widget.desk import Desk, host

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def test_counts_what_was_not_seen(chat: Callable[..., Chat], desk: Desk) -> None:
    shop = chat()
    shop.ask("hello")
    shop.close()
    desk.act("claim")
    desk.act("messages", text="I am Ann.")
    desk.act("messages", text="How can I help?")
    # The system's line that Ann is here, and her two.
    expect(shop.part("unread")).to_have_text("3")
    expect(shop.launcher).to_have_accessible_name("Open chat, Unread: 3")
    shop.open()
    shop.close()
    expect(shop.part("unread")).to_have_count(0)


def test_keeps_the_history_across_reloads(chat: Callable[..., Chat]) -> None:
    shop = chat()
    shop.ask("where is my tent?")
    shop.input.fill("half a thou")
    shop.page.wait_for_timeout(300)
    shop.page.reload()
    expect(shop.panel).to_be_visible()
    expect(shop.said_by("customer")).to_have_text(["You: where is my tent?"])
    expect(shop.said_by("bot")).to_have_text(["Assistant: You said: where is my tent?"])
    expect(shop.input).to_have_value("half a thou")


def test_tabs_are_in_step(chat: Callable[..., Chat], context: BrowserContext, desk: Desk) -> None:
    first = chat()
    other = context.new_page()
    other.goto(host(desk))
    second = Chat(other, desk)
    second.open()
    first.ask("said in the first tab")
    expect(second.said_by("bot")).to_have_count(1)
    second.ask("said in the second")
    expect(first.said_by("customer")).to_have_count(2)
    assert desk.texts(desk.conversation().id).count("said in the second") == 1

    # What is read in one tab is read in all.
    second.close()
    first.ask("and a third time")
    first.page.bring_to_front()
    expect(second.part("unread")).to_have_count(0)


def test_tells_of_a_failure_and_sends_on_demand(chat: Callable[..., Chat], page: Page) -> None:
    shop = chat()
    shop.ask("first")
    page.route("**/widget/messages", lambda route: route.abort())
    shop.say("into the void")
    retry = shop.part("retry")
    expect(retry).to_have_text("We could not send this. Tap to try again.")
    page.unroute("**/widget/messages")
    retry.click()
    expect(shop.said_by("bot")).to_have_count(2)
    expect(shop.said_by("customer").last).to_have_attribute("data-state", "sent")


def test_says_that_it_is_offline_and_sends_later(
    chat: Callable[..., Chat], context: BrowserContext
) -> None:
    shop = chat()
    shop.ask("first")
    context.set_offline(True)
    expect(shop.part("banner")).to_contain_text("offline")
    shop.say("from the tunnel")
    expect(shop.said_by("customer").last).to_have_attribute("data-state", "pending")
    context.set_offline(False)
    expect(shop.part("banner")).to_have_count(0)
    expect(shop.said_by("bot")).to_have_count(2)
