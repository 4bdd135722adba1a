"""The console in a browser: a person takes over from the bot and gives the customer back."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from crm_store.models import Role
from tests.e2e.people import demo_person, login_of, open_chat, shop_as, talk, work_as
from tests.e2e.system import System

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ANSWER_MS = 20_000


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A browser of one's own per person, closed afterwards; no page may have thrown."""
    contexts = []
    thrown: list[str] = []

    def opened(size: dict[str, Any]) -> Page:
        context = chromium.new_context(viewport=size, reduced_motion="reduce", locale="en-GB")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: thrown.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert thrown == []


def log_in(page: Page, system: System, role: Role) -> None:
    login = login_of(system, role)
    page.goto(f"{system.url}/console")
    page.get_by_label("E-mail").fill(login["email"])
    page.get_by_label("Password", exact=True).fill(login["password"])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_test_id("kefu-input").fill(text)
    page.get_by_test_id("kefu-send").click()


def heard(page: Page, author: str, text: str) -> Locator:
    """The widget's messages of one author with this text."""
    return page.locator(f'[data-testid="kefu-message"][data-author="{author}"]', has_text=text)


def test_a_person_takes_over_and_gives_back(system: System, new_page: Callable[..., Page]) -> None:
    person = demo_person(system, 2)
    customer = new_page(PHONE)
    shop_as(customer.context, system, person.id)
    customer.goto(f"{system.url}/shop")
    open_chat(customer)
    say(customer, "where is my order?")
    expect(customer.get_by_test_id("kefu-card").first).to_be_visible(timeout=ANSWER_MS)
    say(customer, "I want to talk to a person please")
    expect(heard(customer, "system", "in line")).to_be_visible(timeout=ANSWER_MS)

    # Waiting in the console, with what was understood and the brief.
    agent = new_page(DESK)
    log_in(agent, system, Role.AGENT)
    waiting = agent.get_by_role("region", name="Conversations: Waiting")
    waiting.get_by_role("link", name=person.name).click()
    conversation = agent.get_by_role("region", name="Conversation", exact=True)
    brief = conversation.get_by_role("region", name="Handoff brief")
    expect(brief).to_contain_text("Order status")
    understood = conversation.get_by_role("group", name="What was understood")
    expect(understood.first).to_contain_text("Order status")
    expect(understood.last).to_contain_text("Human handoff")

    # Claimed and answered; live on the customer's phone.
    conversation.get_by_role("button", name="Claim").first.click()
    expect(conversation).to_contain_text("Yours: you answer")
    reply = conversation.get_by_label("Reply to the customer")
    reply.fill("Hello, this is a person. I have your parcel in view.")
    reply.press("Enter")
    expect(heard(customer, "agent", "I have your parcel in view")).to_be_visible()
    say(customer, "great, that helps a lot")
    expect(conversation.get_by_text("great, that helps a lot")).to_be_visible()

    # A note is for colleagues only.
    conversation.get_by_text("Private note").click()
    note = conversation.get_by_role("textbox", name="Private note")
    note.fill("Carrier called, all is well")
    note.press("Enter")
    expect(conversation.get_by_text("Carrier called, all is well")).to_be_visible()

    # Given back: the bot answers again.
    conversation.get_by_role("button", name="More to do").click()
    agent.get_by_role("menuitem", name="Hand back to the bot").click()
    expect(conversation).to_contain_text("The bot answers")
    say(customer, "which payment methods do you take?")
    expect(heard(customer, "bot", "credit")).to_be_visible(timeout=ANSWER_MS)
    expect(heard(customer, "agent", "Carrier called")).to_have_count(0)
    expect(conversation.get_by_text("which payment methods do you take?")).to_be_visible()


def test_an_admin_finds_what_was_said_and_understood(
    system: System, new_page: Callable[..., Page]
) -> None:
    guest = new_page(DESK)
    guest.goto(f"{system.url}/shop")
    open_chat(guest)
    say(guest, "do you ship to Liechtenstein, and what would it cost?")
    expect(guest.locator('[data-author="bot"]').first).to_be_visible(timeout=ANSWER_MS)

    admin = new_page(DESK)
    work_as(admin.context, system, Role.ADMIN)
    admin.goto(f"{system.url}/console/transcripts")
    admin.get_by_label("Search transcripts").fill("liechtenstein")
    found = admin.get_by_role("region", name="Found conversations").get_by_role("link")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Shipping")
    found.click()
    transcript = admin.get_by_role("region", name="Transcript")
    expect(transcript.get_by_text("do you ship to Liechtenstein")).to_be_visible()
    understood = transcript.get_by_role("group", name="What was understood")
    expect(understood.first).to_contain_text("Shipping")
    expect(understood.first).to_contain_text("neutral")
    # How long the answer took is told with it.
    expect(understood.first).to_contain_text("s")
    admin.get_by_label("Search transcripts").fill("nobody has ever written this")
    expect(admin.get_by_text("No message matches all of this")).to_be_visible()


