"""Returns and exchanges, step by step, and the refund."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from actions.faq import AnswerFaqAction
from actions.refunds import RefundStatusAction
from actions.returns import StartReturnAction, ValidateReturnForm
from crm_store.models import Return, ReturnResolution
from tests.actions.conftest import Shop, Talk

Begin = Callable[[], Talk]


@pytest.fixture
def anna(talk: Begin, shop: Shop) -> Talk:
    return talk().verify(shop.anna_id)


def _returns(shop: Shop) -> list[Return]:
    with shop.database.reading() as session:
        return list(session.scalars(select(Return)))


def _begin(anna: Talk, text: str = "I want to return something", **entities: str) -> Talk:
    anna.slots["goal"] = "return_start"
    anna.say(text, "return_start", **entities)
    return anna


def test_from_the_item_to_the_return(anna: Talk, shop: Shop) -> None:
    asked = _begin(anna).start(ValidateReturnForm)
    assert asked.slots["order_number"] == "KF-1000003", "the only order that can be returned"
    assert asked.slots["requested_slot"] == "return_item"
    assert asked.buttons[:2] == ["Fernhollow tent", "Marsh boots"]

    assert (
        anna.say("the boots please", "return_start").run(ValidateReturnForm).slots["requested_slot"]
        == "return_reason"
    )
    assert (
        anna.say("they are too small", "inform").run(ValidateReturnForm).slots["requested_slot"]
        == "return_resolution"
    )
    ended = anna.say("my money back", "refund_status").run(ValidateReturnForm)
    assert ended.slots["form_result"] == "complete"
    done = anna.run(StartReturnAction)

    assert "€129.00" in done.text
    (item,) = _returns(shop)
    assert (item.reason, item.resolution) == ("Too small", ReturnResolution.REFUND)
    assert item.number in done.text


def test_with_buttons(anna: Talk, shop: Shop) -> None:
    _begin(anna).start(ValidateReturnForm)
    anna.say("Marsh boots", "inform", button=True, return_item="2:1").run(ValidateReturnForm)
    anna.say("Damaged", "inform", button=True, return_reason="damaged").run(ValidateReturnForm)
    ended = anna.say("Exchange", "inform", button=True, return_resolution="exchange").run(
        ValidateReturnForm
    )
    assert ended.slots["form_result"] == "complete"

    done = anna.run(StartReturnAction)

    assert "send the exchange" in done.text
    assert _returns(shop)[0].resolution is ReturnResolution.EXCHANGE


def test_the_item_and_reason_said_at_once_are_not_asked_for(anna: Talk) -> None:
    asked = _begin(anna, "return the boots, too large", product="boots").start(ValidateReturnForm)

    assert asked.slots["return_item"] == "2:1"
    assert asked.slots["return_reason"] == "Too large"
    assert asked.slots["requested_slot"] == "return_resolution"


def test_running_the_last_step_twice_starts_one_return(anna: Talk, shop: Shop) -> None:
    _begin(anna, "return the boots, too large", product="boots").start(ValidateReturnForm)
    anna.say("refund", "inform").run(ValidateReturnForm)
    kept = dict(anna.slots)

    first = anna.run(StartReturnAction)
    anna.slots = kept
    second = anna.run(StartReturnAction)

    assert first.text == second.text
    assert len(_returns(shop)) == 1


def test_what_cannot_be_returned_is_told_and_others_are_offered(anna: Talk) -> None:
    answer = _begin(anna, "return KF-1000001", order_number="KF-1000001").start(ValidateReturnForm)

    assert "it has not been delivered yet" in answer.text
    assert answer.slots["requested_slot"] == "order_number"
    assert answer.payloads[0] == '/inform{"order_number": "KF-1000003"}'


def test_a_made_up_item_is_not_taken(anna: Talk, shop: Shop) -> None:
    _begin(anna).start(ValidateReturnForm)
    for item in ("9:1", "1:7", "1:1; drop", "-1"):
        anna.say("x", "inform", button=True, return_item=item).run(ValidateReturnForm)
        anna.slots["form_tries"] = 0
        anna.slots |= {"return_reason": "because", "return_resolution": "refund"}
        anna.run(StartReturnAction)
        anna.slots |= {"requested_slot": "return_item", "return_item": None}

    assert _returns(shop) == []


def test_a_large_refund_goes_to_a_person(anna: Talk, shop: Shop) -> None:
    parts = anna.parts
    anna.parts = type(parts)(parts.database, parts.embedder, 10_000, parts.today)
    _begin(anna, "return the boots, too large", product="boots").start(ValidateReturnForm)
    anna.say("refund", "inform").run(ValidateReturnForm)

    answer = anna.run(StartReturnAction)

    assert answer.slots["handoff"]["reason"] == "refund_over_limit"
    assert _returns(shop) == []


def test_three_times_not_understood_ends_the_form(anna: Talk) -> None:
    _begin(anna).start(ValidateReturnForm)
    for _ in range(3):
        answer = anna.say("hmpf", "nlu_fallback", confidence=0.3).run(ValidateReturnForm)

    assert answer.slots["form_result"] == "stopped"
    assert "Talk to a person" in answer.buttons


def test_nobody_unverified_starts_one(talk: Begin) -> None:
    answer = talk().say("return it", "return_start").start(ValidateReturnForm)

    assert answer.slots["form_result"] == "stopped"
    assert answer.slots["verified"] is False


def test_refund_status_before_and_after(anna: Talk) -> None:
    assert "don't see a refund" in anna.say("refund?", "refund_status").run(RefundStatusAction).text
    _begin(anna, "return the boots, too large", product="boots").start(ValidateReturnForm)
    anna.say("refund", "inform").run(ValidateReturnForm)
    anna.run(StartReturnAction)

    answer = anna.say("where is my refund", "refund_status").run(RefundStatusAction)

    assert "€129.00 for the Marsh boots is paid as soon as" in answer.text


def test_money_or_exchange_is_taken_before_it_is_asked_for(anna: Talk) -> None:
    _begin(anna, "return something from KF-1000003").start(ValidateReturnForm)

    asked = anna.say("money back", "refund_status", confidence=0.5).run(ValidateReturnForm)

    assert asked.slots["return_resolution"] == "refund"
    assert asked.slots["requested_slot"] == "return_item"


def test_the_form_lets_go_of_who_wants_something_else(anna: Talk) -> None:
    _begin(anna).start(ValidateReturnForm)
    anna.say("do you have tents?", "product_search")
    anna.events.append({"event": "action", "name": "action_product_search"})

    answer = anna.run(ValidateReturnForm)

    assert answer.texts == []
    assert answer.slots["form_result"] == "stopped"


def test_the_label_is_asked_of_the_team(anna: Talk, shop: Shop) -> None:
    _begin(anna, "return the boots, too large", product="boots").start(ValidateReturnForm)
    anna.say("refund", "inform").run(ValidateReturnForm)
    done = anna.run(StartReturnAction)

    answer = anna.say("when do I get the label?", "return_policy").run(AnswerFaqAction)

    assert "asked our team to get you the label (T-" in done.text
    assert answer.cards[0]["kind"] == "ticket"
