"""The screen "Widget" in a browser: what an admin sets is what visitors get."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.looking import listening
from tests.factories import make_calendar
from tests.gateway.support.running import Gateway
from tests.gateway.support.screens import look

pytestmark = pytest.mark.browser


def test_what_is_set_is_what_visitors_get(page: Page, sqlite_gateway: Gateway) -> None:
    with sqlite_gateway.database.transaction() as session:
        make_calendar(session, name="Shop hours")
    with listening(page) as problems:
        page.goto("/console/settings/widget")
        title = page.get_by_label("Name in the header")
        expect(title).to_be_visible()
        look(page, "widget-settings-defaults")
        title.fill("Camp desk")
        page.get_by_role("textbox", name="Accent").fill("#1f6f54")
        page.get_by_role("button", name="Add a greeting").click()
        page.get_by_label("On pages").fill("/shop/p/*")
        page.get_by_label("Words (en)").fill("Questions about this one?")
        page.get_by_label("Asked before a chat").fill("{")
        expect(page.get_by_text("This is not JSON yet")).to_be_visible()
        expect(page.get_by_role("button", name="Save")).to_be_disabled()
        page.get_by_label("Asked before a chat").fill("")
        look(page, "widget-settings-changed")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Visitors see it within a minute.").last).to_be_visible()
    assert problems == []
    config = sqlite_gateway.client.get(
        "/api/v1/widget/config", params={"site_key": "demo-shop"}
    ).json()
    assert (config["appearance"]["title"], config["appearance"]["accent"]) == (
        "Camp desk",
        "#1f6f54",
    )
    assert [one["text"]["en"] for one in config["greetings"]] == ["Questions about this one?"]


def test_what_the_gateway_refuses_is_named_and_nothing_is_lost(
    page: Page, sqlite_gateway: Gateway
) -> None:
    page.goto("/console/settings/widget")
    page.get_by_label("Forms that can be sent into a chat").fill('[{"id": "x"}]')
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings were not stored")).to_be_visible()
    expect(page.get_by_text("forms.0.title", exact=False)).to_be_visible()
    expect(page.get_by_label("Forms that can be sent into a chat")).to_have_value('[{"id": "x"}]')
