"""Order numbers, ticket numbers, e-mail addresses, phone numbers, money: what was said, and what it
is worth."""

from datetime import date

import pytest

from bot.components.entities.folding import fold
from bot.components.entities.recogniser import Customs, shapes

TODAY = date(2024, 5, 15)


def found(text, customs=None):
    """{(entity, value), ...}; each stands in the text without blanks or signs around it."""
    entities = shapes(fold(text), customs or Customs(), TODAY)
    for entity in entities:
        said = text[entity.start : entity.end]
        assert said == said.strip(" \t\n,;:!?#")
    return {(entity.entity, entity.value) for entity in entities}


@pytest.mark.parametrize(
    "text",
    [
        "KF-1234567", "where is kf 1234567?", "order #KF1234567.", "KF–1234567 please",
        "it is 1234567", "my number: 1234567!", "#1234567", "kf_1234567", "(1234567)",
        "KF.1234567", "kf:1234567", "k f 1234567", "K.F. 1234567", "KF no. 1234567",
        "kf 12 34 567", "KF 1 2 3 4 5 6 7", "kf-123-4567", "kay eff 1234567", "FK-1234567",
        "ＫＦ－１２３４５６７", "KF‑1234567", "KF−1234567", "kf\u00a01234567", "KF-١٢٣٤٥٦٧",
        "kf l234567", "KF I234567", "order no 1234567", "order number is 12 34 567",
        "order 12-34-567", "Order: 1234567, thanks", "order1234567", "KF 1234567 I want it",
        "KF 1234567 2 times", "kf-1234567-2",
    ],
)  # fmt: skip
def test_order_numbers_in_any_spelling(text):
    assert found(text) == {("order_number", "KF-1234567")}


def test_letters_that_look_like_digits():
    assert found("KF-12O4S67") == set()
    assert found("KF-12O45lo") == {("order_number", "KF-1204510")}


@pytest.mark.parametrize(
    ("text", "value"), [("kf-12345", "KF-12345"), ("KF12345678", "KF-12345678")]
)
def test_a_wrong_order_number_is_still_seen(text, value):
    assert found(text) == {("order_number", value)}


@pytest.mark.parametrize(
    "text",
    ["R-1234567", "12345678", "0x1234567", "1234567.50 is a lot", "", "order 2 tents and 3 mats",
     "kfc", "kf I ordered a lot", "a@1234567.com", "1234567@example", "DHL 00340434161094022115"],
)  # fmt: skip
def test_what_only_looks_like_an_order_number(text):
    assert "order_number" not in {entity for entity, _ in found(text)}


def test_two_orders():
    assert found("KF 1234567/KF 7654321 and 1111111") == {
        ("order_number", "KF-1234567"),
        ("order_number", "KF-7654321"),
        ("order_number", "KF-1111111"),
    }


@pytest.mark.parametrize(
    "text",
    ["T-1234567", "ticket 1234567", "ticket no. 1234567", "#T1234567", "t 12 34 567",
     "ticket number is T-1234567", "tickets: 1234567", "case number 1234567"],
)  # fmt: skip
def test_ticket_numbers(text):
    assert found(text) == {("ticket_number", "T-1234567")}


def test_in_case_is_no_ticket():
    assert found("in case 1234567 is lost") == {("order_number", "KF-1234567")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("I am Anna.Berg@Example.com.", "anna.berg@example.com"),
        ("'joe@example.org'", "joe@example.org"),
        ("o'neil+shop@mail.example.co.uk!", "o'neil+shop@mail.example.co.uk"),
        ("anna＠example.com", "anna@example.com"),
        ("anna @ example.com", "anna@example.com"),
        ("name at example dot com", "name@example.com"),
        ("it's anna dot berg at example dot co dot uk, ok", "anna.berg@example.co.uk"),
        ("anna underscore b at example dot com", "anna_b@example.com"),
        ("anna (at) example.com", "anna@example.com"),
        ("anna[at]example[dot]com", "anna@example.com"),
    ],
)
def test_emails(text, value):
    assert found(text) == {("email", value)}


