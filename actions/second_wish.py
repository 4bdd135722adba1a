"""Several wishes in one message: one is answered, the other must not be forgotten."""

import re

from actions.context import Turn
from actions.goals import TITLES
from actions.reply import Button, Reply

_JOINS = re.compile(r"\band\b|\balso\b|\bplus\b|[.,;?!\n]+", re.IGNORECASE)
_MOST_CLAUSES = 12


def _wish(pattern: str, *families: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    return re.compile(pattern, re.IGNORECASE), families


# Only what is plain: a wish that was not meant would be worse than one overlooked. With each, the
# beginnings of the intents that answer it or are near enough.
_WISHES = {
    "order_status": _wish(
        r"\bwhere(?:['’]?s| is| are)? (?:the |my )?(?:\w{1,20} )?(?:order|parcel|package)\b",
        "order_",
        "delivery_",
    ),
    "order_cancel": _wish(r"\bcancel (?:my|the|an) order\b", "order_"),
    "return_start": _wish(
        r"\b(?:want|need|like) to (?:return|send back)\b", "return_", "delivery_"
    ),
    "refund_status": _wish(r"\bwhere(?:['’]?s| is)? my (?:refund|money)\b", "refund_", "return_"),
    "invoice_request": _wish(r"\b(?:need|send|get|want)\b.{0,30}\binvoice\b", "invoice_"),
    "account_edit": _wish(
        r"\b(?:change|update) my (?:address|e-?mail|phone)\b", "account_", "deliv"
    ),
    "newsletter_unsubscribe": _wish(r"\bunsubscribe\b", "newsletter_"),
    "gift_card": _wish(r"\bgift ?(?:card|voucher)s?\b", "gift_"),
    "store_hours": _wish(r"\bopening hours\b|\bwhen (?:are|do) you open\b", "store_"),
    "shipping_cost": _wish(
        r"\bhow much is (?:shipping|delivery)\b|\bshipping costs?\b", "shipping_"
    ),
    "human_handoff": _wish(r"\b(?:talk|speak) (?:to|with) (?:a|some)", "human_"),
}


def remember_second_wish(turn: Turn, reply: Reply) -> None:
    """After an answer, offer what else the message plainly asked for."""
    clauses = [clause for clause in _JOINS.split(turn.typed)[:_MOST_CLAUSES] if clause.strip()]
    if len(clauses) < 2:
        return
    others = [
        goal
        for goal, (pattern, families) in _WISHES.items()
        if not turn.intent.startswith(families)
        and any(pattern.search(clause) for clause in clauses)
    ]
    if others:
        reply.say(
            "You asked for something else as well; here it goes on:",
            buttons=[Button(TITLES[goal], goal) for goal in others[:2]],
        )
