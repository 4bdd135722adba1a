"""Returns and exchanges, and where the refund is."""

import re
from datetime import date
from typing import ClassVar

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from actions.base import CustomerAction
from actions.context import FormMoment, Turn
from actions.forms import NEVER_MIND, FormAction
from actions.order_cards import order_line
from actions.orders import choose_order
from actions.reply import PERSON, Button, Card, Reply, Tone
from actions.verification import find_order_number
from actions.wording import day, money
from crm_store.asking import AsCustomer
from crm_store.customers.verification import Verification
from crm_store.models import Order, OrderLine, OrderStatus, ReturnResolution
from crm_store.orders.errors import OrderNotFound
from crm_store.orders.service import OrderService
from crm_store.returns.refunds import RefundState, RefundStatus
from crm_store.returns.service import ReturnService, returnable_quantity

REASONS = {
    "too_small": "Too small",
    "too_large": "Too large",
    "not_as_described": "Not as described",
    "damaged": "Damaged or faulty",
    "wrong_item": "Wrong item",
    "changed_mind": "Changed my mind",
}
_RESOLUTIONS = {"refund": "Money back", "exchange": "Exchange"}
_SAME_WORD = 85
_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "both": 0, "all": 0}


class ValidateReturnForm(FormAction):
    """Asks for order, item, reason, and money or exchange; each with buttons."""

    name: ClassVar[str] = "validate_return_form"
    form: ClassVar[str] = "return_form"
    fields: ClassVar[tuple[str, ...]] = ("return_item", "return_reason", "return_resolution")
    goals: ClassVar[frozenset[str]] = frozenset({"return_start", "return_exchange"})

    def start(self, session: Session, turn: Turn, reply: Reply) -> None:
        exchange = self.goal(turn, reply) == "return_exchange"
        reply.set(
            return_item=None,
            return_reason=REASONS.get(turn.entity("return_reason") or "")
            or _reason_said(turn.typed),
            return_resolution="exchange" if exchange else None,
        )

    def read(self, session: Session, turn: Turn, reply: Reply) -> None:
        requested = self.requested(turn)
        if requested == "return_reason" and (reason := self._reason(turn)):
            reply.set(return_reason=reason)
        elif requested == "return_resolution" and (resolution := _resolution(turn)):
            reply.set(return_resolution=resolution)
        elif requested == "return_item" and (item := self._item(session, turn)):
            reply.set(return_item=item)
        elif find_order_number(turn):
            reply.set(order_number=find_order_number(turn), return_item=None)
        elif self.is_something_else(turn):
            reply.reject_form = True
        else:
            self.not_taken(
                turn,
                reply,
                "Sorry, I did not get that. Please choose one of these, or say it in other words.",
                give_up="I'm not getting this right, sorry. A colleague can set it up with you.",
            )

    def ask_next(self, session: Session, turn: Turn, reply: Reply) -> None:
        asker = Verification(session).customer_of(turn.conversation_id)
        if asker is None:
            reply.set(verified=False)
            reply.say(
                "Before I can start a return I need to check who you are.",
                buttons=[Button("Check who I am", "return_start"), PERSON],
            )
            self.stop(reply)
            return
        order = self._order(session, turn, asker, reply)
        if order is None:
            return
        lines = ReturnService(session).returnable_lines(order)
        item = self.value(turn, reply, "return_item") or self._item_named_at_once(
            turn, order, lines
        )
        if not lines:
            self._nothing_to_return(session, asker, order, reply)
        elif item is None and len(lines) == 1 and returnable_quantity(order, lines[0]) == 1:
            reply.set(return_item=f"{lines[0].position}:1")
            reply.opening = f"That would be the {lines[0].name} of {order.number}."
            self._ask_details(turn, reply)
        elif item is None:
            reply.say(
                f"What from {order.number} would you like to send back?",
                buttons=[*_item_buttons(order, lines), NEVER_MIND],
            )
            self.request(reply, "return_item")
        else:
            reply.set(return_item=item)
            self._ask_details(turn, reply)

    def _item_named_at_once(self, turn: Turn, order: Order, lines: list[OrderLine]) -> str | None:
        """The item in "I want to return the sandals", where the order has one such."""
        if turn.form_moment is not FormMoment.STARTED:
            return None
        for said in [*turn.all_of("product"), *turn.all_of("category")]:
            if item := _named_line(said, order, lines):
                return item
        return None

    def _ask_details(self, turn: Turn, reply: Reply) -> None:
        if self.value(turn, reply, "return_reason") is None:
            reply.say(
                "What is the reason?",
                buttons=[
                    Button(title, "inform", {"return_reason": code})
                    for code, title in REASONS.items()
                ],
            )
            self.request(reply, "return_reason")
        elif self.value(turn, reply, "return_resolution") is None:
            reply.say(
                "Would you like your money back or an exchange?",
                buttons=[
                    Button(title, "inform", {"return_resolution": code})
                    for code, title in _RESOLUTIONS.items()
                ],
            )
            self.request(reply, "return_resolution")
        else:
            self.complete(reply)

    def _order(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> Order | None:
        number = self.value(turn, reply, "order_number")
        if number:
            try:
                named = OrderService(session).by_number(number, asker=asker)
            except OrderNotFound:
                reply.set(order_number=None)
            else:
                reply.set(order_number=named.number)
                return named
        returns = ReturnService(session)
        order = choose_order(
            session,
            turn,
            asker,
            reply,
            intent="inform",
            fits=lambda order: bool(returns.returnable_lines(order)),
            question="Which order is it from?",
            today=self.parts.today(),
        )
        if order is None:
            if _asks_inform(reply):
                self.request(reply, "order_number")
            else:
                self.stop(reply)
        return order

    def _nothing_to_return(
        self, session: Session, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        returns, today = ReturnService(session), self.parts.today()
        why = returns.why_not_returnable(order)
        others = [
            other
            for other in OrderService(session).recent(asker=asker)
            if returns.returnable_lines(other)
        ]
        if others:
            reply.say(
                f"I can't start a return for {order.number}: {why}. Is it one of these?",
                buttons=[
                    *(
                        Button(
                            order_line(other, today=today),
                            "inform",
                            {"order_number": other.number},
                        )
                        for other in others
                    ),
                    NEVER_MIND,
                ],
            )
            reply.set(order_number=None)
            self.request(reply, "order_number")
            return
        told = {"order_number": order.number}
        cancellable = order.status in {OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.PACKED}
        reply.say(
            f"I can't start a return for {order.number}: {why}.",
            buttons=[
                *([Button("Cancel it", "order_cancel", told)] if cancellable else []),
                Button("My other orders", "order_history"),
                PERSON,
            ],
        )
        reply.set(order_number=None)
        self.stop(reply)

    def _reason(self, turn: Turn) -> str | None:
        chosen = turn.entity("return_reason")
        if chosen in REASONS:
            return REASONS[chosen]
        # Anything said counts as a reason, unless it is plainly something else.
        if turn.typed and not (self.is_something_else(turn) and not _reason_said(turn.typed)):
            return _reason_said(turn.typed) or turn.typed[:300]
        return None

    def _item(self, session: Session, turn: Turn) -> str | None:
        if chosen := turn.entity("return_item"):
            return chosen if re.fullmatch(r"\d{1,3}:\d{1,3}", chosen) else None
        asker = Verification(session).customer_of(turn.conversation_id)
        number = turn.slot("order_number")
        if asker is None or number is None or not turn.typed:
            return None
        order = OrderService(session).by_number(number, asker=asker)
        return _named_line(turn.typed, order, ReturnService(session).returnable_lines(order))


class StartReturnAction(CustomerAction):
    """The form is complete: start the return, or pass a large refund to a person."""

    name: ClassVar[str] = "action_return_start"
    goal: ClassVar[str] = "return_start"
    writes: ClassVar[bool] = True

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        number = turn.slot("order_number") or ""
        order = OrderService(session).by_number(number, asker=asker)
        position, quantity = _parse_item(turn.slot("return_item"))
        resolution = ReturnResolution(turn.slot("return_resolution") or "refund")
        line = next((line for line in order.lines if line.position == position), None)
        reply.set(return_item=None, return_reason=None, return_resolution=None)
        refund = line.unit_price_minor * quantity if line else 0
        if resolution is ReturnResolution.REFUND and refund > self.parts.refund_limit_minor:
            reply.hand_over(
                turn,
                "refund_over_limit",
                f"This refund would be {money(refund, order.currency)}. Amounts like that are "
                "confirmed by a colleague; I'm passing you on now.",
                order_number=order.number,
                reason_given=turn.slot("return_reason"),
            )
            return
        item = ReturnService(session).start(
            order.number,
            asker=asker,
            line_position=position,
            quantity=quantity,
            reason=turn.slot("return_reason") or "not given",
            resolution=resolution,
            idempotency_key=turn.key("return_start"),
        )
        back = (
            f"Once it is back with us, {money(item.refund_minor, order.currency)} goes to the way "
            "you paid, within 5 working days."
            if resolution is ReturnResolution.REFUND
            else "Once it is back with us, we send the exchange."
        )
        reply.say(
            f"Your return {item.number} is set up. The label comes by e-mail; pack the item "
            f"well and drop the parcel off. {back}",
            cards=[
                Card(
                    kind="return",
                    title=f"Return {item.number}",
                    subtitle=f"{quantity} × {item.line.name}",
                    facts=(("Order", order.number), ("Reason", item.reason)),
                    status=("Requested", "neutral"),
                )
            ],
            buttons=[
                Button("How returns work", "return_policy"),
                Button("Refund status", "refund_status", {"order_number": order.number}),
            ],
        )


class RefundStatusAction(CustomerAction):
    name: ClassVar[str] = "action_refund_status"
    goal: ClassVar[str] = "refund_status"

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        returns = ReturnService(session)
        number = find_order_number(turn)
        if number:
            try:
                states = returns.refund_status(asker=asker, order_number=number)
            except OrderNotFound:
                reply.opening = f"I can't find {number} among your orders."
                states = returns.refund_status(asker=asker)
        else:
            states = returns.refund_status(asker=asker)
        if not states:
            about = f" for {number}" if number else ""
            reply.say(
                f"I don't see a refund{about} under way. If you sent something back, it may not "
                "have reached us yet.",
                buttons=[Button("Start a return", "return_start"), PERSON],
            )
            return
        today = self.parts.today()
        for state in states[:3]:
            reply.say(
                _refund_sentence(state, today=today), cards=[_refund_card(state, today=today)]
            )
        if any(s.status in {RefundStatus.FAILED, RefundStatus.REJECTED} for s in states[:3]):
            reply.say("A colleague can look into that with you.", buttons=[PERSON])


_LABELS: dict[RefundStatus, tuple[str, Tone]] = {
    RefundStatus.AWAITING_GOODS: ("Waiting for the goods", "neutral"),
    RefundStatus.BEING_PAID: ("Being paid", "good"),
    RefundStatus.PAID: ("Paid", "good"),
    RefundStatus.REJECTED: ("Rejected", "bad"),
    RefundStatus.FAILED: ("Failed", "bad"),
}


def _refund_sentence(state: RefundState, *, today: date) -> str:
    amount = money(state.amount_minor, state.currency)
    what = f"the {state.item}" if state.item else f"order {state.order_number}"
    match state.status:
        case RefundStatus.AWAITING_GOODS:
            return (
                f"{amount} for {what} is paid as soon as the return {state.return_number} has "
                "reached us and was checked."
            )
        case RefundStatus.BEING_PAID:
            by = f" by {day(state.expected_by, today=today)}" if state.expected_by else " soon"
            return f"{amount} for {what} is on its way to you and should arrive{by}."
        case RefundStatus.PAID:
            on = f" on {day(state.paid_at, today=today)}" if state.paid_at else ""
            return f"{amount} for {what} was paid back{on}. Banks can take a day or two to show it."
        case RefundStatus.REJECTED:
            return f"The return {state.return_number} of {what} was not accepted."
        case _:
            return f"I'm sorry: the refund of {amount} for {what} failed at the bank."


def _refund_card(state: RefundState, *, today: date) -> Card:
    return Card(
        kind="return",
        title=f"Return {state.return_number}" if state.return_number else "Refund",
        subtitle=state.item,
        facts=(
            ("Order", state.order_number),
            ("Amount", money(state.amount_minor, state.currency)),
            ("Since", day(state.requested_at, today=today)),
        ),
        status=_LABELS[state.status],
    )


def _item_buttons(order: Order, lines: list[OrderLine]) -> list[Button]:
    buttons = []
    for line in lines:
        left = returnable_quantity(order, line)
        one = f"1 × {line.name}" if left > 1 else line.name
        buttons.append(Button(one, "inform", {"return_item": f"{line.position}:1"}))
        if left > 1:
            every = f"All {left} × {line.name}"
            buttons.append(Button(every, "inform", {"return_item": f"{line.position}:{left}"}))
    return buttons


def _named_line(text: str, order: Order, lines: list[OrderLine]) -> str | None:
    """The line that a sentence names: by its place in the list, or by words of its name."""
    said = text.lower()
    if not lines:
        return None
    chosen: OrderLine | None = None
    for word, place in _WORDS.items():
        if place and re.search(rf"\b{word}\b", said) and place <= len(lines):
            chosen = lines[place - 1] if place > 0 else lines[-1]
            break
    if chosen is None and said.isdigit() and 1 <= int(said) <= len(lines):
        chosen = lines[int(said) - 1]
    if chosen is None:
        scored = [(_words_shared(said, line.name.lower()), line) for line in lines]
        best = max(score for score, _ in scored)
        best_lines = [line for score, line in scored if score == best]
        chosen = best_lines[0] if best and len(best_lines) == 1 else None
    if chosen is None:
        return None
    every = re.search(r"\b(all|both|everything)\b", said) is not None
    return f"{chosen.position}:{returnable_quantity(order, chosen) if every else 1}"


def _words_shared(said: str, name: str) -> int:
    """How many words of a name are in a sentence, typing errors and endings forgiven."""
    spoken = re.findall(r"\w{3,}", said)
    return sum(
        any(fuzz.ratio(word, other) >= _SAME_WORD for other in spoken)
        for word in set(re.findall(r"\w{3,}", name))
    )


def _reason_said(text: str) -> str | None:
    said = text.lower()
    for pattern, code in (
        (r"too (small|tight|short)|doesn'?t fit", "too_small"),
        (r"too (big|large|long|wide|loose)", "too_large"),
        (r"broke|damag|fault|defect|torn|ripp|crack|doesn'?t work|not work", "damaged"),
        (r"wrong (item|colou?r|product|one|article)|not what i ordered", "wrong_item"),
        (r"changed my mind|don'?t (want|need|like)|no longer (want|need)", "changed_mind"),
        (r"not as (described|pictured|expected)|looks different", "not_as_described"),
    ):
        if re.search(pattern, said):
            return REASONS[code]
    return None


def _resolution(turn: Turn) -> str | None:
    chosen = turn.entity("return_resolution")
    if chosen in _RESOLUTIONS:
        return chosen
    said = turn.typed.lower()
    if re.search(r"\b(exchange|swap|replace\w*|another|different|new one)\b", said):
        return "exchange"
    if re.search(r"\b(refund|money|back|reimburse\w*|cash)\b", said):
        return "refund"
    return None


def _parse_item(value: str | None) -> tuple[int, int]:
    position, _, quantity = (value or "").partition(":")
    return int(position or 0), int(quantity or 1)


def _asks_inform(reply: Reply) -> bool:
    return any(
        button["payload"].startswith("/inform")
        for message in reply.messages
        for button in message["buttons"]
    )
