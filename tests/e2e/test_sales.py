"""The pipeline board in a real browser: by mouse, by keys, and when somebody else was faster."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select, update

from crm_store.models import Opportunity, OpportunityStatus, Role, StageChange, StageEvent
from tests.e2e.people import work_as
from tests.e2e.system import System

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


@pytest.fixture
def board(chromium: Browser, system: System) -> Iterator[Page]:
    context = chromium.new_context(reduced_motion="reduce", locale="en-GB")
    work_as(context, system, Role.ADMIN)
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{system.url}/console/sales")
    expect(page.get_by_role("article").first).to_be_visible()
    yield page
    context.close()


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def first_card(page: Page, stage: str) -> tuple[Locator, str]:
    link = column(page, stage).get_by_role("article").first.get_by_role("link")
    return link, (link.get_attribute("href") or "").rpartition("/")[2]


def events(system: System, opportunity_id: str) -> list[StageEvent]:
    with system.database() as database, database.reading() as session:
        found = session.scalars(
            select(StageChange.event)
            .where(StageChange.opportunity_id == UUID(opportunity_id))
            .order_by(StageChange.seq)
        )
        return list(found)


def test_a_card_is_dragged(board: Page, system: System) -> None:
    _, opportunity_id = first_card(board, "New")
    before = len(events(system, opportunity_id))
    card = column(board, "New").get_by_role("article").first
    with board.expect_response("**/move"):
        card.drag_to(column(board, "Offer sent"))
    there = column(board, "Offer sent").locator(f"a[href$='{opportunity_id}']")
    expect(there).to_be_visible()
    assert events(system, opportunity_id)[before:] == [StageEvent.MOVED]


def test_a_card_goes_on_with_the_keyboard(board: Page, system: System) -> None:
    link, opportunity_id = first_card(board, "Qualified")
    link.focus()
    board.keyboard.press("Shift+ArrowRight")
    expect(column(board, "Offer sent").locator(f"a[href$='{opportunity_id}']")).to_be_visible()
    expect(board.get_by_text("moved to Offer sent")).to_be_attached()


def test_losing_asks_why(board: Page, system: System) -> None:
    link, opportunity_id = first_card(board, "Negotiation")
    name = link.inner_text()
    column(board, "Negotiation").get_by_role("article").first.get_by_role("button").click()
    board.get_by_role("menuitem", name="Lost").click()
    dialog = board.get_by_role("dialog", name=f"Why was {name} lost?")
    expect(dialog.get_by_role("button", name="It is lost")).to_be_disabled()
    dialog.get_by_label("Reason").first.click()
    board.get_by_role("option", name="Timing").click()
    with board.expect_response("**/move"):
        dialog.get_by_role("button", name="It is lost").click()
    expect(column(board, "Lost").locator(f"a[href$='{opportunity_id}']")).to_be_visible()
    assert events(system, opportunity_id)[-1] is StageEvent.LOST


def test_a_move_that_is_refused_is_taken_back(board: Page, system: System) -> None:
    link, opportunity_id = first_card(board, "New")
    with system.database() as database, database.transaction() as session:
        session.execute(
            update(Opportunity)
            .where(Opportunity.id == UUID(opportunity_id))
            .values(version=Opportunity.version + 1, next_step="Changed by somebody else")
        )
    link.focus()
    board.keyboard.press("Shift+ArrowRight")
    expect(board.get_by_text("changed this on")).to_be_visible()
    expect(column(board, "New").locator(f"a[href$='{opportunity_id}']")).to_be_visible()
    with system.database() as database, database.reading() as session:
        row = session.get_one(Opportunity, UUID(opportunity_id))
        assert row.status is OpportunityStatus.OPEN