@pytest.mark.parametrize(
    "text", ["look at example dot com", "I am at home", "@home", "a@b", "3 @ 5.30", "me at dot"]
)
def test_what_is_no_email(text):
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "value", "e164"),
    [
        ("call +49 30 1234 5678", "+493012345678", "+493012345678"),
        ("0049 (30) 12345678", "+493012345678", "+493012345678"),
        ("+49 (0)30 1234567", "+49301234567", "+49301234567"),
        ("it's 030 / 1234567", "0301234567", "+49301234567"),
        ("(0171) 3920067", "01713920067", "+491713920067"),
        ("0171-5550-376", "01715550376", "+491715550376"),
        ("+1 212 555 1234.", "+12125551234", "+12125551234"),
        ("ring me on 171 3920067", "1713920067", "+491713920067"),
    ],
)
def test_phones(text, value, e164):
    (phone,) = shapes(fold(text), Customs(), TODAY)
    assert (phone.entity, phone.value, phone.details) == ("phone", value, {"e164": e164})


def test_the_region_is_a_setting():
    (phone,) = shapes("call me: (212) 555-1234", Customs(region="US"), TODAY)
    assert (phone.entity, phone.value) == ("phone", "2125551234")
    assert phone.details == {"e164": "+12125551234"}
    (phone,) = shapes("call me: (030) 555 1234", Customs(region="AT"), TODAY)
    assert phone.details == {"e164": "+43305551234"}
    assert found("212 555 1234") == set()


@pytest.mark.parametrize(
    "text",
    ["00340434161094022115", "0034 0434 1610 9402 2115", "DE89 3704 0044 0532 0130 00",
     "2024-05-06 10:00", "05.06.2024 12:30", "0 1 2 3", "1-2 or 3-4 days", "1234 5678 9012"],
)  # fmt: skip
def test_what_is_no_phone(text):
    assert "phone" not in {entity for entity, _ in found(text)}


@pytest.mark.parametrize(
    ("text", "said", "minor", "currency"),
    [
        ("under 100 euros", "100 euros", 10_000, "EUR"),
        ("you took €1,299.00", "€1,299.00", 129_900, "EUR"),
        ("1.299,00 €", "1.299,00 €", 129_900, "EUR"),
        ("1 299,50 €", "1 299,50 €", 129_950, "EUR"),
        ("CHF 1'299.50", "CHF 1'299.50", 129_950, "CHF"),
        ("1.299 €", "1.299 €", 129_900, "EUR"),
        ("19,99 € twice", "19,99 €", 1_999, "EUR"),
        ("10,5 €", "10,5 €", 1_050, "EUR"),
        ("50€", "50€", 5_000, "EUR"),
        ("50,- €", "50,- €", 5_000, "EUR"),
        ("EUR 50", "EUR 50", 5_000, "EUR"),
        ("120 EURO", "120 EURO", 12_000, "EUR"),
        ("$20", "$20", 2_000, "USD"),
        ("20 bucks", "20 bucks", 2_000, "USD"),
        ("£ 20", "£ 20", 2_000, "GBP"),
        ("20 quid", "20 quid", 2_000, "GBP"),
        ("250 nok", "250 nok", 25_000, "NOK"),
        ("¥500", "¥500", 500, "JPY"),
        ("1k euros", "1k euros", 100_000, "EUR"),
        ("fifty euros", "fifty euros", 5_000, "EUR"),
        ("a hundred euros", "a hundred euros", 10_000, "EUR"),
        ("two hundred and fifty euros", "two hundred and fifty euros", 25_000, "EUR"),
        ("twenty-five dollars", "twenty-five dollars", 2_500, "USD"),
        ("5€50", "5€50", 550, "EUR"),
        ("5 euros 50", "5 euros 50", 550, "EUR"),
        ("5 euros and 50 cents", "5 euros and 50 cents", 550, "EUR"),
        ("99 ct", "99 ct", 99, "EUR"),
        ("between 50 and 100 euros", "100 euros", 10_000, "EUR"),
        ("the 100  euro more", "100 euro", 10_000, "EUR"),
        ("49.95€ 20 days ago", "49.95€", 4_995, "EUR"),
    ],
)
def test_money(text, said, minor, currency):
    first = shapes(fold(text), Customs(), TODAY)[0]
    assert (first.entity, first.value) == ("amount", said)
    assert first.details == {"minor": minor, "currency": currency}


@pytest.mark.parametrize(
    "text", ["5 kg", "20%", "a euro", "100", "8.9 mm", "999999999999 €", "€uro"]
)
def test_what_is_no_money(text):
    assert found(text) == set()


def test_money_and_a_date_beside_each_other():
    assert found("30 € 12 march, 20 €") == {
        ("amount", "30 €"),
        ("date", "12 march"),
        ("amount", "20 €"),
    }


@pytest.mark.parametrize("text", ["ＡＢＣ", "½ €", "²", "\u200b", "é", "KF–1", "🙂", "İ", "ß"])
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)
