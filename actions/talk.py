"""The talk itself: yes and no, bare facts, stopping, and not understanding."""

import re
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.account import request_deletion
from actions.base import KefuAction
from actions.context import Turn
from actions.faq import near_article
from actions.goals import PERSONAL_GOALS, TITLES
from actions.language import looks_foreign
from actions.orders import cancel_order
from actions.products import price_limit
from actions.references import (
    chosen_number,
    order_described,
    pending_choice,
    pointed_at,
    shown_before,
)
from actions.reply import PERSON, Button, Reply
from actions.verification import find_contact, find_order_number
from crm_store.asking import AsCustomer
from crm_store.catalog.service import CatalogService
from crm_store.customers.verification import Verification
from crm_store.orders.service import OrderService

_HELP = [
    Button("Where is my order?", "order_status"),
    Button("Return something", "return_start"),
    Button("Find a product", "product_recommend"),
    PERSON,
]
_LEAST_LIKELY = 0.05
"""Share of what the known wishes got together, below which an offer would be a guess."""

_PLAINLY_FOREIGN = 0.7
"""Below this confidence in "out of scope" it is worth a question whether it was something known."""

_CANCELS = re.compile(r"\bcancel (?:it|that|this|the order|my order)\b|^cancel\W*$", re.IGNORECASE)
_EMPTY_FORMS = {
    "goal": None,
    "form_result": None,
    "form_tries": 0,
    "return_item": None,
    "return_reason": None,
    "return_resolution": None,
    "complaint_text": None,
    "account_field": None,
    "account_value": None,
    "email": None,
    "order_number": None,
}


class AffirmAction(KefuAction):
    """A yes: to what the bot asked in the message before, if it asked."""

    name: ClassVar[str] = "action_affirm"
    writes: ClassVar[bool] = True

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        pending = pending_question(turn)
        asker = Verification(session).customer_of(turn.conversation_id)
        if pending is None or asker is None:
            reply.say("Good. What shall I do next?", buttons=_HELP)
            return
        self._do(session, turn, asker, pending, reply)

    def _do(
        self,
        session: Session,
        turn: Turn,
        asker: AsCustomer,
        pending: dict[str, Any],
        reply: Reply,
    ) -> None:
        if pending.get("do") == "cancel_order":
            cancel_order(session, turn, asker, str(pending["order_number"]), reply)
        elif pending.get("do") == "delete_account":
            request_deletion(session, asker, reply)


class DenyAction(KefuAction):
    name: ClassVar[str] = "action_deny"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        if pending_question(turn) is not None:
            reply.say("All right, I leave it as it is. Anything else?")
        else:
            reply.say("All right. I'm here if you need something.")


class InformAction(KefuAction):
    """A bare order number, contact or product: take it as the beginning of a question."""

    name: ClassVar[str] = "action_inform"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        number = find_order_number(turn)
        if number:
            # The form asks nothing of who is verified; then comes what was asked before a form was
            # left, or else the order's status.
            goal = _unfinished(turn) or "order_status"
            reply.set(goal=goal, order_number=number, verified=False, form_result=None)
            reply.followup = "verify_form"
            return
        if self._points_at(session, turn, reply):
            return
        if turn.all_of("product") or turn.all_of("category"):
            self._thing(session, turn, reply)
        elif turn.entity("ticket_number"):
            reply.set(goal="ticket_status", verified=False)
            reply.followup = "verify_form"
        elif find_contact(turn):
            self._contact(session, turn, reply)
        elif turn.typed:
            not_understood(turn, reply)
        else:
            reply.say("What can I do for you?", buttons=_HELP)

    def _points_at(self, session: Session, turn: Turn, reply: Reply) -> bool:
        """ "The second one", "under 200 euros": about what the bot has just shown."""
        if number := chosen_number(turn):
            offered = pending_choice(turn) or {}
            reply.set(order_number=number)
            reply.followup = str(offered.get("action") or "action_order_status")
            return True
        if (choice := pending_choice(turn)) is not None:
            asker = Verification(session).customer_of(turn.conversation_id)
            recent = OrderService(session).recent(asker=asker) if asker else []
            if choice.get("action") and (order := order_described(turn, recent)):
                reply.set(order_number=order.number)
                reply.followup = str(choice["action"])
                return True
        shown = shown_before(CatalogService(session), turn)
        if pointed_at(shown, turn.typed):
            reply.followup = "action_product_details"
            return True
        if price_limit(turn) is not None and (shown or turn.slot("category")):
            reply.followup = "action_product_search"
            return True
        return False

    def _contact(self, session: Session, turn: Turn, reply: Reply) -> None:
        reply.set(email=find_contact(turn))
        goal = _unfinished(turn)
        if goal is not None:
            reply.set(goal=goal, verified=False, form_result=None)
            reply.followup = "verify_form"
            return
        reply.say(
            "Thanks, noted. With the order number as well I can look up your order. What is it "
            "about?",
            buttons=_HELP[:2],
        )

    def _thing(self, session: Session, turn: Turn, reply: Reply) -> None:
        said = (turn.all_of("product") or turn.all_of("category"))[-1]
        kind = "product" if turn.all_of("product") else "category"
        category = CatalogService(session).resolve_category(said)
        name = category.name if category and kind == "category" else said
        reply.say(
            f"{name}: what would you like to know?",
            buttons=[
                Button("Show me some", "product_search", {kind: said}),
                Button("Recommend one", "product_recommend", {kind: said}),
                Button("Return one", "return_start"),
            ],
        )


