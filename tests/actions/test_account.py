"""Changing one's details: only signed in by the shop, and only to what is valid."""

from collections.abc import Callable

import pytest

from actions.account import (
    AccountDeleteAction,
    AccountEditAction,
    DataExportAction,
    NewsletterAction,
)
from actions.account_form import DeliveryAddressAction, ValidateAccountForm
from actions.handoff import TicketStatusAction
from actions.talk import AffirmAction
from actions.verification import ValidateVerifyForm
from crm_store.asking import AsCustomer
from crm_store.customers.service import CustomerService
from crm_store.models import Customer, Purpose
from crm_store.orders.service import OrderService
from crm_store.privacy.consent import ConsentService
from tests.actions.conftest import Shop, Talk

Begin = Callable[[], Talk]


@pytest.fixture
def anna(talk: Begin, shop: Shop) -> Talk:
    return talk().verify(shop.anna_id)


def _customer(shop: Shop) -> Customer:
    with shop.database.reading() as session:
        return CustomerService(session).get(shop.anna_id, asker=AsCustomer(shop.anna_id))


def _gets_newsletter(shop: Shop) -> bool:
    with shop.database.reading() as session:
        return ConsentService(session).allows(shop.anna_id, Purpose.MARKETING_EMAIL)


def test_a_new_phone_number(anna: Talk, shop: Shop) -> None:
    asked = anna.say("I want to change my phone number", "account_edit").start(ValidateAccountForm)
    assert asked.slots["requested_slot"] == "account_value"
    ended = anna.say("+49 30 999999", "inform", phone="+49 30 999999").run(ValidateAccountForm)
    assert ended.slots["form_result"] == "complete"

    anna.run(AccountEditAction)

    assert _customer(shop).phone == "+4930999999"


def test_the_field_is_asked_with_buttons(anna: Talk, shop: Shop) -> None:
    asked = anna.say("change my data", "account_edit").start(ValidateAccountForm)
    assert asked.slots["requested_slot"] == "account_field"
    anna.say("Name", "inform", button=True, account_field="name").run(ValidateAccountForm)
    anna.say("Anna Berg-Kurz", "out_of_scope").run(ValidateAccountForm)

    anna.run(AccountEditAction)

    assert _customer(shop).name == "Anna Berg-Kurz"


def test_an_order_number_is_not_enough_to_change_an_account(talk: Begin, shop: Shop) -> None:
    anna = talk().verify(shop.anna_id, by="order")
    refused = anna.say("new mail: evil@example.org", "account_edit").start(ValidateAccountForm)
    assert refused.slots["form_result"] == "stopped"
    anna.slots |= {"account_field": "email", "account_value": {"email": "evil@example.org"}}

    answer = anna.run(AccountEditAction)

    assert "logged in" in answer.text
    assert _customer(shop).email == "anna@example.com"
    assert "logged in" in anna.say("delete me", "account_delete").run(AccountDeleteAction).text


def test_the_address_of_an_order_that_has_not_left(anna: Talk, shop: Shop) -> None:
    anna.slots["goal"] = "account_edit"
    asked = anna.say("change address of KF-1000002", "account_edit").start(ValidateAccountForm)
    assert asked.slots["goal"] == "delivery_address_change"
    assert "Lindenweg 1, 12345 Berlin" in asked.text
    refused = anna.say("somewhere else", "inform").run(ValidateAccountForm)
    assert "could not read" in refused.text
    anna.say("Hauptstraße 12a, 80331 München", "out_of_scope").run(ValidateAccountForm)

    done = anna.run(DeliveryAddressAction)

    assert "Hauptstraße 12a, 80331 München" in done.text
    with shop.database.reading() as session:
        order = OrderService(session).by_number("KF-1000002", asker=AsCustomer(shop.anna_id))
    assert (order.street, order.postal_code, order.city) == ("Hauptstraße 12a", "80331", "München")


@pytest.mark.parametrize(
    "text",
    [
        "Lindenweg 5, 10115 Berlin",
        "Lindenweg 5 in 10115 Berlin",
        "my new address is Lindenweg 5 10115 Berlin",
    ],
)
def test_addresses_as_people_type_them(anna: Talk, text: str) -> None:
    anna.say("another address for KF-1000002", "delivery_address_change").start(ValidateAccountForm)

    ended = anna.say(text, "inform").run(ValidateAccountForm)

    assert ended.slots["account_value"] == {
        "street": "Lindenweg 5",
        "postal_code": "10115",
        "city": "Berlin",
    }


def test_an_order_on_its_way_keeps_its_address(anna: Talk) -> None:
    answer = anna.say("send KF-1000001 elsewhere", "delivery_address_change").start(
        ValidateAccountForm
    )

    assert "already on its way" in answer.text
    assert answer.slots["form_result"] == "stopped"


def test_deletion_is_asked_back(anna: Talk, shop: Shop) -> None:
    anna.say("delete my account", "account_delete").run(AccountDeleteAction)
    assert _customer(shop).deletion_requested_at is None

    anna.say("yes", "affirm").run(AffirmAction)

    assert _customer(shop).deletion_requested_at is not None


def test_newsletter_follows_the_intent(anna: Talk, shop: Shop) -> None:
    anna.say("newsletter please", "newsletter_subscribe").run(NewsletterAction)
    assert _gets_newsletter(shop)

    anna.say("stop it", "newsletter_unsubscribe").run(NewsletterAction)

    assert not _gets_newsletter(shop)


def test_a_data_request_is_a_ticket_that_can_be_asked_for(anna: Talk) -> None:
    opened = anna.say("a copy of my data", "data_export").run(DataExportAction)
    number = opened.cards[0]["title"]

    answer = anna.say(number, "ticket_status", ticket_number=number.lower()).run(TicketStatusAction)

    assert number in answer.text
    assert answer.cards[0]["status"]["label"] == "Open"


def test_another_detail_than_the_one_asked_for(anna: Talk) -> None:
    anna.slots["goal"] = "account_edit"
    anna.say("change my name", "account_edit").start(ValidateAccountForm)

    answer = anna.say("actually my email", "inform").run(ValidateAccountForm)

    assert answer.slots["account_field"] == "email"
    assert answer.slots["requested_slot"] == "account_value"
    assert "new e-mail" in answer.text


def test_an_account_is_not_verified_for_in_vain(talk: Begin) -> None:
    visitor = talk()
    visitor.slots["goal"] = "account_edit"

    answer = visitor.say("change my e-mail", "account_edit").start(ValidateVerifyForm)

    assert "logged in" in answer.text
    assert answer.slots["form_result"] == "stopped"
