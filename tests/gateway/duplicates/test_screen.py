"""The screen of duplicates in a browser, at two sizes."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import listening, settle
from tests.gateway.duplicates.queue import make_pair, vouch
from tests.gateway.support.running import Gateway
from tests.gateway.support.screens import look

pytestmark = pytest.mark.browser


def test_a_pair_is_read_decided_and_taken_back(page: Page, sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.database.transaction() as session:
        pair = make_pair(session)
        vouch(session, pair.first_id, "marta@example.com")
        make_pair(
            session,
            {"name": "Maximiliane-Friederike von Hohenstein-Waldenburg zu Altenau"},
            {"name": "ليلى بنت عبد الرحمن", "phone": None},
            score=0.93,
        )
    with listening(page) as problems:
        page.goto("/console/duplicates")
        rows = page.get_by_label("Pairs").get_by_role("link")
        expect(rows).to_have_count(2)
        look(page, "duplicates-list")
        page.keyboard.press("j")
        expect(page.get_by_text("Are they one person?")).to_be_visible()
        expect(page.get_by_text("verified").first).to_be_visible()
        look(page, "duplicates-pair")
        page.keyboard.press("m")
        expect(page.get_by_text("Merged.")).to_be_visible()
        settle(page)
        page.goto("/console/duplicates?status=merged")
        page.get_by_label("Pairs").get_by_role("link").first.click()
        expect(page.get_by_text("Merged into one")).to_be_visible()
        look(page, "duplicates-merged")
        page.get_by_role("button", name="Undo the merge").click()
        expect(page.get_by_text("Nothing was merged yet")).to_be_attached()
        page.goto("/console/duplicates")
        expect(rows).to_have_count(1)
        page.keyboard.press("j")
        page.get_by_role("button", name="Not the same").click()
        page.get_by_role("button", name="Undo").click()
        expect(rows).to_have_count(1)
    assert problems == []


def test_nothing_to_decide_and_a_failure_are_drawn(page: Page, sqlite_gateway: Gateway) -> None:
    page.goto("/console/duplicates")
    expect(page.get_by_text("No pair waits")).to_be_visible()
    look(page, "duplicates-empty")
    page.route("**/api/v1/duplicates?*", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("The pairs could not be loaded.")).to_be_visible(timeout=20_000)
    look(page, "duplicates-failed")