class StopAction(KefuAction):
    """Never mind: out of any form, and nothing is kept of it."""

    name: ClassVar[str] = "action_stop"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        order = turn.slot("order_number")
        if not turn.active_form and order and _CANCELS.search(turn.typed):
            # "Cancel it" with no form to leave, while an order is being talked about.
            reply.set(goal="order_cancel")
            reply.followup = "action_order_cancel"
            return
        reply.set(**_EMPTY_FORMS)
        reply.ends_form = True
        reply.say("No problem, we leave that. Is there anything else?", buttons=_HELP)


class ClarifyAction(KefuAction):
    """Not understood: ask which of the two likeliest was meant; the second time, get a person."""

    name: ClassVar[str] = "action_clarify"

    async def prepare(self, turn: Turn) -> Any:
        return await self.parts.embedder.vector(turn.typed)

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        if looks_foreign(turn.typed):
            only_english(reply)
            return
        if pointed_at(shown_before(CatalogService(session), turn), turn.typed):
            reply.followup = "action_product_details"
            return
        article = near_article(session, turn, prepared)
        if article is not None:
            reply.say(
                "I'm not sure, but this page of ours may answer it.", cards=[article], buttons=_HELP
            )
            return
        not_understood(turn, reply)


class OutOfScopeAction(KefuAction):
    name: ClassVar[str] = "action_out_of_scope"

    async def prepare(self, turn: Turn) -> Any:
        return await self.parts.embedder.vector(turn.typed)

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        if not any(char.isalnum() for char in turn.typed):
            # An emoji or a question mark: no wish that could be out of scope.
            reply.say("I'm here. What can I do for you?", buttons=_HELP)
            return
        if looks_foreign(turn.typed):
            only_english(reply)
            return
        article = near_article(session, turn, prepared)
        if article is not None:
            reply.say("This page of ours may answer that.", cards=[article], buttons=_HELP)
            return
        if turn.confidence < _PLAINLY_FOREIGN and len(likely_wishes(turn)) == 2:
            reply.followup = "action_clarify"
            return
        reply.say(
            "Sorry, I can't help with that, or I didn't get it. I know my way around orders, "
            "deliveries, returns, payments and our products.",
            buttons=_HELP,
        )


class LostThreadAction(KefuAction):
    """No rule knew what comes next: say so, offer a way on, and wait.

    Rasa's own fallback would also take back what the customer said, as if it had not been said.
    """

    name: ClassVar[str] = "action_default_fallback"

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: object) -> None:
        reply.say("Sorry, I lost the thread there. What can I do for you?", buttons=_HELP)
        reply.ends_form = True
        reply.followup = "action_listen"


def only_english(reply: Reply) -> None:
    """Honest about the one language that is spoken."""
    reply.say(
        "Sorry, I only speak English. Please write in English, or choose one of these.",
        buttons=_HELP,
    )


def _unfinished(turn: Turn) -> str | None:
    """What the customer came for when a form was left before it was done."""
    goal = turn.slot("goal")
    return goal if turn.slot("form_result") == "stopped" and goal in PERSONAL_GOALS else None


def not_understood(turn: Turn, reply: Reply) -> None:
    """Ask which of the two likeliest was meant; the second time in a row, get a person."""
    reply.set(low_confidence_streak=turn.not_understood_before + 1)
    if turn.not_understood_before >= 1:
        reply.hand_over(
            turn,
            "not_understood",
            "I'm sorry, I still don't understand. I'm passing you to a colleague, who can see "
            "what you wrote.",
        )
        return
    likely = likely_wishes(turn)
    if likely:
        reply.say(
            "I'm not sure that I got that. Did you mean one of these?",
            buttons=[*likely, Button("Something else", "help"), PERSON],
        )
    else:
        reply.say("I'm not sure that I got that. Could you say it in other words?", buttons=_HELP)


def likely_wishes(turn: Turn) -> list[Button]:
    """The two likeliest things that were meant, to choose from.

    How likely by their share of each other: the confidence itself is near zero for a message far
    from everything, and still one wish is nearer than the rest.
    """
    known = [(name, chance) for name, chance in turn.ranking if name in TITLES]
    total = sum(chance for _, chance in known)
    return [
        Button(TITLES[name], name)
        for name, chance in known
        if chance > 0 and chance >= _LEAST_LIKELY * total and name != "human_handoff"
    ][:2]


def pending_question(turn: Turn) -> dict[str, Any] | None:
    """The yes-or-no question that the bot asked in answer to the message before, if any."""
    pending = turn.slots.get("pending")
    if not isinstance(pending, dict):
        return None
    before = [said.turn_id for said in turn.past[-2:-1]]
    return pending if pending.get("turn_id") in before else None
