"""Understanding nothing, feeling bad, failing: the ways to a person."""

import asyncio
from collections.abc import Callable

import httpx
import pytest
from sqlalchemy import select

from actions.base import Parts
from actions.embedding import Embedder
from actions.faq import AnswerFaqAction
from actions.feedback import ComplaintSubmitAction, ValidateComplaintForm
from actions.handoff import HandoffAction
from actions.language import looks_foreign
from actions.orders import OrderCancelAction, OrderHistoryAction, OrderStatusAction
from actions.talk import (
    AffirmAction,
    ClarifyAction,
    InformAction,
    LostThreadAction,
    OutOfScopeAction,
    StopAction,
)
from crm_store.articles.service import ArticleService
from crm_store.database import Database
from crm_store.models import Article, Ticket, TicketPriority
from tests.actions.conftest import Shop, Talk

Begin = Callable[[], Talk]


@pytest.fixture
def anna(talk: Begin, shop: Shop) -> Talk:
    return talk().verify(shop.anna_id)


class TestNotUnderstood:
    def test_first_the_two_likeliest_then_a_person(self, talk: Begin) -> None:
        chat = talk()
        ranking = [("nlu_fallback", 0.4), ("order_status", 0.3), ("refund_status", 0.2)]
        first = chat.say("order money?", "nlu_fallback", ranking=ranking).run(ClarifyAction)
        assert first.buttons[:2] == ["Where is my order?", "Where is my refund?"]
        assert first.payloads[:2] == ["/order_status", "/refund_status"]
        assert "handoff" not in first.slots

        second = chat.say("hä?", "nlu_fallback", ranking=ranking).run(ClarifyAction)

        assert second.slots["handoff"]["reason"] == "not_understood"
        assert second.slots["low_confidence_streak"] == 2

    def test_a_turn_in_between_starts_the_count_anew(self, talk: Begin) -> None:
        chat = talk()
        chat.say("hä?", "nlu_fallback").run(ClarifyAction)
        chat.say("my orders", "order_history").run(OrderHistoryAction)

        assert "handoff" not in chat.say("hä?", "nlu_fallback").run(ClarifyAction).slots

    def test_a_bare_word_that_means_nothing_counts_too(self, talk: Begin) -> None:
        chat = talk()
        chat.say("flurb", "inform").run(InformAction)

        answer = chat.say("flurb!", "nlu_fallback").run(ClarifyAction)

        assert answer.slots["handoff"]["reason"] == "not_understood"

    def test_free_answers_to_a_form_count_as_understood(self, talk: Begin) -> None:
        chat = talk().say("complain", "complaint")
        chat.start(ValidateComplaintForm)
        chat.say("everything is broken", "nlu_fallback").run(ValidateComplaintForm)

        assert "handoff" not in chat.say("hä?", "nlu_fallback").run(ClarifyAction).slots

    def test_out_of_scope_says_what_can_be_done(self, talk: Begin) -> None:
        answer = talk().say("who wins the cup", "out_of_scope").run(OutOfScopeAction)

        assert "orders" in answer.text
        assert "Talk to a person" in answer.buttons

    def test_what_may_be_a_known_wish_is_asked_about_first(self, talk: Begin) -> None:
        ranking = [("out_of_scope", 0.5), ("refund_status", 0.02), ("invoice_request", 0.01)]
        chat = talk().say("the paper for it", "out_of_scope", confidence=0.5, ranking=ranking)
        assert chat.run(OutOfScopeAction).followup == "action_clarify"

        answer = chat.run(ClarifyAction)

        assert answer.buttons[:2] == ["Where is my refund?", "I need an invoice"]

    def test_far_from_everything_the_two_nearest_are_offered(self, talk: Begin) -> None:
        ranking = [("nlu_fallback", 0.7), ("gift_card", 1e-5), ("store_hours", 9e-6)]
        answer = talk().say("hm, paper?", "nlu_fallback", ranking=ranking).run(ClarifyAction)

        assert answer.buttons[:2] == ["Gift cards", "Opening hours"]

    def test_a_lost_thread_waits_for_the_customer(self, talk: Begin) -> None:
        assert talk().say("x", "affirm").run(LostThreadAction).followup == "action_listen"


