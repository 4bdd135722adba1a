"""Who is there: the form that asks for an order number and its contact."""

from collections.abc import Callable

from actions.context import FormMoment
from actions.orders import OrderStatusAction
from actions.verification import ValidateVerifyForm, find_contact
from tests.actions.conftest import ANNA, Shop, Talk

Begin = Callable[[], Talk]


def _asked(begin: Begin) -> Talk:
    talk = begin().say("where is my order", "order_status")
    talk.slots["goal"] = "order_status"
    answer = talk.start(ValidateVerifyForm)
    assert answer.slots["requested_slot"] == "order_number"
    assert "KF-1234567" in answer.text
    return talk


def test_number_then_contact_verifies(talk: Begin, shop: Shop) -> None:
    chat = _asked(talk)
    assert (
        chat.say("kf 1000001", "inform").run(ValidateVerifyForm).slots["requested_slot"] == "email"
    )

    answer = chat.say("it's ANNA@example.com", "account_edit").run(ValidateVerifyForm)

    assert answer.slots["verified"] is True
    assert answer.slots["form_result"] == "complete"
    assert answer.slots["requested_slot"] is None
    assert answer.slots["email"] is None, "the contact is forgotten once it was used"
    assert "Anna" in answer.text
    assert "is on its way" in chat.run(OrderStatusAction).text


def test_both_in_one_message_and_a_phone_number_will_do(talk: Begin) -> None:
    chat = talk().say("where is 1000001? my number is 030 123456", "order_status")

    answer = chat.start(ValidateVerifyForm)

    assert answer.slots["verified"] is True


def test_signed_in_visitors_are_asked_nothing(talk: Begin, shop: Shop) -> None:
    chat = talk().verify(shop.anna_id).say("where is my order", "order_status")
    chat.slots["verified"] = False

    answer = chat.start(ValidateVerifyForm)

    assert answer.texts == []
    assert answer.slots["form_result"] == "complete"


def test_an_unknown_order_and_a_wrong_contact_sound_the_same(talk: Begin) -> None:
    answers = []
    for text in ("KF-9999999 anna@example.com", "KF-1000001 ben@example.com"):
        chat = _asked(talk)
        answer = chat.say(text, "inform").run(ValidateVerifyForm)
        assert answer.slots["order_number"] is None
        assert chat.slots["verified"] is not True if "verified" in chat.slots else True
        answers.append(answer.text.replace("KF-9999999", "X").replace("KF-1000001", "X"))

    assert answers[0] == answers[1]


def test_after_three_failures_a_person_is_offered_and_the_form_ends(talk: Begin) -> None:
    chat = _asked(talk)
    for _ in range(2):
        answer = chat.say("KF-1000001 wrong@example.com", "inform").run(ValidateVerifyForm)
        assert answer.slots["requested_slot"] == "order_number"

    answer = chat.say("KF-1000001 wrong@example.com", "inform").run(ValidateVerifyForm)

    assert answer.slots["form_result"] == "stopped"
    assert answer.slots["requested_slot"] is None
    assert "Talk to a person" in answer.buttons


def test_failures_are_counted_across_forms_until_the_limit(talk: Begin) -> None:
    chat = _asked(talk)
    for _ in range(5):
        chat.slots["form_tries"] = 0
        chat.say("KF-1000001 wrong@example.com", "inform").run(ValidateVerifyForm)

    answer = chat.say(f"KF-1000001 {ANNA}", "inform").run(ValidateVerifyForm)

    assert "too often" in answer.text
    assert chat.slots.get("verified") is not True, "even the right contact has to wait now"
    assert answer.slots["requested_slot"] is None, "and the form does not hold the customer"


def test_a_question_about_the_shop_is_left_to_the_rules(talk: Begin) -> None:
    chat = _asked(talk)

    answer = chat.say("what does shipping cost?", "shipping_cost").run(ValidateVerifyForm)

    assert answer.events == []
    assert answer.messages == []


def test_it_asks_again_after_an_interruption_but_not_for_ever(talk: Begin) -> None:
    chat = _asked(talk)
    for _ in range(2):
        chat.say("when are you open", "store_hours")
        answer = chat.run(ValidateVerifyForm, FormMoment.RESUMED)
        assert answer.slots["requested_slot"] == "order_number"

    answer = chat.say("and on Sunday?", "store_hours").run(ValidateVerifyForm, FormMoment.RESUMED)

    assert answer.texts == []
    assert answer.slots["form_result"] == "stopped"


def test_another_personal_question_changes_the_goal(talk: Begin) -> None:
    chat = _asked(talk)

    answer = chat.say("actually, cancel it", "order_cancel").run(ValidateVerifyForm)

    assert answer.slots["goal"] == "order_cancel"
    assert answer.slots["requested_slot"] == "order_number"


def test_no_order_number_at_hand(talk: Begin) -> None:
    answer = _asked(talk).say("I don't have it", "deny").run(ValidateVerifyForm)

    assert "log in" in answer.text
    assert "/human_handoff" in answer.payloads
    assert answer.slots["form_result"] == "stopped"


def test_rubbish_is_named_as_such(talk: Begin) -> None:
    answer = _asked(talk).say("12", "nlu_fallback").run(ValidateVerifyForm)

    assert "does not look like an order number" in answer.text


def test_an_order_number_is_never_read_into_a_phone_number(talk: Begin) -> None:
    from actions.context import read_turn

    def contact(text: str) -> str | None:
        state = {
            "sender_id": "01910000-0000-7000-8000-000000000000",
            "latest_message": {
                "text": text,
                "intent": {"name": "inform", "confidence": 0.9},
                "intent_ranking": [{"name": "inform"}, {"name": "deny"}],
            },
        }
        return find_contact(read_turn(state))

    assert contact("KF-1000001") is None
    assert contact("1000001 030 123456") == "030 123456"
    assert contact("KF-1000001, +49 (0)30 123456") == "+49 (0)30 123456"
    assert contact("my mail: anna.b+shop@mail.example.com.") == "anna.b+shop@mail.example.com"


def test_a_contact_told_earlier_counts_as_a_try_too(talk: Begin) -> None:
    """However number and contact came together, a check is never free of the limit."""
    texts = []
    chat = talk()
    for number in range(6):
        chat.say(f"where is KF-900000{number}", "order_status")
        chat.slots |= {"goal": "order_status", "email": ANNA}
        texts.append(chat.start(ValidateVerifyForm).text)

    assert "tried too often" in texts[-1]
