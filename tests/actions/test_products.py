"""Products and recommendations, and the interests that a chat leaves behind."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from actions.interests import weight
from actions.products import (
    ProductAvailabilityAction,
    ProductCompareAction,
    ProductDetailsAction,
    ProductSearchAction,
)
from actions.recommend import ProductRecommendAction
from actions.talk import InformAction
from crm_store.insights.feedback import FeedbackService
from crm_store.insights.service import InsightService
from crm_store.models import FeedbackKind, Interest, ModelRun, Product, Recommendation
from foundation.clock import utc_now
from tests.actions.conftest import Shop, Talk
from tests.factories import make_category, make_product

Begin = Callable[[], Talk]


@pytest.fixture
def shelves(shop: Shop) -> dict[str, Product]:
    """More to choose from."""
    with shop.database.transaction() as session:
        lamps = make_category(session, slug="lighting", name="Lamps", synonyms=["lamp", "headlamp"])
        return {
            name: make_product(
                session, category_id=lamps.id, name=name, price_minor=price, stock=stock, **given
            )
            for name, price, stock, given in (
                ("Glow headlamp", 2_900, 9, {"attributes": {"lumens": 200}}),
                ("Beam headlamp", 7_900, 3, {"attributes": {"lumens": 900}}),
                ("Ember lantern", 4_900, 0, {"restock_days": 4}),
            )
        }


def _interests(shop: Shop) -> list[tuple[str, float, bool]]:
    with shop.database.reading() as session:
        rows = session.scalars(select(Interest).order_by(Interest.at))
        return [(row.term, row.weight, row.customer_id is not None) for row in rows]


@pytest.mark.usefixtures("shelves")
class TestFinding:
    def test_by_category_and_price(self, talk: Begin) -> None:
        answer = (
            talk()
            .say("headlamps under 50 euro", "product_search", category="headlamps")
            .run(ProductSearchAction)
        )

        assert "under €50.00" in answer.text
        assert answer.cards[0]["title"] == "Glow headlamp"
        assert "Beam headlamp" not in [card["title"] for card in answer.cards]

    def test_a_price_in_words(self, talk: Begin) -> None:
        text = "headlamps for less than fifty euros"
        sum_of_money = {
            "entity": "amount",
            "value": "fifty euros",
            "start": text.index("fifty"),
            "end": len(text),
            "minor": 5_000,
            "currency": "EUR",
        }
        answer = (
            talk()
            .say(text, "product_search", category="headlamps", further=[sum_of_money])
            .run(ProductSearchAction)
        )

        assert "under €50.00" in answer.text
        assert [card["title"] for card in answer.cards] == ["Glow headlamp"]

    def test_nothing_cheap_enough_shows_what_comes_closest(self, talk: Begin) -> None:
        answer = (
            talk()
            .say("headlamps under 10 euro", "product_search", category="headlamps")
            .run(ProductSearchAction)
        )

        assert "nothing like that under €10.00" in answer.text
        assert answer.cards[0]["title"] == "Glow headlamp"

    def test_nothing_found_offers_the_shelves(self, talk: Begin) -> None:
        answer = talk().say("zzz", "product_search", product="zzz").run(ProductSearchAction)

        assert "could not find" in answer.text
        assert "Footwear" in answer.buttons

    def test_sold_out_with_a_date(self, talk: Begin) -> None:
        answer = (
            talk()
            .say("is the Ember lantern available", "product_availability", product="Ember lantern")
            .run(ProductAvailabilityAction)
        )

        assert "sold out" in answer.text
        assert "about 4 days" in answer.text

    def test_few_left_are_counted(self, talk: Begin) -> None:
        chat = talk().say("Beam headlamp?", "product_availability", product="Beam headlamp")

        assert "only 3" in chat.run(ProductAvailabilityAction).text

    def test_details_name_and_link_the_product(self, talk: Begin) -> None:
        answer = (
            talk()
            .say("tell me about the Glow headlamp", "product_details", product="Glow headlamp")
            .run(ProductDetailsAction)
        )

        assert answer.cards[0]["url"].startswith("/shop/p/")
        assert {"label": "Lumens", "value": "200"} in answer.cards[0]["facts"]

    def test_an_ambiguous_name_is_asked_back(self, talk: Begin) -> None:
        answer = talk().say("is it there", "product_availability").run(ProductAvailabilityAction)

        assert answer.buttons

    def test_comparing_says_what_differs(self, talk: Begin) -> None:
        answer = (
            talk()
            .say("Glow headlamp or Beam headlamp?", "product_compare")
            .run(ProductCompareAction)
        )

        assert "costs €50.00 less" in answer.text
        assert "Lumens: 200 (Glow headlamp) and 900 (Beam headlamp)." in answer.text


class TestInterests:
    def test_a_named_category_is_kept_with_the_mood(self, talk: Begin, shop: Shop) -> None:
        chat = talk().verify(shop.anna_id)
        chat.say("I love boots", "product_recommend", category="boots", valence=0.8)

        chat.run(ProductRecommendAction)
        chat.run(ProductRecommendAction)

        assert _interests(shop) == [("boots", 1.4, True)]

    def test_other_talk_leaves_none(self, talk: Begin, shop: Shop) -> None:
        talk().say("my boots are late", "greet", category="boots").run(ProductSearchAction)

        assert _interests(shop) == []

    def test_disgust_counts_against(self) -> None:
        assert weight(-0.9) < 0 < weight(-0.2) < weight(None) < weight(0.9)


class TestRecommending:
    @staticmethod
    def _computed(shop: Shop, product: Product) -> None:
        now = utc_now()
        run = ModelRun(
            kind="recommend", engine="local", params={}, metrics={}, started_at=now, finished_at=now
        )
        row = Recommendation(
            customer_id=shop.anna_id,
            product_id=product.id,
            rank=1,
            score=0.9,
            reason="Goes with your tent",
        )
        with shop.database.transaction() as session:
            InsightService(session).replace_recommendations(run, [row])

    def test_the_computed_ones_with_their_reason(
        self, talk: Begin, shop: Shop, shelves: dict[str, Product]
    ) -> None:
        self._computed(shop, shelves["Glow headlamp"])
        chat = talk().verify(shop.anna_id).say("recommend me something", "product_recommend")

        answer = chat.run(ProductRecommendAction)

        assert answer.cards[0]["title"] == "Glow headlamp"
        assert answer.cards[0]["subtitle"] == "Goes with your tent"

    def test_what_was_shown_and_asked_about_is_kept(
        self, talk: Begin, shop: Shop, shelves: dict[str, Product]
    ) -> None:
        self._computed(shop, shelves["Glow headlamp"])
        chat = talk().verify(shop.anna_id)
        chat.say("recommend me something", "product_recommend").run(ProductRecommendAction)
        chat.say(
            "More about Glow headlamp", "product_details", product="Glow headlamp", button=True
        ).run(ProductDetailsAction)
        chat.say("and the Beam headlamp?", "product_details", product="Beam headlamp").run(
            ProductDetailsAction
        )

        with shop.database.reading() as session:
            kept = FeedbackService(session).of_customer(shop.anna_id)
        assert [(one.kind, one.rank, one.reason) for one in kept] == [
            (FeedbackKind.CLICKED, 1, "Goes with your tent"),
            (FeedbackKind.SHOWN, 1, "Goes with your tent"),
        ]

    def test_what_is_asked_for_now_wins(
        self, talk: Begin, shop: Shop, shelves: dict[str, Product]
    ) -> None:
        self._computed(shop, shelves["Glow headlamp"])
        chat = talk().verify(shop.anna_id)
        chat.say("boots, please", "product_recommend", category="boots")

        answer = chat.run(ProductRecommendAction)

        assert [card["title"] for card in answer.cards] == ["Marsh boots"]

    def test_an_interest_said_in_the_chat_changes_the_next_recommendation(
        self, talk: Begin, shop: Shop, shelves: dict[str, Product]
    ) -> None:
        self._computed(shop, shelves["Glow headlamp"])
        chat = talk().verify(shop.anna_id)
        chat.say("do you have boots?", "product_search", category="boots", valence=0.5)
        chat.run(ProductSearchAction)
        chat.slots["category"] = None

        answer = chat.say("what do you recommend?", "product_recommend").run(ProductRecommendAction)

        assert [card["title"] for card in answer.cards] == ["Marsh boots", "Glow headlamp"]
        assert answer.cards[0]["subtitle"] == "You asked about footwear"

    def test_a_stranger_is_asked_for_a_direction(self, talk: Begin) -> None:
        answer = talk().say("recommend something", "product_recommend").run(ProductRecommendAction)

        assert answer.cards == []
        assert "Footwear" in answer.buttons

    def test_what_goes_with_a_product(self, talk: Begin) -> None:
        answer = (
            talk()
            .say(
                "what goes with the Fernhollow tent", "product_recommend", product="Fernhollow tent"
            )
            .run(ProductRecommendAction)
        )

        assert [card["title"] for card in answer.cards] == ["Marsh boots"]
        assert "Customers who bought the Fernhollow tent" in answer.cards[0]["subtitle"]


@pytest.mark.usefixtures("shelves")
class TestPointing:
    """At what was shown before: by its place, as "it", as "cheaper"."""

    def _shown(self, talk: Talk) -> list[str]:
        answer = talk.say("headlamps", "product_search", category="headlamps").run(
            ProductSearchAction
        )
        return [card["title"] for card in answer.cards]

    def test_the_second_one(self, talk: Begin) -> None:
        visitor = talk()
        second = self._shown(visitor)[1]

        answer = visitor.say("tell me more about the second one", "product_details").run(
            ProductDetailsAction
        )

        assert answer.cards[0]["title"] == second

    def test_a_bare_place_leads_to_the_details(self, talk: Begin) -> None:
        visitor = talk()
        self._shown(visitor)

        assert visitor.say("the first", "inform").run(InformAction).followup == (
            "action_product_details"
        )
        answer = visitor.run(ProductDetailsAction)
        assert answer.followup == "action_listen"

    def test_compare_it_with_the_second(self, talk: Begin) -> None:
        visitor = talk()
        shown = self._shown(visitor)

        answer = visitor.say("compare it with the second", "product_compare").run(
            ProductCompareAction
        )

        assert [card["title"] for card in answer.cards] == shown[:2]

    def test_the_cheapest(self, talk: Begin) -> None:
        visitor = talk()
        self._shown(visitor)

        answer = visitor.say("the cheapest one", "product_details").run(ProductDetailsAction)

        assert answer.cards[0]["title"] == "Glow headlamp"

    def test_it_is_not_another_with_that_number_in_its_name(
        self, talk: Begin, shop: Shop, shelves: dict[str, Product]
    ) -> None:
        with shop.database.transaction() as session:
            lamps = shelves["Glow headlamp"].category_id
            make_product(session, category_id=lamps, name="Bulb 40 lamp", slug="bulb-40")
        visitor = talk()
        first = self._shown(visitor)[0]

        answer = visitor.say("is it available in size 40", "product_availability").run(
            ProductAvailabilityAction
        )

        assert answer.cards[0]["title"] == first

    def test_something_cheaper(self, talk: Begin) -> None:
        visitor = talk()
        visitor.say("is the Beam headlamp in stock", "product_availability", product="Beam").run(
            ProductAvailabilityAction
        )

        answer = visitor.say("something cheaper?", "product_search").run(ProductSearchAction)

        assert [card["title"] for card in answer.cards] == ["Glow headlamp"]


def test_a_kind_of_thing_is_recommended_and_not_what_goes_with_it(
    talk: Begin, shelves: dict[str, Product]
) -> None:
    answer = (
        talk()
        .say("recommend me a good headlamp", "product_recommend", product="headlamp")
        .run(ProductRecommendAction)
    )

    assert {card["title"] for card in answer.cards} <= set(shelves)
    assert all(card["subtitle"] for card in answer.cards)
