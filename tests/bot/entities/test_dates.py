"""Dates as they are said, and the days that are meant, on Wednesday the 15th of May 2024."""

from datetime import date

import pytest

from bot.components.entities import days
from bot.components.entities.date_reading import Reference
from bot.components.entities.dates import find_dates
from bot.components.entities.folding import fold
from bot.components.entities.settling import settle
from bot.components.entities.tense import Tense, tense_at

TODAY = date(2024, 5, 15)


def dates(text, today=TODAY, **order):
    found = settle(find_dates(fold(text), Reference(today, **order)))
    return [(one.value, one.details["iso"]) for one in found]


@pytest.mark.parametrize(
    ("text", "said", "iso"),
    [
        # Near days, also in a hurry.
        ("today", "today", "2024-05-15"),
        ("since yesterday evening", "yesterday evening", "2024-05-14"),
        ("yday", "yday", "2024-05-14"),
        ("TMRW pls", "tmrw", "2024-05-16"),
        ("tommorrow morning", "tommorrow morning", "2024-05-16"),
        ("the day before yesterday", "the day before yesterday", "2024-05-13"),
        ("this morning", "this morning", "2024-05-15"),
        ("last night", "last night", "2024-05-14"),
        # Weekdays.
        ("since last Tuesday", "last tuesday", "2024-05-14"),
        ("I ordered it on monday", "monday", "2024-05-13"),
        ("I need it by friday", "friday", "2024-05-17"),
        ("is the shop open on friday afternoon", "friday afternoon", "2024-05-17"),
        ("Order KF-1 should have been here on tuesday.", "tuesday", "2024-05-14"),
        ("I leave on friday. Is there a way?", "friday", "2024-05-17"),
        ("it came on wednesday", "wednesday", "2024-05-08"),
        ("next Wednesday", "next wednesday", "2024-05-22"),
        ("this friday", "this friday", "2024-05-17"),
        ("monday last week", "monday last week", "2024-05-06"),
        ("next week monday", "next week monday", "2024-05-20"),
        ("wensday", "wensday", "2024-05-08"),
        ("paid on mon", "mon", "2024-05-13"),
        # Weeks, months, years, seasons.
        ("last week", "last week", "2024-05-06/2024-05-12"),
        ("this weekend", "this weekend", "2024-05-18/2024-05-19"),
        ("next month", "next month", "2024-06-01/2024-06-30"),
        ("last year's order", "last year", "2023-01-01/2023-12-31"),
        ("last summer", "last summer", "2023-06-01/2023-08-31"),
        ("got it in spring", "spring", "2024-03-01/2024-05-31"),
        ("SINCE MARCH", "march", "2024-03-01/2024-03-31"),
        ("I opted out in may", "may", "2024-05-01/2024-05-31"),
        ("bought in December.", "december", "2023-12-01/2023-12-31"),
        ("will M return before June?", "june", "2024-06-01/2024-06-30"),
        ("last march", "last march", "2024-03-01/2024-03-31"),
        ("May last year", "may last year", "2023-05-01/2023-05-31"),
        ("in 2022?", "2022", "2022-01-01/2022-12-31"),
        # Days of a month.
        ("on 03.05.2024", "03.05.2024", "2024-05-03"),
        ("03/05/24", "03/05/24", "2024-05-03"),
        ("05/13/2024", "05/13/2024", "2024-05-13"),
        ("2024-05-03", "2024-05-03", "2024-05-03"),
        ("12/03", "12/03", "2024-03-12"),
        ("I ordered on 12/03, nothing came", "12/03", "2024-03-12"),
        ("planned for 12.04. and today", "12.04.", "2024-04-12"),
        ("delivered on 21.05. by DHL", "21.05.", "2023-05-21"),
        ("12 March", "12 march", "2024-03-12"),
        ("May 3rd", "may 3rd", "2024-05-03"),
        ("the 3rd of june 2023", "3rd of june 2023", "2023-06-03"),
        ("March 12, 2024", "march 12, 2024", "2024-03-12"),
        ("24 dec. 2023", "24 dec. 2023", "2023-12-24"),
        ("my birthday on the 20th, will it come?", "20th", "2024-05-20"),
        # So long ago.
        ("two weeks ago", "two weeks ago", "2024-04-29/2024-05-05"),
        ("5 days ago", "5 days ago", "2024-05-10"),
        ("a couple of days ago", "a couple of days ago", "2024-05-12/2024-05-13"),
        ("10 months ago", "10 months ago", "2023-07-01/2023-07-31"),
        ("half a year ago", "half a year ago", "2023-11-01/2023-11-30"),
        ("two years ago almost to the day", "two years ago", "2022-01-01/2022-12-31"),
        ("three days from now", "three days from now", "2024-05-18"),
        # Feasts.
        ("would it arrive before christmas", "christmas", "2024-12-24/2024-12-26"),
        ("I got it for christmas", "christmas", "2023-12-24/2023-12-26"),
        ("are you closed on good friday", "good friday", "2024-03-29"),
        ("black friday deals?", "black friday", "2023-11-24"),
        ("opening times new years eve", "new years eve", "2023-12-31"),
        ("since easter", "easter", "2024-03-29/2024-04-01"),
    ],
)
def test_dates(text, said, iso):
    assert (said, iso) in dates(text)


