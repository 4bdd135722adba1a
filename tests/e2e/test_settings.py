"""What admins decide, and what sellers keep, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from crm_store.models import Role
from tests.e2e.people import work_as
from tests.e2e.system import System

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def logged_in(chromium: Browser, system: System, role: Role) -> Page:
    context = chromium.new_context(reduced_motion="reduce", locale="en-GB")
    work_as(context, system, role)
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


@pytest.fixture
def admin(chromium: Browser, system: System) -> Iterator[Page]:
    page = logged_in(chromium, system, Role.ADMIN)
    yield page
    page.context.close()


@pytest.fixture
def agent(chromium: Browser, system: System) -> Iterator[Page]:
    page = logged_in(chromium, system, Role.AGENT)
    yield page
    page.context.close()


def test_hours_are_tried_kept_and_promised_by(admin: Page, system: System) -> None:
    admin.goto(f"{system.url}/console/settings/hours")
    admin.get_by_role("button", name="New opening hours").click()
    form = admin.get_by_role("dialog")
    form.get_by_label("Name").fill("Round the clock")
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        form.get_by_label(day).fill("0-24")
    expect(form.get_by_text("open around the clock")).to_be_visible()
    form.get_by_label("Sunday").fill("later")
    expect(form.get_by_role("button", name="Save")).to_be_disabled()
    form.get_by_label("Sunday").fill("0-24")
    form.get_by_role("button", name="Save").click()
    expect(admin.get_by_text("Monday to Sunday 00:00–24:00")).to_be_visible()

    admin.get_by_role("link", name="Service levels").click()
    admin.get_by_role("button", name="New service level").click()
    form.get_by_label("Name").fill("Refunds at once")
    form.get_by_label("Counted in the open hours of").click()
    admin.get_by_role("option", name="Round the clock").click()
    expect(form.get_by_role("button", name="Save")).to_be_disabled()
    form.get_by_label("First answer within").fill("1:30")
    form.get_by_role("button", name="Save").click()
    card = admin.get_by_role("listitem").filter(has_text="Refunds at once")
    expect(card).to_contain_text("First answer: 1 h 30 m")

    admin.get_by_role("button", name="Edit Refunds at once").click()
    form.get_by_role("button", name="Remove").click()
    admin.get_by_role("button", name="Remove it").click()
    expect(card).to_be_hidden()


def test_a_stage_is_added_moved_and_kept(admin: Page, system: System) -> None:
    admin.goto(f"{system.url}/console/settings/pipelines")
    admin.get_by_role("button", name="New pipeline").click()
    admin.get_by_role("dialog").get_by_label("Name").fill("Repairs")
    admin.get_by_role("button", name="Add it with the usual stages").click()
    form = admin.get_by_role("form", name="Stages of Repairs")
    form.get_by_role("button", name="Add a stage").click()
    expect(form.get_by_role("button", name="Save the stages")).to_be_disabled()
    form.get_by_label("Name of the new stage").fill("Inspection")
    form.get_by_role("button", name="Inspection one place up").click()
    with admin.expect_response("**/stages"):
        form.get_by_role("button", name="Save the stages").click()
    admin.reload()
    expect(form.get_by_label("Name of")).to_have_count(7)
    names = form.get_by_label("Name of").evaluate_all("fields => fields.map(f => f.value)")
    assert names == ["New", "Qualified", "Proposal", "Inspection", "Negotiation", "Won", "Lost"]


def test_an_account_is_made_and_edited(agent: Page, system: System) -> None:
    agent.goto(f"{system.url}/console/inbox/open")
    expect(agent.get_by_role("navigation").first).to_be_visible()  # shortcuts are heard from now on
    agent.keyboard.press("g")
    agent.keyboard.press("a")
    agent.get_by_role("button", name="New account").click()
    agent.get_by_role("dialog").get_by_label("Name").fill("Hüttenwirte Nord")
    agent.get_by_role("button", name="Add the account").click()
    expect(agent.get_by_role("heading", name="Hüttenwirte Nord")).to_be_visible()
    agent.get_by_label("Industry").fill("Hospitality")
    agent.get_by_role("button", name="Save").click()
    expect(agent.locator("header")).to_contain_text("Hospitality")
    agent.get_by_role("button", name="Add a contact").click()
    dialog = agent.get_by_role("dialog")
    dialog.get_by_label("Customer").press_sequentially("a")
    agent.get_by_role("option").first.click()
    dialog.get_by_role("button", name="Add the contact").click()
    expect(agent.get_by_role("region", name="Contacts")).to_contain_text("main")


def test_a_campaign_starts_when_it_has_something_to_say(agent: Page, system: System) -> None:
    agent.goto(f"{system.url}/console/sales/campaigns")
    agent.get_by_role("button", name="New campaign").click()
    dialog = agent.get_by_role("dialog")
    dialog.get_by_label("Name").fill("First snow")
    dialog.get_by_role("button", name="Make a draft").click()
    expect(agent.get_by_role("heading", name="First snow")).to_be_visible()
    agent.get_by_role("button", name="Start").click()
    expect(agent.get_by_text("there is nothing to say yet")).to_be_visible()
    agent.get_by_label("What is said").fill("It snows. Skis are here.")
    agent.get_by_role("button", name="Save").click()
    expect(agent.get_by_role("button", name="Save")).to_be_disabled()
    agent.get_by_role("button", name="Start").click()
    expect(agent.get_by_role("button", name="Pause")).to_be_visible()
    agent.get_by_role("button", name="Finish").click()
    agent.get_by_role("button", name="Finish it").click()
    expect(agent.get_by_text("It is finished")).to_be_visible()


def test_settings_are_closed_to_agents(agent: Page, system: System) -> None:
    agent.goto(f"{system.url}/console/settings/hours")
    expect(agent.get_by_text("Settings are for admins")).to_be_visible()
    expect(agent.get_by_role("navigation", name="Pages").get_by_text("Settings")).to_be_hidden()
