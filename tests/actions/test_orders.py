"""Orders: their true state, and only to whom they belong."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from actions.delivery import DamagedAction, DelayedAction, DeliveryTimeAction, LostAction
from actions.orders import OrderCancelAction, OrderHistoryAction, OrderStatusAction
from actions.payments import DoubleChargeAction, InvoiceAction
from actions.talk import AffirmAction, DenyAction
from crm_store.asking import AsCustomer
from crm_store.models import OrderStatus
from crm_store.orders.service import OrderService
from crm_store.tickets.service import TicketService
from foundation.clock import utc_now
from tests.actions.conftest import Shop, Talk

Begin = Callable[[], Talk]


@pytest.fixture
def anna(talk: Begin, shop: Shop) -> Talk:
    return talk().verify(shop.anna_id)


def _state(shop: Shop, number: str) -> OrderStatus:
    with shop.database.reading() as session:
        return OrderService(session).by_number(number, asker=AsCustomer(shop.anna_id)).status


def _tickets(shop: Shop) -> list[str]:
    with shop.database.reading() as session:
        return [
            t.subject for t in TicketService(session).list(asker=AsCustomer(shop.anna_id)).items
        ]


def test_nobody_unverified_sees_an_order(talk: Begin, shop: Shop) -> None:
    chat = talk().say("KF-1000001", "order_status", order_number="KF-1000001")
    chat.slots["verified"] = True  # a slot alone opens nothing

    answer = chat.run(OrderStatusAction)

    assert answer.texts == []
    assert answer.followup == "verify_form"
    assert answer.slots["verified"] is False


def test_another_customers_order_does_not_exist(anna: Talk, shop: Shop) -> None:
    answer = anna.say("KF-2000001", "order_status", order_number="KF-2000001").run(
        OrderStatusAction
    )

    assert "can't find KF-2000001 among your orders" in answer.text
    assert answer.slots["order_number"] is None
    assert not [card for card in answer.cards if "2000001" in card["title"]]


def test_status_names_the_parcel_and_the_day(anna: Talk) -> None:
    answer = anna.say("where is KF-1000001", "order_status").run(OrderStatusAction)

    assert "KF-1000001 is on its way with Postbird and should arrive tomorrow." in answer.text
    card = answer.cards[0]
    assert card["status"] == {"label": "On its way", "tone": "good"}
    assert {"label": "Tracking (Postbird)", "value": "KF-1000001"} in card["facts"]


def test_without_a_number_the_open_orders_are_offered(anna: Talk) -> None:
    answer = anna.say("where is my order", "order_status").run(OrderStatusAction)

    assert len(answer.buttons) == 3, "shipped, paid, late; not the delivered one"
    assert answer.payloads[0].startswith('/order_status{"order_number": "KF-')


def days_ago(*days: int) -> dict[str, str]:
    """A date as the assistant hands it over."""
    today = utc_now().date()
    iso = "/".join((today - timedelta(days=count)).isoformat() for count in days)
    return {"entity": "date", "value": "then", "iso": iso}


@pytest.mark.parametrize(
    ("days", "state"), [((20,), "late"), ((9, 7), "delivered"), ((21, 16), "late")]
)
def test_an_order_is_meant_by_the_day_it_was_placed(
    anna: Talk, shop: Shop, days: tuple[int, ...], state: str
) -> None:
    answer = anna.say(
        "where is what I ordered then", "order_status", further=[days_ago(*days)]
    ).run(OrderStatusAction)

    assert answer.slots["order_number"] == shop.numbers[state]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("I need it by then", (20,)),  # not when it was placed
        ("where is what I ordered then", (30, 0)),  # all of them
        ("where is what I ordered then", (100,)),  # none
    ],
)
def test_a_day_that_names_no_single_order_is_asked_about(
    anna: Talk, text: str, days: tuple[int, ...]
) -> None:
    answer = anna.say(text, "order_status", further=[days_ago(*days)]).run(OrderStatusAction)

    assert "order_number" not in answer.slots
    assert "Which order" in answer.text


@pytest.mark.parametrize("iso", ["", "soon", "2024-13-01", "2024-05-01/then", 7])
def test_a_date_that_makes_no_sense_is_as_good_as_none(anna: Talk, iso: object) -> None:
    odd = {"entity": "date", "value": "then", "iso": iso}
    answer = anna.say("where is what I ordered then", "order_status", further=[odd]).run(
        OrderStatusAction
    )
    assert "Which order" in answer.text


def test_history_shows_all(anna: Talk) -> None:
    assert len(anna.say("my orders", "order_history").run(OrderHistoryAction).cards) == 4


def test_cancelling_asks_first_and_then_does_it(anna: Talk, shop: Shop) -> None:
    asked = anna.say("cancel KF-1000002", "order_cancel").run(OrderCancelAction)
    assert asked.buttons == ["Yes, cancel it", "No, keep it"]
    assert _state(shop, "KF-1000002") is OrderStatus.PAID

    done = anna.say("yes", "affirm").run(AffirmAction)

    assert "is cancelled" in done.text
    assert "€53.90 goes back" in done.text
    assert _state(shop, "KF-1000002") is OrderStatus.CANCELLED
    assert done.slots["pending"] is None


def test_a_yes_that_comes_later_cancels_nothing(anna: Talk, shop: Shop) -> None:
    anna.say("cancel KF-1000002", "order_cancel").run(OrderCancelAction)
    anna.say("hm, my orders?", "order_history").run(OrderHistoryAction)

    anna.say("yes", "affirm").run(AffirmAction)

    assert _state(shop, "KF-1000002") is OrderStatus.PAID


def test_a_no_keeps_the_order(anna: Talk, shop: Shop) -> None:
    anna.say("cancel KF-1000002", "order_cancel").run(OrderCancelAction)

    assert "leave it" in anna.say("no", "deny").run(DenyAction).text
    assert _state(shop, "KF-1000002") is OrderStatus.PAID


def test_what_has_left_cannot_be_cancelled_and_why(anna: Talk) -> None:
    answer = anna.say("cancel KF-1000001", "order_cancel").run(OrderCancelAction)

    assert "already on its way" in answer.text
    assert "pending" not in answer.slots


def test_a_refund_over_the_limit_goes_to_a_person(anna: Talk, shop: Shop) -> None:
    anna.parts = type(anna.parts)(anna.parts.database, anna.parts.embedder, 1_000, anna.parts.today)

    answer = anna.say("cancel KF-1000002", "order_cancel").run(OrderCancelAction)

    assert answer.slots["handoff"]["reason"] == "refund_over_limit"
    assert answer.slots["handoff"]["turn_id"] == anna.turn_id
    assert _state(shop, "KF-1000002") is OrderStatus.PAID


def test_a_late_parcel_opens_one_ticket_however_often_the_turn_runs(anna: Talk, shop: Shop) -> None:
    anna.say("KF-1000004 is late", "delivery_delayed", valence=-0.3)

    first, second = anna.run(DelayedAction), anna.run(DelayedAction)

    assert "late" in first.text
    assert first.text == second.text
    assert _tickets(shop) == ["Delivery is late: KF-1000004"]


def test_who_asks_again_hears_of_the_ticket_that_there_is(anna: Talk, shop: Shop) -> None:
    anna.say("KF-1000004 is late", "delivery_delayed").run(DelayedAction)

    answer = anna.say("I need it on friday!", "delivery_delayed").run(DelayedAction)

    assert "has it already" in answer.text
    assert _tickets(shop) == ["Delivery is late: KF-1000004"]


def test_late_is_not_said_of_what_was_delivered_before(anna: Talk, shop: Shop) -> None:
    anna.slots["order_number"] = "KF-1000003"

    answer = anna.say("it is taking too long", "delivery_delayed").run(DelayedAction)

    assert "/delivery_delayed" in answer.payloads[0]
    assert not any("KF-1000003" in payload for payload in answer.payloads)


def test_a_parcel_on_time_opens_no_ticket(anna: Talk, shop: Shop) -> None:
    answer = anna.say("KF-1000001 is late", "delivery_delayed").run(DelayedAction)

    assert "still on time" in answer.text
    assert _tickets(shop) == []


def test_delivered_but_not_there_starts_a_search(anna: Talk, shop: Shop) -> None:
    answer = anna.say("KF-1000003 never came", "delivery_lost").run(LostAction)

    assert "asked our team for a search" in answer.text
    assert _tickets(shop) == ["Delivered, not received: KF-1000003"]


def test_damaged_offers_replacement_or_money(anna: Talk, shop: Shop) -> None:
    answer = anna.say("it arrived broken", "delivery_damaged").run(DamagedAction)

    assert answer.buttons[:2] == ["A replacement", "My money back"]
    assert _tickets(shop) == ["Arrived damaged: KF-1000003"]


def test_delivery_time_of_the_known_customers_orders(anna: Talk) -> None:
    answer = anna.say("when does it arrive", "delivery_time").run(DeliveryTimeAction)

    assert len(answer.cards) == 3


def test_invoice_adds_up(anna: Talk) -> None:
    answer = anna.say("invoice for KF-1000003", "invoice_request").run(InvoiceAction)

    facts = {fact["label"]: fact["value"] for fact in answer.cards[0]["facts"]}
    assert facts["Total"] == "€182.90"
    assert facts["1 × Marsh boots"] == "€129.00"


def test_charged_once_is_said_as_it_is(anna: Talk, shop: Shop) -> None:
    answer = anna.say("KF-1000003 charged twice", "payment_double_charge").run(DoubleChargeAction)

    assert "1 charge of €182.90" in answer.text
    assert _tickets(shop) == []
