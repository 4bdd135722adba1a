"""What comes to the customer unasked, and what they take along: outreach and mailed transcripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from crm_store.models import Customer, Purpose
from crm_store.outreach.service import OutreachService
from crm_store.privacy.consent import ConsentService
from tests.e2e.widget.chat import Chat
from tests.e2e.widget.conftest import DESK, PHONE, Look
from tests.e2e.widget.desk import Desk
from tests.gateway.support.running import OPERATOR

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

TEXTS = {"en": "Your tent is back in stock.", "zh-CN": "您的帐篷到货了。"}
ASKED = {
    "intro": {"en": "Where may we write to?", "zh-CN": "我们可以写信到哪里?"},
    "fields": [
        {
            "name": "email",
            "kind": "email",
            "label": {"en": "E-mail", "zh-CN": "邮箱"},
            "required": True,
        }
    ],
}


def say_first(desk: Desk, *, allowed: bool = True) -> None:
    """Have something said to the customer who came last, who allows it or not."""
    with desk.gateway.database.transaction() as session:
        newest = select(Customer.id).order_by(Customer.created_at.desc()).limit(1)
        customer_id = session.scalars(newest).one()
        ConsentService(session).decide(
            customer_id, Purpose.MARKETING_CHAT, granted=allowed, source="chat", asker=OPERATOR
        )
        OutreachService(session).ask(
            customer_id, texts=TEXTS, purpose=Purpose.MARKETING_CHAT, asker=OPERATOR
        )


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_the_shop_says_something_first(
    chat: Callable[..., Chat], desk: Desk, look: Look, picture: Callable[[str], None]
) -> None:
    subject = f"reached-{look.size}"
    shop = chat(attributes={"data-identity": desk.identity(subject, "Mona Marlow")})
    shop.ask("hello")
    shop.close()
    expect(shop.part("unread")).to_have_count(0)
    say_first(desk)
    expect(shop.part("unread")).to_have_text("1", timeout=20_000)
    expect(shop.launcher).to_have_accessible_name(
        "打开聊天, 未读消息：1" if look.locale == "zh-CN" else "Open chat, Unread: 1"
    )
    shop.check()
    picture("outreach-unread")
    shop.open()
    expect(shop.said_by("bot").last).to_contain_text(TEXTS[look.locale])
    expect(shop.part("unread")).to_have_count(0)
    shop.check()
    picture("outreach")
    shop.close()
    expect(shop.part("unread")).to_have_count(0)


def test_nothing_is_said_first_to_who_objects(
    chat: Callable[..., Chat], desk: Desk, page: Page
) -> None:
    shop = chat(attributes={"data-identity": desk.identity("objects", "Ned North")})
    shop.ask("hello")
    shop.close()
    say_first(desk, allowed=False)
    page.wait_for_timeout(7_000)  # the gateway looks every five seconds
    expect(shop.part("unread")).to_have_count(0)
    shop.open()
    expect(shop.said_by("bot")).to_have_count(1)


@pytest.mark.parametrize("look", [PHONE, DESK], indirect=True)
def test_the_transcript_is_mailed(
    chat: Callable[..., Chat], desk: Desk, look: Look, picture: Callable[[str], None]
) -> None:
    desk.set(pre_chat=ASKED)
    address = f"mona-{look.size}@example.org"
    shop = chat()
    asked = shop.part("pre-chat")
    asked.locator("[name=email]").fill(address)
    asked.locator("[type=submit]").click()
    shop.ask("mail me this")
    shop.menu("email")
    said = (
        "聊天记录" if look.locale == "zh-CN" else "The transcript is on its way to you by e-mail."
    )
    expect(shop.panel.locator(".notice")).to_contain_text(said)
    shop.check()
    picture("transcript-mailed")
    desk.run_jobs()
    [(recipients, message)] = desk.mailbox.taken
    assert recipients == [address]
    body = message.get_body(("plain",))
    assert body is not None
    assert "mail me this" in body.get_content()
