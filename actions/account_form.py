"""The form that collects what to change: a detail of the account, or an order's address."""

import re
from typing import ClassVar

from sqlalchemy.orm import Session

from actions.account import FIELDS, is_signed_in, refuse_change
from actions.base import CustomerAction
from actions.context import Turn
from actions.forms import NEVER_MIND, FormAction
from actions.orders import choose_order, next_steps, too_late
from actions.references import chosen_number
from actions.reply import PERSON, Button, Reply
from actions.verification import find_contact, find_order_number
from crm_store.asking import AsCustomer
from crm_store.customers.contacts import normalise_email, normalise_phone
from crm_store.customers.verification import Verification
from crm_store.models import Order
from crm_store.orders.service import CHANGEABLE, OrderService

DELIVERY_ADDRESS = "delivery_address"
# Begins where a word does, and every repetition has an end: whatever is typed, the search is over
# in milliseconds. It holds the whole process while it runs.
_ADDRESS = re.compile(
    r"(?<![^\s,])(?P<street>[^,\n]{3,190}?(?<!\d)\d{1,5}\s?[a-zA-Z]?(?:[/-]\d{1,5})?)"
    r"(?:\s{0,5}[,\n]\s{0,5}|\s{1,5}(?:in\s{1,5})?)"
    r"(?P<postal_code>[A-Z]{0,2}-?\d{3,6}(?:\s?[A-Z]{2})?)\s{1,5}(?P<city>[^\d,\n]{2,90})"
)
_LEAD_IN = re.compile(r"^(?:.*\b(?:is|to|at|address)\b:?\s+|it[’']?s\s+)", re.IGNORECASE)
_FIELD_WORDS = (
    (r"e-?mail", "email"),
    (r"phone|mobile|cell", "phone"),
    (r"address|street|moved|moving", "address"),
    (r"\bname\b|surname|married", "name"),
)
_ASK = {
    "name": "What is the new name?",
    "email": "What is the new e-mail address?",
    "phone": "What is the new phone number, with its country code?",
    "address": "What is the new address? Like this: Lindenweg 5, 10115 Berlin",
}


