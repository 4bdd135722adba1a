"""Questions that the knowledge base answers: found by meaning, named and linked."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.reply import PERSON, Button, Card, Link, Reply
from crm_store.articles.service import ArticleHit, ArticleService

HELP_PAGE = "/shop/help/{slug}"
_LOOKED_AT = 8
_ON_TOPIC = 0.25
"""What being about the intent is worth against the similarity of the words."""
_TOO_FAR = 0.2
_ALSO = 0.45


@dataclass(frozen=True, slots=True)
class Topic:
    """What an intent is about, so that the right article wins."""

    question: str
    """Asked of the knowledge base where a button was chosen and nothing typed."""
    about: tuple[str, ...]
    """Parts of the slugs, best first, or topics of the articles that answer it."""
    next_steps: tuple[Button, ...] = ()


_STATUS = Button("Where is my order?", "order_status")
_RETURN = Button("Start a return", "return_start")
_COST = Button("Shipping costs", "shipping_cost")

TOPICS: dict[str, Topic] = {
    "delivery_options": Topic(
        "Which delivery options are there?", ("delivery-options", "express"), (_COST, _STATUS)
    ),
    "delivery_time": Topic("How long does delivery take?", ("delivery-time",), (_STATUS,)),
    "return_policy": Topic(
        "How do returns work and how long can I return something?",
        ("return-policy", "return"),
        (_RETURN,),
    ),
    "refund_policy": Topic(
        "When and how do I get my money back?",
        ("refund",),
        (Button("Where is my refund?", "refund_status"), _RETURN),
    ),
    "payment_methods": Topic("Which payment methods do you accept?", ("payment-methods",)),
    "payment_failed": Topic(
        "Why was my payment declined?", ("payment-failed", "payment"), (PERSON,)
    ),
    "discount_code": Topic(
        "How do I use a discount code?", ("discount", "voucher", "code"), (PERSON,)
    ),
    "account_create": Topic("How do I open an account?", ("account",)),
    "password_reset": Topic("How do I reset my password?", ("password",), (PERSON,)),
    "data_privacy": Topic(
        "What do you do with my data?",
        ("privacy", "data"),
        (
            Button("A copy of my data", "data_export"),
            Button("Delete my account", "account_delete"),
        ),
    ),
    "warranty_info": Topic(
        "How long is the warranty?",
        ("warranty",),
        (Button("Claim the warranty", "warranty_claim"),),
    ),
    "store_hours": Topic("When is the store open?", ("opening", "hours", "store")),
    "shipping_cost": Topic("What does shipping cost?", ("shipping-cost", "shipping")),
    "shipping_countries": Topic("Which countries do you ship to?", ("countries",), (_COST,)),
    "gift_card": Topic("How do gift cards work?", ("gift",)),
}


class AnswerFaqAction(KefuAction):
    name: ClassVar[str] = "action_answer_faq"

    async def prepare(self, turn: Turn) -> Any:
        return await self.parts.embedder.vector(question_of(turn))

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
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
        question_of(turn), vector=meaning, model=model, limit=_LOOKED_AT
    )
    topic = TOPICS.get(turn.intent)
    ranked = sorted(hits, key=lambda hit: _fit(hit, topic), reverse=True)
    buttons = _unique([*extra, *(topic.next_steps if topic else ())])
    if not ranked or _fit(ranked[0], topic) < _TOO_FAR:
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


def _fit(hit: ArticleHit, topic: Topic | None) -> float:
    if topic is None:
        return float(hit.score)
    for place, word in enumerate(topic.about):
        if word in hit.article.slug or word == hit.article.topic:
            return float(hit.score) + _ON_TOPIC - 0.03 * place
    return float(hit.score)


def _unique(buttons: list[Button]) -> list[Button]:
    return list({button.title: button for button in buttons}.values())