class TestMood:
    def _moods(self, chat: Talk, *valences: float, intent: str = "order_history") -> list[bool]:
        return [
            bool(chat.say("…", intent, valence=v).run(OrderHistoryAction).slots.get("handoff"))
            for v in valences
        ]

    def test_falling_over_three_turns_gets_a_person(self, talk: Begin) -> None:
        assert self._moods(talk(), 0.1, -0.3, -0.7) == [False, False, True]

    @pytest.mark.parametrize(
        "valences", [(-0.7, -0.3, 0.1), (0.9, 0.6, 0.3), (-0.2, -0.22, -0.6), (-0.7, -0.7, -0.7)]
    )
    def test_other_courses_do_not(self, talk: Begin, valences: tuple[float, ...]) -> None:
        assert not any(self._moods(talk(), *valences))

    def test_out_of_patience_twice_running_gets_a_person(self, talk: Begin) -> None:
        chat = talk()
        got = [
            chat.say("…", "order_history", frustrated=f)
            .run(OrderHistoryAction)
            .slots.get("handoff")
            for f in (0.9, 0.2, 0.8, 0.9)
        ]
        assert [bool(handoff) for handoff in got] == [False, False, False, True]
        assert got[-1]["reason"] == "mood_falling"

    def test_after_a_handoff_the_count_starts_anew(self, talk: Begin) -> None:
        chat = talk()
        self._moods(chat, 0.1, -0.3, -0.7)

        assert self._moods(chat, -0.9) == [False]

    def test_the_handoff_lasts_one_turn(self, talk: Begin) -> None:
        chat = talk()
        given = chat.say("a person please", "human_handoff").run(HandoffAction)
        assert given.slots["handoff"]["reason"] == "asked_for_person"

        later = chat.say("my orders", "order_history").run(OrderHistoryAction)

        assert later.slots["handoff"] is None

    def test_the_brief_says_what_was_tried(self, talk: Begin, shop: Shop) -> None:
        chat = talk().verify(shop.anna_id)
        chat.say("where is KF-1000004", "order_status").run(OrderStatusAction)

        brief = chat.say("a person!", "human_handoff").run(HandoffAction).slots["handoff"]["brief"]

        assert brief == {"order_number": "KF-1000004", "tried": ["action_order_status"]}


class TestComplaints:
    def _ticket(self, shop: Shop) -> Ticket:
        with shop.database.reading() as session:
            return session.scalars(select(Ticket)).one()

    def test_a_short_one_is_asked_about(self, talk: Begin, shop: Shop) -> None:
        chat = talk()
        asked = chat.say("I want to complain", "complaint").start(ValidateComplaintForm)
        assert asked.slots["requested_slot"] == "complaint_text"
        ended = chat.say("nobody answers me", "complaint").run(ValidateComplaintForm)
        assert ended.slots["form_result"] == "complete"

        answer = chat.run(ComplaintSubmitAction)

        assert self._ticket(shop).body == "nobody answers me"
        assert self._ticket(shop).number in answer.text
        assert "handoff" not in answer.slots

    def test_a_very_angry_one_goes_to_a_person_at_once(self, talk: Begin, shop: Shop) -> None:
        text = "worst shop ever, my tent is broken and nobody answers"
        chat = talk().say(text, "complaint", valence=-0.95)
        assert chat.start(ValidateComplaintForm).slots["form_result"] == "complete"

        answer = chat.run(ComplaintSubmitAction)

        assert answer.slots["handoff"]["reason"] == "very_negative"
        assert self._ticket(shop).priority is TicketPriority.URGENT

    def test_never_mind_is_no_complaint(self, talk: Begin) -> None:
        chat = talk().say("complain", "complaint")
        chat.start(ValidateComplaintForm)

        assert chat.say("oh never mind", "cancel_form").run(ValidateComplaintForm).events == []
        stopped = chat.run(StopAction)
        assert stopped.slots["complaint_text"] is None


class TestFailing:
    @pytest.fixture
    def broken(self, talk: Begin) -> Talk:
        chat = talk()
        chat.say("hello", "greet")
        parts = chat.parts
        nowhere = Database("sqlite:////nowhere/at/all.db")
        chat.parts = Parts(nowhere, parts.embedder, 1, parts.today)
        return chat

    def test_looking_up_says_so_and_offers_a_person(self, broken: Talk) -> None:
        broken.events[-1]["parse_data"]["intent"]["name"] = "order_status"

        answer = broken.run(OrderStatusAction)

        assert "failed on my side" in answer.text
        assert answer.buttons == ["Try again", "Talk to a person"]
        assert "sqlite" not in answer.text.lower()

    def test_changing_something_gets_a_person(self, broken: Talk) -> None:
        answer = broken.run(AffirmAction)

        assert "nothing was changed" in answer.text
        assert answer.slots["handoff"]["reason"] == "action_failed"

    def test_a_rule_that_says_no_is_told_plainly(self, talk: Begin, shop: Shop) -> None:
        chat = talk().verify(shop.anna_id)
        chat.say("cancel KF-1000002", "order_cancel").run(OrderCancelAction)
        chat.slots["pending"]["order_number"] = "KF-1000001"  # it left in the meantime

        answer = chat.say("yes", "affirm").run(AffirmAction)

        assert "cannot be cancelled: the parcel has already left our warehouse" in answer.text
        assert "handoff" not in answer.slots or answer.slots["handoff"] is None