class ValidateAccountForm(FormAction):
    name: ClassVar[str] = "validate_account_form"
    form: ClassVar[str] = "account_form"
    fields: ClassVar[tuple[str, ...]] = ("account_field", "account_value")
    goals: ClassVar[frozenset[str]] = frozenset({"account_edit", "delivery_address_change"})

    def start(self, session: Session, turn: Turn, reply: Reply) -> None:
        reply.set(account_value=None)
        field = turn.entity("account_field") or _field_said(turn.typed)
        if field == "address" and find_order_number(turn):
            # "Change the address of KF-1234567" is about that parcel, not about the account.
            reply.set(goal="delivery_address_change")
        if self.goal(turn, reply) == "delivery_address_change":
            field = DELIVERY_ADDRESS
        reply.set(account_field=field)
        # "My new e-mail is …" says it all at once.
        if field is not None and turn.typed and (value := read_value(field, turn, strict=True)):
            reply.set(account_value=value)

    def read(self, session: Session, turn: Turn, reply: Reply) -> None:
        requested, field = self.requested(turn), turn.slot("account_field")
        if self.is_something_else(turn) and turn.intent in self.goals and self._is_other(turn):
            # "My phone number too": another change is no interruption, it is the next one.
            reply.set(goal=turn.intent, form_tries=0)
            self.start(session, turn, reply)
            return
        if requested == "account_field":
            self._read_field(turn, reply)
        elif requested == "order_number":
            self._read_order(turn, reply)
        elif field is not None and turn.typed:
            self._read_value(turn, reply, field)
        if reply.slots:
            return
        if self.is_something_else(turn):
            reply.reject_form = True
            return
        self.not_taken(
            turn,
            reply,
            "Sorry, I could not read that.",
            give_up="I'm not getting this right, sorry. A colleague can change it for you.",
        )

    def _read_field(self, turn: Turn, reply: Reply) -> None:
        chosen = turn.entity("account_field") or _field_said(turn.typed)
        if chosen in FIELDS:
            value = read_value(chosen, turn, strict=True) if turn.typed else None
            reply.set(account_field=chosen, account_value=value)

    def _read_order(self, turn: Turn, reply: Reply) -> None:
        if number := find_order_number(turn) or chosen_number(turn):
            reply.set(order_number=number)
        elif value := read_value(DELIVERY_ADDRESS, turn, strict=True):
            # The new address came first: keep it, and ask again which order it is for.
            reply.set(account_value=value)

    def _read_value(self, turn: Turn, reply: Reply, field: str) -> None:
        other = _field_said(turn.typed)
        value = read_value(field, turn, strict=self.is_something_else(turn) or other is not None)
        if value is not None:
            reply.set(account_value=value)
        elif field in FIELDS and other is not None and other != field:
            # "Actually my e-mail": not a value, but another detail.
            reply.set(account_field=other, account_value=read_value(other, turn, strict=True))

    def ask_next(self, session: Session, turn: Turn, reply: Reply) -> None:
        asker = Verification(session).customer_of(turn.conversation_id)
        field = self.value(turn, reply, "account_field")
        if asker is None:
            reply.set(verified=False)
            refuse_change(reply)
            self.stop(reply)
        elif field == DELIVERY_ADDRESS:
            self._ask_delivery(session, turn, asker, reply)
        elif not is_signed_in(session, turn):
            refuse_change(reply)
            self.stop(reply)
        elif field is None:
            reply.say(
                "What would you like to change?",
                buttons=[
                    Button(title, "inform", {"account_field": code})
                    for code, title in FIELDS.items()
                ],
            )
            self.request(reply, "account_field")
        else:
            self._ask_for(turn, reply, field)

    def _ask_for(self, turn: Turn, reply: Reply, field: str, opening: str = "") -> None:
        if self._has_value(turn, reply):
            self.complete(reply)
            return
        reply.say(f"{opening} {_ASK[field]}".strip(), buttons=[NEVER_MIND])
        self.request(reply, "account_value")

    def _nothing_to_redirect(self, session: Session, turn: Turn, asker: AsCustomer) -> bool:
        if find_order_number(turn) or self.requested(turn) == "order_number":
            return False
        recent = OrderService(session).recent(asker=asker)
        return not any(order.status in CHANGEABLE for order in recent)

    def _is_other(self, turn: Turn) -> bool:
        """Whether another detail is named than the one that is being asked for."""
        if turn.intent == "delivery_address_change":
            return turn.slot("account_field") != DELIVERY_ADDRESS
        said = turn.entity("account_field") or _field_said(turn.typed)
        return said is not None and said != turn.slot("account_field")

    def _ask_delivery(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        if self._nothing_to_redirect(session, turn, asker) and is_signed_in(session, turn):
            # Who has moved and has no parcel to come means the address in the account.
            reply.set(goal="account_edit", account_field="address", order_number=None)
            self._ask_for(
                turn,
                reply,
                "address",
                "None of your parcels can still be redirected, so "
                "this is about the address in your account.",
            )
            return
        order = self._order(session, turn, asker, reply)
        if order is None:
            if reply.messages and reply.messages[-1]["buttons"]:
                self.request(reply, "order_number")
            else:
                self.stop(reply)
        elif order.status not in CHANGEABLE:
            reply.say(
                f"{order.number} {too_late(order, today=self.parts.today())}, so its address can't "
                "be changed any more.",
                buttons=[*next_steps(order)[:1], PERSON],
            )
            self.stop(reply)
        elif self._has_value(turn, reply):
            self.complete(reply)
        else:
            reply.say(
                f"{order.number} goes to {order.street}, {order.postal_code} {order.city}. "
                "What is the new address? Like this: Lindenweg 5, 10115 Berlin",
                buttons=[NEVER_MIND],
            )
            self.request(reply, "account_value")

    def _order(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> Order | None:
        return choose_order(
            session,
            turn,
            asker,
            reply,
            intent="inform",
            fits=lambda order: order.status in CHANGEABLE,
            question="Which order should go to another address?",
            today=self.parts.today(),
        )

    def _has_value(self, turn: Turn, reply: Reply) -> bool:
        value = reply.slots.get("account_value", turn.slots.get("account_value"))
        return isinstance(value, dict)


class DeliveryAddressAction(CustomerAction):
    name: ClassVar[str] = "action_delivery_address_change"
    goal: ClassVar[str] = "delivery_address_change"
    writes: ClassVar[bool] = True

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        value = turn.slots.get("account_value")
        reply.set(account_field=None, account_value=None)
        number = turn.slot("order_number")
        if not isinstance(value, dict) or number is None:
            reply.say(
                "Something is missing there. Shall we try again?",
                buttons=[Button("Change the address", "delivery_address_change"), PERSON],
            )
            return
        order = OrderService(session).change_address(
            number,
            asker=asker,
            street=str(value.get("street", "")),
            postal_code=str(value.get("postal_code", "")),
            city=str(value.get("city", "")),
        )
        reply.say(
            f"Done: {order.number} now goes to {order.street}, {order.postal_code} {order.city}.",
            buttons=[Button("Order status", "order_status", {"order_number": order.number})],
        )


def read_value(field: str, turn: Turn, *, strict: bool) -> dict[str, str] | None:
    """The new value in a message, as the services take it; None where there is none.

    Args:
        field: which detail.
        turn: the message.
        strict: the message may well be about something else, so a name must not be guessed.
    """
    if field in {"address", DELIVERY_ADDRESS}:
        found = _ADDRESS.search(turn.typed)
        if found is None:
            return None
        address = {name: part.strip(" .") for name, part in found.groupdict().items()}
        return address | {"street": _LEAD_IN.sub("", address["street"])}
    if field == "email":
        email = normalise_email(find_contact(turn) or "")
        return {"email": email} if email else None
    if field == "phone":
        phone = normalise_phone(turn.entity("phone") or find_contact(turn) or turn.typed)
        return {"phone": phone} if phone else None
    words = turn.typed.split()
    if strict or not 1 <= len(words) <= 6 or any(char.isdigit() for char in turn.typed):
        return None
    return {"name": " ".join(words)}


def _field_said(text: str) -> str | None:
    said = text.lower()
    return next((field for pattern, field in _FIELD_WORDS if re.search(pattern, said)), None)
