"""``window.Kefu`` on the page of a shop, before and after the script has loaded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.widget.chat import Chat, events_of
from tests.e2e.widget.desk import Desk, host

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

STUB = """
window.told = [];
window.Kefu = { q: [] };
const methods = "open close toggle sendMessage identify setAttributes setLocale on reset destroy";
for (const name of methods.split(" ")) {
  window.Kefu[name] = (...values) => { window.Kefu.q.push([name, ...values]); };
}
for (const name of ["ready", "open", "close", "message", "unread", "handoff", "error"]) {
  window.Kefu.on(name, (detail) => window.told.push([name, detail ?? null]));
}
"""


def test_calls_before_the_script_are_kept(chat: Callable[..., Chat], page: Page) -> None:
    early = 'Kefu.setAttributes({ plan: "gold" }); Kefu.open(); Kefu.sendMessage("written early");'
    shop = chat(script=STUB + early, opened=False)
    expect(shop.said_by("bot")).to_have_text(["Assistant: You said: written early"])
    told = events_of(page)
    assert ["ready", None] in told
    assert ["open", None] in told
    messages = [detail["text"] for name, detail in told if name == "message"]
    assert messages == ["written early", "You said: written early"]


def test_every_method(chat: Callable[..., Chat], desk: Desk, page: Page) -> None:
    shop = chat(script=STUB, opened=False)
    page.evaluate("Kefu.toggle()")
    expect(shop.panel).to_be_visible()
    page.evaluate("Kefu.toggle()")
    expect(shop.panel).to_have_count(0)
    page.evaluate('Kefu.sendMessage("hello")')
    expect(shop.said_by("bot")).to_have_count(1)

    with page.expect_response("**/widget/attributes") as told_staff:
        page.evaluate('Kefu.setAttributes({ plan: "gold", seats: 3, trial: false })')
    assert told_staff.value.status == 204
    with page.expect_response("**/widget/locale"):
        page.evaluate('Kefu.setLocale("zh-CN")')
    expect(shop.input).to_have_attribute("placeholder", "请输入消息…")
    page.evaluate('Kefu.setLocale("en")')
    expect(shop.input).to_have_attribute("placeholder", "Write a message…")

    ended = page.evaluate(
        "() => { const seen = []; const off = Kefu.on('close', () => seen.push(1)); off();"
        " Kefu.close(); return seen.length; }"
    )
    assert ended == 0
    page.evaluate("Kefu.destroy()")
    expect(shop.launcher).to_have_count(0)
    assert page.evaluate("window.Kefu") is None


def test_events_tell_of_people_unseen_words_and_failures(
    chat: Callable[..., Chat], desk: Desk, page: Page
) -> None:
    shop = chat(script=STUB)
    shop.ask("hello")
    shop.close()
    desk.act("claim")
    desk.act("messages", text="It is me")
    expect(shop.part("unread")).to_have_text("2")
    told = events_of(page)
    assert ["handoff", {"to": "agent", "name": "Ann Agent"}] in told
    assert ["unread", 2] in told
    page.route("**/widget/messages", lambda route: route.abort())
    shop.open()
    shop.say("lost")
    expect(shop.part("retry")).to_be_visible(timeout=15_000)
    assert ["error", {"reason": "send"}] in events_of(page)


def test_a_guest_logs_in_and_out(chat: Callable[..., Chat], desk: Desk, page: Page) -> None:
    shop = chat(script=STUB)
    shop.ask("said as a guest")
    guest = desk.conversation()
    identity = desk.identity("c-42", "Noor Nadeem")
    with page.expect_response("**/widget/sessions/identify") as identified:
        page.evaluate("identity => Kefu.identify(identity)", identity)
    assert identified.value.status == 201
    expect(shop.part("verified")).to_be_visible()
    expect(shop.said_by("customer")).to_have_text(["You: said as a guest"])
    shop.ask("said as Noor")
    assert desk.conversation().id == guest.id

    # The same page, loaded again with the same signature, is the same person's.
    page.goto(host(desk, script=STUB, attributes={"data-identity": identity}))
    shop.open()
    expect(shop.said_by("customer")).to_have_count(2)

    with page.expect_response("**/widget/sessions/reset") as left:
        page.evaluate("Kefu.reset()")
    assert left.value.status == 204
    expect(shop.part("verified")).to_have_count(0)
    expect(shop.said_by("customer")).to_have_count(0)
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert "c-42" not in kept
    assert "said as" not in kept
    shop.ask("a stranger")
    assert desk.conversation().id != guest.id


def test_the_tag_is_on_the_page_twice(page: Page, desk: Desk) -> None:
    page.goto(host(desk))
    page.evaluate(
        """() => new Promise((done) => {
          const tag = document.createElement("script");
          tag.src = "/widget/kefu-widget.js";
          tag.dataset.siteKey = "demo-shop";
          tag.onload = done;
          document.head.append(tag);
        })"""
    )
    expect(page.get_by_test_id("kefu-launcher")).to_have_count(1)
