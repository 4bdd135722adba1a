"""Finding out who is there: an order number and the e-mail or phone that belongs to it."""

import re
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.account import refuse_change
from actions.context import FormMoment, Turn
from actions.forms import NEVER_MIND, FormAction
from actions.goals import PERSONAL_GOALS, opening
from actions.reply import PERSON, Reply
from actions.wording import first_name
from crm_store.customers.errors import VerificationFailed
from crm_store.customers.verification import Verification, check_limits
from crm_store.orders.numbers import normalise_order_number

_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"\+?\(?\d(?:[\s()/.\-–]{0,3}\d){6,14}")
_ORDER_DIGITS = re.compile(r"(?<!\d)\d{7}(?!\d)")
_NO_NUMBER = re.compile(
    r"\b(?:don'?t|do not|dont|haven'?t|have not|no|lost|can'?t find|cannot find|forgot)\b",
    re.IGNORECASE,
)


_ONLY_SIGNED_IN = frozenset({"account_edit", "account_delete"})
_PARCEL = re.compile(r"\b(?:order|parcel|package|delivery|deliver|shipping|ship)\b", re.IGNORECASE)


class ValidateVerifyForm(FormAction):
    """Asks for both, checks them in the store, and asks nothing of who is verified already."""

    name: ClassVar[str] = "validate_verify_form"
    form: ClassVar[str] = "verify_form"
    fields: ClassVar[tuple[str, ...]] = ("order_number", "email")
    goals: ClassVar[frozenset[str]] = PERSONAL_GOALS
    reminder: ClassVar[str] = "And about your request:"
    writes: ClassVar[bool] = True

    def start(self, session: Session, turn: Turn, reply: Reply) -> None:
        if Verification(session).customer_of(turn.conversation_id) is not None:
            reply.set(verified=True)
            self.complete(reply)
            return
        if self.goal(turn, reply) in _ONLY_SIGNED_IN and not about_parcel(turn):
            # An order number would not be enough in the end, so it is not asked for.
            reply.set(verified=False)
            refuse_change(reply)
            self.stop(reply)
            return
        number = find_order_number(turn) or normalise_order_number(turn.slot("order_number") or "")
        # A contact told before anything was asked is kept, too.
        contact = find_contact(turn) or turn.slot("email")
        reply.set(order_number=number, email=contact)
        reply.opening = opening(self.goal(turn, reply)) or ""

    def read(self, session: Session, turn: Turn, reply: Reply) -> None:
        number, contact = find_order_number(turn), find_contact(turn)
        if number:
            reply.set(order_number=number)
        if contact:
            reply.set(email=contact)
        if number or contact:
            return
        if self._changed_goal(turn, reply):
            return
        if self.is_something_else(turn):
            reply.reject_form = True
            return
        self._explain(turn, reply)

    def ask_next(self, session: Session, turn: Turn, reply: Reply) -> None:
        number, contact = self.value(turn, reply, "order_number"), self.value(turn, reply, "email")
        if number and contact:
            self._check(session, turn, reply, number, contact)
        elif number:
            thanks = "" if reply.opening else "Thanks. "
            reply.say(
                f"{thanks}Which e-mail address or phone number was used for {number}?",
                buttons=[NEVER_MIND] if turn.form_moment is not FormMoment.STARTED else None,
            )
            self.request(reply, "email")
        else:
            reply.say(
                self._ask_number(turn, contact),
                buttons=[NEVER_MIND] if turn.form_moment is not FormMoment.STARTED else None,
            )
            self.request(reply, "order_number")

    def _ask_number(self, turn: Turn, contact: str | None) -> str:
        if turn.form_moment is FormMoment.RESUMED:
            return "if you tell me your order number (KF-1234567), I look it up."
        if contact:
            return "Thanks, I have that. And the order number? It looks like KF-1234567."
        if turn.form_moment is FormMoment.STARTED:
            return (
                "What is your order number? It looks like KF-1234567 and is in your confirmation "
                "e-mail."
            )
        return "Which order number is it? It looks like KF-1234567."

    def _check(self, session: Session, turn: Turn, reply: Reply, number: str, contact: str) -> None:
        try:
            customer = Verification(session).by_order(
                turn.conversation_id, order_number=number, contact=contact
            )
        except VerificationFailed:
            self._no_match(turn, reply, number)
            return
        reply.set(verified=True, order_number=number, email=None)
        reply.say(f"Thank you, {first_name(customer.name)}, that matches.")
        self.complete(reply)

    def _no_match(self, turn: Turn, reply: Reply, number: str) -> None:
        reply.set(email=None, order_number=None)
        self.not_taken(
            turn,
            reply,
            f"I could not match {number} with that contact. Please check both: the order number is "
            "in your confirmation e-mail, and the contact is the one you ordered with.",
            give_up="That still does not match, so I can't open the order here. A colleague can "
            "check it another way with you.",
        )
        if reply.slots.get("form_result") != "stopped":
            reply.say("Which order number is it?", buttons=[PERSON, NEVER_MIND])
            self.request(reply, "order_number")

    def _changed_goal(self, turn: Turn, reply: Reply) -> bool:
        """Another personal question instead of an answer: go on with that one."""
        if turn.intent not in PERSONAL_GOALS or not self.is_something_else(turn):
            return False
        if turn.intent != turn.slot("goal"):
            reply.set(goal=turn.intent)
            reply.opening = opening(turn.intent) or "All right, let's do that."
        return True

    def _explain(self, turn: Turn, reply: Reply) -> None:
        if turn.intent == "deny" or _NO_NUMBER.search(turn.typed):
            # Asking again for what is not there would be a trap.
            reply.say(
                "No problem. If you have an account, log in to the shop and open the chat there: "
                "then I know it is you. Otherwise a colleague can look for your order with you.",
                buttons=[PERSON, NEVER_MIND],
            )
            self.stop(reply)
            return
        if self.requested(turn) == "email":
            text = "That does not look like an e-mail address or a phone number."
        else:
            text = "That does not look like an order number: it is KF- and seven digits."
        self.not_taken(
            turn,
            reply,
            text,
            give_up="I can't find you without those, sorry. A colleague can help you another way.",
        )

    def _work(self, turn: Turn, prepared: Any) -> Reply:
        self._count_attempt(turn)
        return super()._work(turn, prepared)

    def _count_attempt(self, turn: Turn) -> None:
        """Count a check that this turn will make; it stays counted when the check fails."""
        # Wherever they may come from and whenever: rather one too many than one uncounted.
        number = find_order_number(turn) or normalise_order_number(turn.slot("order_number") or "")
        contact = find_contact(turn) or turn.slot("email")
        if number and contact:
            check_limits(self.parts.database, turn.conversation_id, number, contact=contact)


def about_parcel(turn: Turn) -> bool:
    """Whether a change is asked for on an order rather than on the account."""
    return find_order_number(turn) is not None or _PARCEL.search(turn.typed) is not None


def find_order_number(turn: Turn) -> str | None:
    """The order number in a message, whether or not it was recognised as one."""
    for said in reversed(turn.all_of("order_number")):
        if number := normalise_order_number(said):
            return number
    return normalise_order_number(turn.typed) if turn.typed else None


def find_contact(turn: Turn) -> str | None:
    """The e-mail address or phone number in a message."""
    found = _EMAIL.search(turn.typed)
    if found:
        return found.group().strip(".-'")
    if entity := turn.entity("email") or turn.entity("phone"):
        return entity
    # An order number beside a phone number must not be read as a part of it.
    text = turn.typed
    if normalise_order_number(text):
        text = _ORDER_DIGITS.sub(" ", text, count=1)
    phone = _PHONE.search(text)
    return phone.group() if phone else None