@pytest.mark.parametrize(
    "text",
    ["for two weeks", "wait since 5 days", "on saturdays", "on a saturday", "every monday",
     "open on thursday evenings", "an hour ago", "days ago", "May I ask", "may i return it",
     "march on", "24/7", "1/2 litre", "3/4 season", "12.5 kg", "it cost 12.04", "size 10/12",
     "the 1st one", "after the 3rd race", "warm in winter", "for winter cycling",
     "a christmas present", "next time", "the last one", "last 2 weeks", "in the sun",
     "it sat in my tent", "31/04/2024", "99.99.2024", "2022", "1234567", ""],
)  # fmt: skip
def test_durations_habits_and_what_only_looks_like_a_date(text):
    assert dates(text) == []


def test_two_dates():
    assert dates("planned for 12.04. and today is already a week after") == [
        ("12.04.", "2024-04-12"),
        ("today", "2024-05-15"),
    ]


def test_the_order_of_day_and_month_is_a_setting():
    assert dates("on 03/04") == [("03/04", "2024-04-03")]
    assert dates("on 03/04", day_first=False) == [("03/04", "2024-03-04")]
    assert dates("on 13/04", day_first=False) == [("13/04", "2024-04-13")]


def test_days_that_are_not_in_every_year():
    assert dates("29 february") == [("29 february", "2024-02-29")]
    # There was none for years, but the month was meant.
    assert dates("29 february", date(2026, 1, 10)) == [("february", "2025-02-01/2025-02-28")]
    assert dates("on the 31st, and", date(2024, 5, 1)) == [("31st", "2024-03-31")]


@pytest.mark.parametrize(
    ("year", "day"),
    [(1961, (4, 2)), (2000, (4, 23)), (2016, (3, 27)), (2019, (4, 21)), (2024, (3, 31)),
     (2025, (4, 20)), (2038, (4, 25))],
)  # fmt: skip
def test_easter(year, day):
    assert days.easter(year) == date(year, *day)


def test_months_run_over_the_turn_of_the_year():
    assert days.month(2024, 0) == (date(2023, 12, 1), date(2023, 12, 31))
    assert days.month(2024, 13) == (date(2025, 1, 1), date(2025, 1, 31))
    assert days.month(2024, 2)[1] == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("I bought it on X", Tense.PAST),
        ("I bought it, will it come on X", Tense.FUTURE),
        ("on X I leave", Tense.FUTURE),
        ("X", Tense.UNKNOWN),
        ("was due X", Tense.PAST),
    ],
)
def test_tense(text, tense):
    place = text.index("X")
    assert tense_at(text, place, place + 1) is tense
