"""Returns and exchanges, and where the refund is."""

import re
from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import CustomerAction
from actions.context import FormMoment, Turn
from actions.forms import NEVER_MIND, FormAction
from actions.order_cards import order_line
from actions.orders import choose_order
from actions.references import chosen_number, order_described
from actions.reply import PERSON, Button, Card, Reply
from actions.return_answers import (
    REASONS,
    RESOLUTIONS,
    item_buttons,
    item_said,
    named_line,
    parse_item,
    reason_said,
    resolution_said,
)
from actions.tickets import LABEL
from actions.verification import find_order_number
from actions.wording import money
from crm_store.asking import AsCustomer
from crm_store.customers.verification import Verification
from crm_store.models import Order, OrderLine, OrderStatus, ReturnResolution, TicketPriority
from crm_store.orders.errors import OrderNotFound
from crm_store.orders.service import OrderService
from crm_store.returns.service import ReturnService, returnable_quantity
from crm_store.tickets.service import TicketService

_SHORT_ANSWER = 4
"""Spaces from which on a sentence with "money" in it says more than which way it goes back."""


class ValidateReturnForm(FormAction):
    """Asks for order, item, reason, and money or exchange; each with buttons."""

    name: ClassVar[str] = "validate_return_form"
    form: ClassVar[str] = "return_form"
    fields: ClassVar[tuple[str, ...]] = ("return_item", "return_reason", "return_resolution")
    goals: ClassVar[frozenset[str]] = frozenset({"return_start", "return_exchange"})

    def start(self, session: Session, turn: Turn, reply: Reply) -> None:
        exchange = self.goal(turn, reply) == "return_exchange"
        told = REASONS.get(turn.entity("return_reason") or "") or reason_said(turn.typed)
        reply.set(
            return_item=self._chosen_item(turn),
            # Who has just told what is wrong with it need not say it again.
            return_reason=told or _reason_before(turn),
            return_resolution="exchange" if exchange else resolution_said(turn),
        )

    def read(self, session: Session, turn: Turn, reply: Reply) -> None:
        requested = self.requested(turn)
        if requested == "return_reason" and (reason := self._reason(turn)):
            reply.set(return_reason=reason)
        elif requested == "return_resolution" and (resolution := resolution_said(turn)):
            reply.set(return_resolution=resolution)
        elif requested == "return_item" and (item := self._item(session, turn)):
            reply.set(return_item=item)
        elif number := find_order_number(turn) or chosen_number(turn):
            reply.set(order_number=number, return_item=None)
        elif self._describes_order(session, turn, reply) or self._changes_resolution(turn, reply):
            pass
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
                buttons=[*item_buttons(order, lines), NEVER_MIND],
            )
            self.request(reply, "return_item")
        else:
            reply.set(return_item=item)
            self._ask_details(turn, reply)

    def _describes_order(self, session: Session, turn: Turn, reply: Reply) -> bool:
        if turn.active_form and self.requested(turn) not in {None, "order_number"}:
            return False
        asker = Verification(session).customer_of(turn.conversation_id)
        recent = OrderService(session).recent(asker=asker) if asker else []
        order = order_described(turn, recent)
        if order is not None:
            reply.set(order_number=order.number, return_item=None)
        return order is not None

    def _changes_resolution(self, turn: Turn, reply: Reply) -> bool:
        """Money or an exchange, told before it is asked for or told otherwise than before."""
        resolution = resolution_said(turn)
        if turn.intent in self.goals:
            resolution = "exchange" if turn.intent == "return_exchange" else resolution or "refund"
        elif turn.typed.count(" ") >= _SHORT_ANSWER:
            return False
        if resolution is None:
            return False
        reply.set(return_resolution=resolution)
        if reason := reason_said(turn.typed):
            reply.set(return_reason=reason)
        return True

    def _item_named_at_once(self, turn: Turn, order: Order, lines: list[OrderLine]) -> str | None:
        """The item in "I want to return the sandals", where the order has one such."""
        if turn.form_moment is not FormMoment.STARTED:
            return None
        return item_said(turn, order, lines)

    def _chosen_item(self, turn: Turn) -> str | None:
        chosen = turn.entity("return_item")
        return chosen if chosen and re.fullmatch(r"\d{1,3}:\d{1,3}", chosen) else None

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
                    for code, title in RESOLUTIONS.items()
                ],
            )
            self.request(reply, "return_resolution")
        else:
            self.complete(reply)

    def _order(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> Order | None:
        if turn.form_moment is FormMoment.STARTED and not find_order_number(turn):
            # "Return my last order" may come after talk about another one.
            self._describes_order(session, turn, reply)
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
            none_fits="There is nothing in your recent orders that can be returned: the 30 days "
            "are over, it has not arrived yet, or a return of it is under way. Did something "
            "break? Then the warranty may cover it.",
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
        if turn.typed and not (self.is_something_else(turn) and not reason_said(turn.typed)):
            return reason_said(turn.typed) or turn.typed[:300]
        return None

    def _item(self, session: Session, turn: Turn) -> str | None:
        if turn.entity("return_item"):
            return self._chosen_item(turn)
        asker = Verification(session).customer_of(turn.conversation_id)
        number = turn.slot("order_number")
        if asker is None or number is None or not turn.typed:
            return None
        order = OrderService(session).by_number(number, asker=asker)
        return named_line(turn.typed, order, ReturnService(session).returnable_lines(order))


class StartReturnAction(CustomerAction):
    """The form is complete: start the return, or pass a large refund to a person."""

    name: ClassVar[str] = "action_return_start"
    goal: ClassVar[str] = "return_start"
    writes: ClassVar[bool] = True

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        number = turn.slot("order_number") or ""
        order = OrderService(session).by_number(number, asker=asker)
        position, quantity = parse_item(turn.slot("return_item"))
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
        ticket = TicketService(session).open(
            subject=f"Send the return label: {item.number}",
            body=f"Return {item.number} of {order.number} was set up in the chat. The customer "
            "waits for the label.",
            topic=LABEL,
            customer_id=asker.customer_id,
            conversation_id=turn.conversation_id,
            order_id=order.id,
            priority=TicketPriority.NORMAL,
            idempotency_key=turn.key(f"{self.name}:label"),
        )
        back = (
            f"Once it is back with us, {money(item.refund_minor, order.currency)} goes to the way "
            "you paid, within 5 working days."
            if resolution is ReturnResolution.REFUND
            else "Once it is back with us, we send the exchange."
        )
        reply.say(
            f"Your return {item.number} is set up, and I have asked our team to get you the label "
            f"({ticket.number}). {back}",
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
                Button("Return something else", "return_start", {"order_number": order.number}),
                Button("Refund status", "refund_status", {"order_number": order.number}),
            ],
        )


def _reason_before(turn: Turn) -> str | None:
    """The reason that the message just before this one told, when it reported bad goods."""
    latest = turn.tried[-1] if turn.tried else ""
    code = {"action_delivery_damaged": "damaged", "action_delivery_wrong_item": "wrong_item"}
    return REASONS.get(code.get(latest, ""))


def _asks_inform(reply: Reply) -> bool:
    return any(
        button["payload"].startswith("/inform")
        for message in reply.messages
        for button in message["buttons"]
    )
