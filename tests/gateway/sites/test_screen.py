"""The screen "Widget" in a browser: what an admin sets is what visitors get."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_store.sites.configuration import SiteConfiguration
from tests.e2e.looking import listening
from tests.factories import make_calendar
from tests.gateway.support.running import OPERATOR, Gateway
from tests.gateway.support.screens import look

pytestmark = pytest.mark.browser

SITE = "demo-shop"


def stored(gateway: Gateway) -> dict[str, Any]:
    """The site's settings as they are kept."""
    with gateway.database.reading() as session:
        return SiteConfiguration(session).show(SITE, asker=OPERATOR).settings.stored()


def save(page: Page) -> None:
    with page.expect_response("**/api/v1/sites/demo-shop") as answered:
        page.get_by_role("button", name="Save").click()
    assert answered.value.ok, answered.value.text()


def part(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


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
        page.get_by_role("textbox", name="Words").fill("Questions about this one?")
        look(page, "widget-settings-changed")
        save(page)
        expect(page.get_by_text("Visitors see it within a minute.").last).to_be_visible()
    assert problems == []
    config = sqlite_gateway.client.get("/api/v1/widget/config", params={"site_key": SITE}).json()
    assert (config["appearance"]["title"], config["appearance"]["accent"]) == (
        "Camp desk",
        "#1f6f54",
    )
    assert [one["text"]["en"] for one in config["greetings"]] == ["Questions about this one?"]


def test_guests_are_asked_what_was_composed(page: Page, sqlite_gateway: Gateway) -> None:
    with listening(page) as problems:
        page.goto("/console/settings/widget")
        asked = part(page, "Before a chat")
        asked.get_by_label("Ask guests who they are").check(force=True)
        asked.get_by_label("Introduction").fill("Tell us who you are.")
        # The first field is there already; what nobody has filled in is told when it is saved.
        page.get_by_role("button", name="Save").click()
        label = asked.get_by_label("Label")
        expect(label).to_be_focused()
        expect(asked.get_by_text("Fill this in")).to_have_count(2)
        look(page, "widget-settings-blank")
        label.fill("Your e-mail")
        expect(asked.get_by_text("Fill this in")).to_have_count(0)
        asked.get_by_label("What is filled in").click()
        page.get_by_role("option", name="E-mail address").click()
        expect(asked.get_by_label("Name in the data")).to_have_value("email")
        asked.get_by_label("Must be filled in").check(force=True)
        asked.get_by_role("button", name="Your e-mail E-mail address, required").click()
        expect(label).to_have_count(0)
        asked.get_by_role("button", name="Add a field").click()
        expect(label).to_be_focused()
        label.fill("Größe des Zelts")
        asked.get_by_label("What is filled in").click()
        page.get_by_role("option", name="One of a list").click()
        asked.get_by_label("Choice 1", exact=True).fill("For two")
        asked.get_by_label("Choice 2", exact=True).fill("For two")
        expect(asked.get_by_label("Choice 2 in the data")).to_have_value("for_two_2")
        asked.get_by_label("Choice 2", exact=True).fill("For four")
        look(page, "widget-settings-fields")
        save(page)
    assert problems == []
    email, size = stored(sqlite_gateway)["pre_chat"]["fields"]
    assert (email["name"], email["kind"], email["required"]) == ("email", "email", True)
    assert (size["name"], [one["value"] for one in size["options"]]) == (
        "grosse_des_zelts",
        ["for_two", "for_four"],
    )


def test_rows_are_put_in_order_by_keyboard_alone(page: Page, sqlite_gateway: Gateway) -> None:
    greetings = [
        {"id": name, "text": {"en": name.title()}} for name in ("first", "second", "third")
    ]
    with sqlite_gateway.database.transaction() as session:
        SiteConfiguration(session).change(SITE, {"greetings": greetings}, asker=OPERATOR)
    page.goto("/console/settings/widget")
    up = page.get_by_role("button", name="Third one place up")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Third: place 2 of 3")).to_be_attached()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # at the end there is no further, and the focus stays
    expect(up).to_be_focused()
    page.get_by_role("button", name="Remove First").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add a greeting")).to_be_focused()
    save(page)
    assert [one["id"] for one in stored(sqlite_gateway)["greetings"]] == ["third", "second"]


def test_forms_and_words_are_said_in_each_language(page: Page, sqlite_gateway: Gateway) -> None:
    locales = {"default": "en", "offered": ["en", "zh-CN"]}
    with sqlite_gateway.database.transaction() as session:
        SiteConfiguration(session).change(SITE, {"locales": locales}, asker=OPERATOR)
    with listening(page) as problems:
        page.goto("/console/settings/widget")
        forms = part(page, "Forms")
        forms.get_by_role("button", name="Add a form").click()
        forms.get_by_label("Title (en)").fill("Damaged parcel")
        forms.get_by_label("Title (zh-CN)").fill("包裹损坏")
        expect(forms.get_by_label("Form’s name in the data")).to_have_value("damaged_parcel")
        forms.get_by_label("On the button (zh-CN)").fill("发送")
        forms.get_by_role("button", name="Field 1 One line").click()
        forms.get_by_label("Label (en)").fill("What is broken?")
        forms.get_by_label("Label (zh-CN)").fill("哪里坏了?")
        forms.get_by_label("What is filled in").click()
        page.get_by_role("option", name="Several lines").click()
        words = part(page, "The widget’s own words")
        words.get_by_role("button", name="Add a phrase").click()
        words.get_by_label("Instead of").fill("number {count}")
        page.get_by_role("option", name="You are number {count} in line.").click()
        expect(words.get_by_text("Keep {count}")).to_be_visible()
        words.get_by_label("Say (zh-CN)").fill("前面还有 {count} 位")
        look(page, "widget-settings-forms")
        save(page)
    assert problems == []
    settings = stored(sqlite_gateway)
    (form,) = settings["forms"]
    assert (form["id"], form["title"]["zh-CN"], form["submit"]["en"]) == (
        "damaged_parcel",
        "包裹损坏",
        "Send",
    )
    assert [(field["name"], field["max_length"]) for field in form["fields"]] == [
        ("what_is_broken", 1_000)
    ]
    assert settings["texts"] == {"zh-CN": {"queuePlace": "前面还有 {count} 位"}}


def test_what_the_gateway_refuses_is_named_beside_it_and_nothing_is_lost(
    page: Page, sqlite_gateway: Gateway
) -> None:
    page.goto("/console/settings/widget")
    page.get_by_role("button", name="Add a greeting").click()
    page.get_by_role("textbox", name="Words").fill("Hello")
    refusal = {
        "type": "about:blank",
        "title": "The input is not valid",
        "status": 422,
        "code": "invalid",
        "detail": "greetings.0.path: no such page",
        "errors": [{"field": "greetings.0.path", "message": "no such page"}],
    }
    page.route(
        "**/api/v1/sites/demo-shop",
        lambda route: (
            route.fulfill(status=422, json=refusal)
            if route.request.method == "PATCH"
            else route.continue_()
        ),
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings were not stored")).to_be_visible()
    pages = page.get_by_label("On pages")
    expect(pages).to_be_focused()
    expect(pages).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("No such page", exact=True)).to_be_visible()
    pages.fill("/shop/*")
    expect(pages).not_to_have_attribute("aria-invalid", "true")
    page.unroute("**/api/v1/sites/demo-shop")
    save(page)
    assert stored(sqlite_gateway)["greetings"][0]["path"] == "/shop/*"
