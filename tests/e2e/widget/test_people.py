"""A person takes over, hands back, and is graded."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from crm_store.conversations.inactive import close_one
from crm_store.conversations.service import ConversationService
from crm_store.models import Conversation
from foundation.clock import utc_now
from tests.e2e.widget.chat import Chat
from tests.e2e.widget.conftest import DESK, PHONE, Look
from tests.e2e.widget.desk import Desk
from tests.gateway.support.double import echo, reply

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

HANDOFF = {"reason": "asked", "brief": {}}


def wait_in_line(shop: Chat) -> None:
    shop.desk.assistant.behave = lambda turn: reply("I pass you on.", handoff=HANDOFF)
    shop.ask("a person, please")
    shop.desk.assistant.behave = echo


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_the_queue_a_person_and_the_assistant_again(
    chat: Callable[..., Chat], desk: Desk, look: Look, picture: Callable[[str], None]
) -> None:
    chinese = look.locale == "zh-CN"
    shop = chat()
    wait_in_line(shop)
    expect(shop.part("queue")).to_contain_text("您" if chinese else "in line")
    shop.check()
    picture("queue")
    desk.act("claim")
    expect(shop.part("queue")).to_have_count(0)
    title = shop.panel.locator("#kefu-title")
    expect(title).to_have_text("Ann Agent")
    expect(shop.said_by("system").last).to_contain_text("Ann Agent")
    desk.act("messages", text="Good day, this is Ann.")
    expect(shop.said_by("agent").last).to_contain_text("Good day, this is Ann.")
    shop.check()
    picture("agent")
    # A person and the assistant never look alike.
    expect(shop.panel.locator(".avatar.person").first).to_be_visible()
    desk.act("release", to="bot")
    expect(title).to_have_text("Lantern & Pine")
    expect(shop.said_by("system").last).to_contain_text("智能助手" if chinese else "assistant")
    picture("handed-back")


def test_the_wait_is_estimated_from_earlier_ones(chat: Callable[..., Chat], desk: Desk) -> None:
    for _ in range(3):
        visitor = desk.gateway.visitor()
        desk.assistant.behave = lambda turn: reply("I pass you on.", handoff=HANDOFF)
        visitor.say("a person, please")
        visitor.wait_for(1)
        visitor.wait_for(1, author="system")
        desk.act("claim")
    shop = chat()
    wait_in_line(shop)
    expect(shop.part("queue")).to_contain_text(re.compile(r"Waiting time: about \d+ min"))


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_a_grade_is_asked_for_at_the_end(
    chat: Callable[..., Chat], desk: Desk, picture: Callable[[str], None]
) -> None:
    shop = chat()
    shop.ask("hello")
    desk.act("claim")
    desk.act("messages", text="Here is your answer.")
    shop.say("thank you")
    expect(shop.said_by("customer").last).to_have_attribute("data-state", "sent")
    desk.act("resolve")
    rating = shop.part("rating")
    rating.get_by_role("radio").nth(4).check(force=True)
    rating.locator("textarea").fill("Fast and kind")
    shop.check()
    picture("rating")
    rating.locator("[type=submit]").click()
    expect(rating).to_have_count(0)
    with desk.gateway.database.reading() as session:
        grade = ConversationService(session).csat(desk.conversation().id)
    assert grade is not None
    assert (grade.score, grade.comment) == (5, "Fast and kind")


def test_the_grade_can_be_skipped_and_the_chat_ended_by_the_customer(
    chat: Callable[..., Chat], page: Page
) -> None:
    shop = chat()
    shop.ask("hello")
    shop.menu("end")
    expect(shop.part("rating")).to_be_visible()
    shop.part("skip").click()
    expect(shop.part("rating")).to_have_count(0)
    page.reload()
    shop.part("log").wait_for()
    page.wait_for_timeout(500)
    expect(shop.part("rating")).to_have_count(0)


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_a_quiet_chat_is_closed_without_asking_for_a_grade(
    chat: Callable[..., Chat], desk: Desk, look: Look, picture: Callable[[str], None]
) -> None:
    shop = chat()
    shop.ask("hello")
    newest = desk.conversation().id
    now = utc_now()
    with desk.gateway.database.transaction() as session:
        session.get_one(Conversation, newest).last_message_at = now - timedelta(hours=80)
    assert close_one(desk.gateway.database, newest, before=now - timedelta(hours=72))
    line = shop.said_by("system").last
    expect(line).to_contain_text("长时间" if look.locale == "zh-CN" else "closed")
    expect(shop.part("rating")).to_have_count(0)
    shop.check()
    picture("closed-for-quiet")


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_an_answer_that_does_not_come_is_excused_and_a_person_offered(
    chat: Callable[..., Chat], desk: Desk, look: Look, picture: Callable[[str], None]
) -> None:
    chinese = look.locale == "zh-CN"
    desk.assistant.status = 500
    shop = chat()
    shop.say("hello")
    excuse = shop.said_by("bot").last
    expect(excuse).to_contain_text("抱歉" if chinese else "I am sorry", timeout=40_000)
    offer = excuse.get_by_test_id("kefu-button")
    expect(offer).to_have_text("转人工客服" if chinese else "Talk to a person")
    shop.check()
    picture("excused")
    offer.click()
    expect(shop.part("queue")).to_be_visible(timeout=40_000)


def test_the_transcript_is_downloaded(chat: Callable[..., Chat], page: Page) -> None:
    shop = chat()
    shop.ask("remember this")
    with page.expect_download() as download:
        shop.menu("transcript")
    assert "remember this" in download.value.path().read_text()


def test_the_transcript_is_not_mailed_to_nobody(chat: Callable[..., Chat], page: Page) -> None:
    shop = chat()
    shop.ask("mail me this")
    with page.expect_response("**/widget/transcript") as answered:
        shop.menu("email")
    assert answered.value.status == 409
    expect(shop.panel.locator(".notice")).to_contain_text(answered.value.json()["detail"])