def test_an_agent_asks_why_it_was_understood_so(
    system: System, new_page: Callable[..., Page]
) -> None:
    said = talk(system, "where is my parcel, it is late again!!", "thank you, that helps")
    agent = new_page(DESK)
    work_as(agent.context, system, Role.AGENT)
    agent.goto(f"{system.url}/console/inbox/open/{said}")
    conversation = agent.get_by_role("region", name="Conversation", exact=True)
    first, second = (conversation.get_by_role("button", name="Why?").nth(n) for n in range(2))

    # With the keyboard alone, and back to where it was asked.
    first.focus()
    agent.keyboard.press("Enter")
    panel = agent.get_by_role("dialog", name="Why it was understood so")
    words = panel.get_by_role("region", name="What the words do")
    expect(words).to_contain_text("late")
    expect(words).to_contain_text(re.compile(r"adds \d+ points"))
    expect(panel.get_by_role("region", name="Intent").get_by_role("listitem")).to_have_count(5)
    scope = panel.get_by_role("meter", name="Scope")
    expect(scope).to_have_attribute("aria-valuetext", re.compile(r"^inside, score .+, threshold "))
    examples = panel.get_by_role("region", name="Nearest training examples")
    expect(examples.get_by_role("listitem")).to_have_count(5)
    words.get_by_text("Frustration", exact=True).click()
    expect(words).to_contain_text("for frustration would be lost")
    agent.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(first).to_be_focused()

    # When nothing comes back, it says so, and another try helps.
    agent.route("**/api/v1/nlu/explain", lambda route: route.abort())
    second.click()
    expect(panel.get_by_role("alert")).to_contain_text("could not be explained")
    agent.unroute("**/api/v1/nlu/explain")
    panel.get_by_role("button", name="Try again").click()
    expect(words).to_contain_text("thank")


def test_the_record_shows_segment_and_recommendations(
    system: System, new_page: Callable[..., Page]
) -> None:
    system.kefu("analyze", "segments")
    system.kefu("analyze", "recommend")
    agent = new_page(DESK)
    work_as(agent.context, system, Role.AGENT)
    agent.goto(f"{system.url}/console/customers/{demo_person(system, 3).id}")
    page = agent.get_by_role("main")
    segment = page.locator("section", has=agent.get_by_role("heading", name="Segment"))
    expect(segment).to_contain_text("found on")
    expect(segment).not_to_contain_text("Not in a segment yet")
    offers = page.locator("section", has=agent.get_by_role("heading", name="Could offer"))
    expect(offers.get_by_role("link").first).to_be_visible()
    expect(offers).to_contain_text("bought")


def test_an_agent_has_no_transcripts(system: System, new_page: Callable[..., Page]) -> None:
    agent, admin = new_page(DESK), new_page(DESK)
    work_as(agent.context, system, Role.AGENT)
    work_as(admin.context, system, Role.ADMIN)
    for page in (agent, admin):
        page.goto(f"{system.url}/console/inbox/waiting")
    expect(pages_of(admin).get_by_role("link", name="Transcripts")).to_be_visible()
    expect(pages_of(agent).get_by_role("link", name="Tickets")).to_be_visible()
    for kept_from_agents in ("Insights", "Transcripts"):
        expect(pages_of(agent).get_by_role("link", name=kept_from_agents)).to_have_count(0)
    agent.goto(f"{system.url}/console/transcripts")
    expect(agent.get_by_text("Transcripts are for admins")).to_be_visible()
    # Not only hidden: refused.
    refused = agent.context.request.get(f"{system.url}/api/v1/transcripts")
    assert refused.status == 403
    assert admin.context.request.get(f"{system.url}/api/v1/transcripts").ok


def test_strangers_are_sent_to_the_log_in(system: System, new_page: Callable[..., Page]) -> None:
    page = new_page(PHONE)
    page.goto(f"{system.url}/console/customers")
    expect(page).to_have_url(f"{system.url}/console/login?next=%2Fcustomers")
    login = login_of(system, Role.AGENT)
    page.get_by_label("E-mail").fill(login["email"])
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    page.get_by_label("Password", exact=True).fill(login["password"])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()


def pages_of(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Pages")
