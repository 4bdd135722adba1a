"""Questions that the knowledge base answers: found by meaning, named and linked."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.reply import PERSON, Button, Card, Link, Reply
from actions.tickets import LABEL, ask_any_time, newest_open, ticket_card
from crm_store.articles.service import ArticleHit, ArticleService
from crm_store.customers.verification import Verification

HELP_PAGE = "/shop/help/{slug}"
_ALL = 200
_ON_TOPIC = 0.3
"""What being about the intent is worth against the similarity of the words."""
_NEAR_ENOUGH = {"meaning": 0.5, "text": 0.5}
"""From this score on an article answers, even one that is not about the intent."""
_ALSO = 0.45


@dataclass(frozen=True, slots=True)
class Topic:
    """What an intent is about, so that the right article wins."""

    question: str
    """Asked of the knowledge base where a button was chosen and nothing typed."""
    about: tuple[str, ...]
    """Addresses and topics of the articles that answer it, the best first."""
    next_steps: tuple[Button, ...] = ()


_STATUS = Button("Where is my order?", "order_status")
_RETURN = Button("Start a return", "return_start")
_COST = Button("Shipping costs", "shipping_cost")

TOPICS: dict[str, Topic] = {
    "delivery_options": Topic(
        "Which delivery options are there?",
        ("delivery-options", "click-and-collect", "delivery"),
        (_COST, _STATUS),
    ),
    "delivery_time": Topic("How long does delivery take?", ("delivery-times",), (_STATUS,)),
    "return_policy": Topic(
        "How do returns work and how long can I return something?",
        ("return-policy", "how-to-return", "returns"),
        (_RETURN,),
    ),
    "refund_policy": Topic(
        "When and how do I get my money back?",
        ("refund-policy", "refunds"),
        (Button("Where is my refund?", "refund_status"), _RETURN),
    ),
    "payment_methods": Topic("Which payment methods do you accept?", ("payment-methods",)),
    "payment_failed": Topic("Why was my payment declined?", ("payment-failed",), (PERSON,)),
    "discount_code": Topic(
        "How do I use a discount code?", ("discount-codes", "discounts"), (PERSON,)
    ),
    "account_create": Topic("How do I open an account?", ("create-an-account", "account")),
    "password_reset": Topic("How do I reset my password?", ("reset-your-password",), (PERSON,)),
    "data_privacy": Topic(
        "What do you do with my data?",
        ("privacy-and-your-data", "privacy"),
        (
            Button("A copy of my data", "data_export"),
            Button("Delete my account", "account_delete"),
        ),
    ),
    "warranty_info": Topic(
        "How long is the warranty?",
        ("warranty-terms", "warranty"),
        (Button("Claim the warranty", "warranty_claim"),),
    ),
    "store_hours": Topic("When is the store open?", ("store-hours", "contact-us", "store")),
    "shipping_cost": Topic("What does shipping cost?", ("shipping-costs", "shipping_costs")),
    "shipping_countries": Topic(
        "Which countries do you ship to?", ("shipping-countries", "shipping_countries"), (_COST,)
    ),
    "gift_card": Topic("How do gift cards work?", ("gift-cards", "gift_cards")),
}


class AnswerFaqAction(KefuAction):
    name: ClassVar[str] = "action_answer_faq"

    async def prepare(self, turn: Turn) -> Any:
        return await self.parts.embedder.vector(question_of(turn))

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        asker = Verification(session).customer_of(turn.conversation_id)
        if asker and turn.intent == "return_policy" and "label" in turn.typed.lower():
            ticket = newest_open(session, asker, topic=LABEL)
            if ticket is not None:
                reply.say(
                    f"Your label is with our team: {ticket.number}. {ask_any_time(ticket)}",
                    cards=[ticket_card(ticket)],
                    buttons=[Button("How returns work", "return_policy"), PERSON],
                )
                return
        answer_from_articles(session, turn, reply, prepared)


def question_of(turn: Turn) -> str:
    """What to look up: the customer's words, or the intent's where a button was chosen."""
    topic = TOPICS.get(turn.intent)
    return turn.typed or (topic.question if topic else turn.text)


def answer_from_articles(
    session: Session,
    turn: Turn,
    reply: Reply,
    vector: Any,
    *,
    extra: tuple[Button, ...] = (),
) -> None:
    """Say what the best article says, and link it; honest where there is none.

    Args:
        session: to read with.
        turn: whose question.
        reply: gets the answer.
        vector: the encoder's name and the question's vector, or None to search the text.
        extra: buttons before the topic's own.
    """
    model, meaning = vector if vector is not None else (None, None)
    hits = ArticleService(session).search(
        question_of(turn), vector=meaning, model=model, limit=_ALL
    )
    topic = TOPICS.get(turn.intent)
    ranked = sorted(hits, key=lambda hit: _fit(hit, topic), reverse=True)
    buttons = _unique([*extra, *(topic.next_steps if topic else ())])
    if not ranked or not (_place(ranked[0], topic) or _is_near(ranked[0])):
        reply.say(
            "I could not find an answer to that in our help pages. A colleague can tell you.",
            buttons=_unique([*buttons, PERSON]),
            links=[Link("Help pages", "/shop/help")],
        )
        return
    best = ranked[0].article
    also = [
        hit.article
        for hit in ranked[1:3]
        if hit.article.topic == best.topic and hit.by == "meaning" and hit.score >= _ALSO
    ]
    reply.say(
        best.summary,
        cards=[Card(kind="article", title=best.title, url=HELP_PAGE.format(slug=best.slug))],
        links=[Link(article.title, HELP_PAGE.format(slug=article.slug)) for article in also],
        buttons=buttons,
    )


def near_article(session: Session, turn: Turn, vector: Any) -> Card | None:
    """An article that is surely about what was typed, for when nothing else was understood."""
    if vector is None or not turn.typed:
        return None
    model, meaning = vector
    hits = ArticleService(session).search(turn.typed, vector=meaning, model=model, limit=1)
    if not hits or hits[0].by != "meaning" or not _is_near(hits[0]):
        return None
    article = hits[0].article
    return Card(kind="article", title=article.title, url=HELP_PAGE.format(slug=article.slug))


def _fit(hit: ArticleHit, topic: Topic | None) -> float:
    place = _place(hit, topic)
    return float(hit.score) + (_ON_TOPIC / place if place else 0.0)


def _place(hit: ArticleHit, topic: Topic | None) -> int:
    """How well an article is about the intent: 1 is best, 0 is not at all."""
    names = topic.about if topic else ()
    about = {hit.article.slug, hit.article.topic}
    return next((place for place, name in enumerate(names, start=1) if name in about), 0)


def _is_near(hit: ArticleHit) -> bool:
    return hit.score >= _NEAR_ENOUGH[hit.by]


def _unique(buttons: list[Button]) -> list[Button]:
    return list({button.title: button for button in buttons}.values())
