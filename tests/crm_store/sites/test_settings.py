"""What an admin may set per site."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.editing import ChangedMeanwhile
from crm_store.models import AuditEntry, CalendarDay
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.form_fields import FormField, in_words, pick, read_answers
from crm_store.sites.hours import DeskHours, desk_hours
from crm_store.sites.settings import SiteSettings
from foundation.errors import InvalidFields, NotAllowed
from tests.factories import as_staff, make_calendar, make_site, make_user
from tests.factories.widget import CONTACT_FIELDS, FORM, GREETING, PRE_CHAT

OPERATOR = AsSystem("a test")
FIELDS = [FormField.model_validate(field) for field in CONTACT_FIELDS]


def test_settings_are_changed_one_by_one(database: Database) -> None:
    with database.transaction() as session:
        site, calendar = make_site(session), make_calendar(session)
        sites = SiteConfiguration(session)
        first = sites.change(
            site.site_key,
            {"pre_chat": PRE_CHAT, "calendar": calendar.name, "identity_required": True},
            asker=OPERATOR,
        )
        second = sites.change(
            site.site_key, {"sound": False}, version=first.site.version, asker=OPERATOR
        )
        assert second.settings.pre_chat is not None
        assert not second.settings.sound
        assert (second.calendar, second.site.identity_required) == (calendar.name, True)
        with pytest.raises(ChangedMeanwhile):
            sites.change(site.site_key, {"sound": True}, version=1, asker=OPERATOR)
        third = sites.change(site.site_key, {"pre_chat": None, "calendar": None}, asker=OPERATOR)
        assert (third.settings.pre_chat, third.calendar, third.site.version) == (None, None, 4)
    with database.reading() as session:  # acts are sealed at the commit
        acts = session.scalars(select(AuditEntry.action)).all()
        assert acts.count("site.configured") == 3


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"colour": "red"}, "colour"),
        ({"appearance": {"accent": "red"}}, "appearance.accent"),
        ({"locales": {"default": "fr", "offered": ["en"]}}, "locales.offered"),
        ({"texts": {"en": {"title": "x" * 301}}}, "texts.en.title"),
        ({"texts": {"not a locale": {"title": "x"}}}, "texts.not a locale"),
        ({"greetings": [GREETING, GREETING]}, "greetings"),
        ({"greetings": [{**GREETING, "path": "javascript:alert(1)"}]}, "greetings.0.path"),
        ({"forms": [{**FORM, "fields": []}]}, "forms.0.fields"),
        ({"pre_chat": {**PRE_CHAT, "fields": [*CONTACT_FIELDS, CONTACT_FIELDS[0]]}}, "pre_chat.f"),
        ({"calendar": "Nobody's hours"}, "calendar"),
        ({"identity_required": "yes"}, "identity_required"),
    ],
)
def test_what_is_wrong_is_named(database: Database, wrong: dict[str, Any], path: str) -> None:
    with database.transaction() as session:
        site = make_site(session)
        with pytest.raises(InvalidFields) as refused:
            SiteConfiguration(session).change(site.site_key, wrong, asker=OPERATOR)
        assert any(field.startswith(path) for field in refused.value.fields), refused.value.fields
        assert site.settings == {}


def test_agents_set_nothing(database: Database) -> None:
    with database.transaction() as session:
        site, agent = make_site(session), as_staff(make_user(session))
        with pytest.raises(NotAllowed):
            SiteConfiguration(session).change(site.site_key, {"sound": False}, asker=agent)
        with pytest.raises(NotAllowed):
            SiteConfiguration(session).show(site.site_key, asker=agent)


def test_hours_follow_the_calendar_and_its_holidays(database: Database) -> None:
    monday = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with database.transaction() as session:
        calendar = make_calendar(session)
        calendar.days = [CalendarDay(day=monday.date().replace(day=2), name="Fair", hours=[])]
        site = make_site(session, calendar_id=calendar.id)
        session.flush()
        assert desk_hours(session, make_site(session), at=monday) is None
        assert desk_hours(session, site, at=monday) == DeskHours(
            True, "UTC", None, monday.replace(hour=17)
        )
        evening = desk_hours(session, site, at=monday.replace(hour=20))
    # Tuesday is closed, so Wednesday morning.
    assert evening == DeskHours(False, "UTC", monday.replace(day=3, hour=9), None)


def test_answers_are_kept_as_they_should_be() -> None:
    answers = read_answers(
        FIELDS, {"email": " Ann@Shop.Example ", "topic": "order", "note": "a\x00b\x07c\n d"}
    )
    assert answers == {
        "email": "ann@shop.example",
        "topic": "order",
        "agree": False,
        "note": "abc\n d",
    }
    assert in_words(FIELDS, answers, "zh-TW").splitlines()[:2] == [
        "邮箱: ann@shop.example",
        "What is it about?: 订单".replace("?:", ":"),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": 7}, "email"),
        ({"email": "a@b.example", "topic": "weather"}, "topic"),
        ({"email": "a@b.example", "agree": "yes"}, "agree"),
        ({"email": "a@b.example", "note": "x" * 21}, "note"),
        ({"email": "a@b.example", "rank": "admin"}, "rank"),
    ],
)
def test_answers_that_do_not_fit_are_named(values: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        read_answers(FIELDS, values, within="pre_chat.")
    assert list(refused.value.fields) == [f"pre_chat.{field}"]


def test_words_are_picked_by_language() -> None:
    texts = {"en": "tent", "zh-CN": "帐篷"}
    assert [pick(texts, locale) for locale in ("zh-CN", "zh-TW", "en-GB", "ar")] == [
        "帐篷",
        "帐篷",
        "tent",
        "tent",
    ]
    assert pick({"fr": "tente"}, "ar") == "tente"
    settings = SiteSettings.read({"locales": {"default": "en", "offered": ["en", "zh-CN"]}})
    assert [settings.offered(x) for x in ("zh-TW", "zh-cn", "ar", None)] == [
        "zh-CN",
        "zh-CN",
        "en",
        "en",
    ]