class TestKnowledge:
    @pytest.fixture
    def articles(self, shop: Shop) -> None:
        texts = {
            "shipping-costs": ("What shipping costs", "shipping_costs", "It costs €4.90."),
            "store-hours": ("When we are open", "store", "Ten to seven."),
            "tent-care": ("How to dry a tent", "care", "Let it hang."),
        }
        with shop.database.transaction() as session:
            for place, (slug, (title, topic, summary)) in enumerate(texts.items()):
                article = Article(slug=slug, title=title, topic=topic, summary=summary, body=title)
                session.add(article)
                session.flush()
                vector = [1.0 if i == place else 0.0 for i in range(3)]
                ArticleService(session).store_embedding(article.id, model="test", vector=vector)

    @staticmethod
    def _encoder(vector: list[float], seen: list[httpx.Request]) -> Embedder:
        def answer(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, json={"model": "test", "vectors": [vector]})

        client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
        return Embedder(client, rasa_url="http://assistant", token="secret")

    @pytest.mark.usefixtures("articles")
    def test_without_an_encoder_words_find_the_article(self, talk: Begin) -> None:
        answer = talk().say("what does shipping cost", "shipping_cost").run(AnswerFaqAction)

        assert answer.text == "It costs €4.90."
        assert answer.cards[0]["url"] == "/shop/help/shipping-costs"

    @pytest.mark.usefixtures("articles")
    def test_meaning_decides_and_the_intent_leans(self, talk: Begin) -> None:
        chat, seen = talk(), list[httpx.Request]()
        near = self._encoder([0.0, 0.6, 0.8], seen)
        chat.parts = Parts(chat.parts.database, near, 1, chat.parts.today)

        answer = chat.say("may I come by", "store_hours").run(AnswerFaqAction)

        assert answer.text == "Ten to seven.", "0.6 and the right topic beat 0.8"
        assert seen[0].headers["X-Kefu-Token"] == "secret"
        assert seen[0].url.path == "/webhooks/kefu/embed"

    @pytest.mark.usefixtures("articles")
    def test_what_nobody_wrote_about_is_admitted(self, talk: Begin) -> None:
        answer = talk().say("gift card?", "gift_card").run(AnswerFaqAction)

        assert "could not find" in answer.text
        assert "Talk to a person" in answer.buttons

    @pytest.mark.usefixtures("articles")
    def test_beyond_its_intents_the_help_pages_are_tried(self, talk: Begin) -> None:
        chat = talk()
        chat.parts = Parts(
            chat.parts.database, self._encoder([0.0, 0.1, 0.9], []), 1, chat.parts.today
        )

        answer = chat.say("how do I dry my tent", "out_of_scope").run(OutOfScopeAction)

        assert answer.cards[0]["title"] == "How to dry a tent"

    @pytest.mark.parametrize(
        "body", [{}, {"model": "m", "vectors": []}, {"model": "m", "vectors": [["x"]]}, []]
    )
    def test_a_strange_answer_of_the_encoder_is_no_vector(self, body: object) -> None:
        client = httpx.AsyncClient(
            transport=httpx.MockTransport(lambda _request: httpx.Response(200, json=body))
        )
        embedder = Embedder(client, rasa_url="http://assistant", token="t")

        assert asyncio.run(embedder.vector("hello")) is None


def test_cancel_it_means_the_order_that_is_talked_about(anna: Talk) -> None:
    anna.say("where is KF-1000002", "order_status", order_number="KF-1000002").run(
        OrderStatusAction
    )

    answer = anna.say("cancel it", "cancel_form").run(StopAction)

    assert answer.followup == "action_order_cancel"


def test_the_second_of_the_orders_offered(anna: Talk) -> None:
    history = anna.say("my orders", "order_history").run(OrderHistoryAction)

    answer = anna.say("the second one", "inform").run(InformAction)

    assert answer.followup == "action_order_status"
    assert answer.slots["order_number"] in history.cards[1]["title"]


def test_the_number_after_a_form_was_left_goes_on_with_its_goal(talk: Begin) -> None:
    visitor = talk()
    visitor.slots |= {"goal": "return_start", "form_result": "stopped"}

    answer = visitor.say("KF-1000003", "inform", order_number="KF-1000003").run(InformAction)

    assert answer.slots["goal"] == "return_start"
    assert answer.followup == "verify_form"


def test_a_second_wish_is_not_forgotten(anna: Talk) -> None:
    answer = anna.say("do you sell gift cards and where is my order?", "gift_card").run(
        AnswerFaqAction
    )

    assert answer.payloads[-1] == "/order_status"


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("wo ist meine Bestellung", True),
        ("où est ma commande", True),
        ("dónde está mi pedido", True),
        ("где мой заказ", True),
        ("where is my order", False),
        ("is the first one in stock", False),
        ("can I pay later", False),
    ],
)
def test_other_languages_are_told_from_english(text: str, foreign: bool) -> None:
    assert looks_foreign(text) is foreign
