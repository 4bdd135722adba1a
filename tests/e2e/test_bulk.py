"""Many tickets changed at once in a real browser: shown, refused with the reason, taken back."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from crm_store.asking import AsSystem
from crm_store.models import Role, Ticket, TicketPriority
from crm_store.tickets.service import TicketService
from tests.e2e.people import work_as
from tests.e2e.system import System

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

ASKER = AsSystem("a test")


@pytest.fixture
def word() -> str:
    """A word that only this test's tickets have."""
    return f"together{uuid4().hex[:12]}"


@pytest.fixture
def numbers(system: System, word: str) -> list[str]:
    """Three tickets that no other test knows."""
    with system.database() as database, database.transaction() as session:
        return [
            TicketService(session)
            .open(
                subject=f"Selected {word} {number}",
                body="",
                topic="other",
                priority=priority,
                idempotency_key=uuid4().hex,
                asker=ASKER,
            )
            .number
            for number, priority in enumerate(
                (TicketPriority.LOW, TicketPriority.NORMAL, TicketPriority.NORMAL)
            )
        ]


@pytest.fixture
def tickets(chromium: Browser, system: System, word: str, numbers: list[str]) -> Iterator[Page]:
    context = chromium.new_context(reduced_motion="reduce", locale="en-GB")
    work_as(context, system, Role.AGENT)
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{system.url}/console/tickets?q={word}")
    for number in numbers:
        expect(row(page, number)).to_be_visible()
    yield page
    context.close()


def row(page: Page, number: str) -> Locator:
    return page.locator(f"a[href*='/tickets/{number}']")


def pick(page: Page, name: str, option: str) -> None:
    page.get_by_role("combobox", name=name).click()
    page.get_by_role("option", name=option, exact=True).click()


def priorities(system: System, numbers: list[str]) -> list[TicketPriority]:
    with system.database() as database, database.reading() as session:
        found = session.execute(
            select(Ticket.number, Ticket.priority).where(Ticket.number.in_(numbers))
        )
        by_number = {row[0]: row[1] for row in found}
    return [by_number[number] for number in numbers]


def test_many_are_changed_and_taken_back(tickets: Page, system: System, numbers: list[str]) -> None:
    before = priorities(system, numbers)
    for number in numbers:
        tickets.get_by_role("checkbox", name=f"Select {number}").check()
    with tickets.expect_response("**/tickets/bulk"):
        pick(tickets, "Set the priority of the selected", "Urgent")
    for number in numbers:
        expect(row(tickets, number).get_by_text("Urgent")).to_be_visible()
    expect(tickets.get_by_text("3 tickets changed.")).to_be_visible()
    assert priorities(system, numbers) == [TicketPriority.URGENT] * 3

    tickets.get_by_role("button", name="Undo").click()
    expect(row(tickets, numbers[0]).get_by_text("Low")).to_be_visible()
    expect(row(tickets, numbers[1]).get_by_text("Urgent")).to_be_hidden()
    assert priorities(system, numbers) == before


def test_what_is_refused_says_why(tickets: Page, system: System, numbers: list[str]) -> None:
    with system.database() as database, database.transaction() as session:
        TicketService(session).merge(numbers[0], [numbers[2]], asker=ASKER)
    for number in numbers[1:]:
        tickets.get_by_role("checkbox", name=f"Select {number}").check()
    with tickets.expect_response("**/tickets/bulk"):
        pick(tickets, "Set the priority of the selected", "High")
    refused = tickets.get_by_role("alert").filter(has_text="One ticket was not changed")
    expect(refused).to_contain_text(numbers[2])
    expect(row(tickets, numbers[1]).get_by_text("High")).to_be_visible()
    expect(row(tickets, numbers[2]).get_by_text("High")).to_be_hidden()


def test_the_keyboard_selects(tickets: Page, numbers: list[str]) -> None:
    tickets.keyboard.press("j")
    tickets.keyboard.press("x")
    expect(tickets.get_by_role("status").filter(has_text="1 selected")).to_be_visible()
    tickets.keyboard.press("Shift+A")
    shown = tickets.get_by_role("checkbox", name="Select T-")
    expect(shown.first).to_be_checked()
    expect(shown.last).to_be_checked()
    tickets.keyboard.press("Escape")
    expect(tickets.get_by_role("region", name="Selected tickets")).to_be_hidden()
