"""Orders: where they are, what they were, changing and cancelling them."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import CustomerAction
from actions.context import Turn
from actions.order_cards import order_card, order_line, order_sentence
from actions.references import chosen_number, order_described, remember_orders
from actions.reply import PERSON, Button, Reply
from actions.verification import find_order_number
from actions.wording import day, money, plural
from crm_store.asking import AsCustomer
from crm_store.models import Order, OrderStatus
from crm_store.orders.errors import OrderNotFound
from crm_store.orders.numbers import normalise_order_number
from crm_store.orders.payments import balance_minor
from crm_store.orders.service import CHANGEABLE, OrderService

OPEN = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.SHIPPED)


def choose_order(
    session: Session,
    turn: Turn,
    asker: AsCustomer,
    reply: Reply,
    *,
    intent: str,
    fits: Callable[[Order], bool],
    question: str,
    today: date,
    action: str = "",
    none_fits: str = "",
) -> Order | None:
    """The order that the customer means; None after asking which.

    An order said now, by its number, place or content, wins over one said before; without any, the
    only order that fits is meant, else the newest are offered as buttons that say ``intent`` again
    with the number. ``action`` goes on when one of them is chosen in words; ``none_fits`` is said
    instead of asking where no order could be meant.
    """
    orders = OrderService(session)
    number = find_order_number(turn) or chosen_number(turn)
    # Reading an order with all that hangs on it is most of the work here.
    recent = [] if number else orders.recent(asker=asker)
    if not number and (described := order_described(turn, recent)):
        number = described.number
    number = number or normalise_order_number(turn.slot("order_number") or "")
    if number:
        try:
            order = orders.by_number(number, asker=asker)
        except OrderNotFound:
            reply.opening = f"I can't find {number} among your orders."
            reply.set(order_number=None)
        else:
            reply.set(order_number=order.number)
            return order
        recent = recent or orders.recent(asker=asker)
    if not recent:
        reply.say("I don't see any orders in your name yet.", buttons=[PERSON])
        return None
    fitting = [order for order in recent if fits(order)]
    if len(fitting) == 1 and not number:
        reply.set(order_number=fitting[0].number)
        return fitting[0]
    if none_fits and not fitting and not number:
        reply.say(
            none_fits,
            buttons=[
                *([Button("Return something", "return_start")] if intent != "inform" else []),
                Button("My orders", "order_history"),
                PERSON,
            ],
        )
        return None
    offered = fitting or recent
    remember_orders(reply, offered, action=action, turn=turn)
    reply.say(
        question,
        buttons=[
            Button(order_line(order, today=today), intent, {"order_number": order.number})
            for order in offered
        ],
    )
    return None


class OrderAction(CustomerAction):
    """An action about one order of a verified customer."""

    question: ClassVar[str] = "Which order do you mean?"
    none_fits: ClassVar[str] = ""
    """Said where no order could be meant; empty where all are offered then."""

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        order = choose_order(
            session,
            turn,
            asker,
            reply,
            intent=self.goal,
            fits=self.fits,
            question=self.question,
            today=self.parts.today(),
            action=self.name,
            none_fits=self.none_fits,
        )
        if order is not None:
            self.about(session, turn, asker, order, reply)

    def fits(self, order: Order) -> bool:
        """Whether the question could be about this order."""
        return order.status in OPEN

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        """Answer for this order."""
        raise NotImplementedError


class OrderStatusAction(OrderAction):
    name: ClassVar[str] = "action_order_status"
    goal: ClassVar[str] = "order_status"

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        today = self.parts.today()
        estimate = OrderService(session).delivery_estimate(order)
        reply.say(
            order_sentence(order, estimate, today=today),
            cards=[order_card(order, estimate, today=today)],
            buttons=next_steps(order),
        )


class OrderHistoryAction(CustomerAction):
    name: ClassVar[str] = "action_order_history"
    goal: ClassVar[str] = "order_history"

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        orders = OrderService(session)
        recent, today = orders.recent(asker=asker), self.parts.today()
        if not recent:
            reply.say("I don't see any orders in your name yet.")
            return
        remember_orders(reply, recent, action=OrderStatusAction.name, turn=turn)
        what = "Here is your order" if len(recent) == 1 else f"Your latest {len(recent)} orders"
        reply.say(
            f"{what}. Choose one for its details.",
            cards=[order_card(o, orders.delivery_estimate(o), today=today) for o in recent],
            buttons=[Button(o.number, "order_status", {"order_number": o.number}) for o in recent],
        )


class OrderChangeAction(OrderAction):
    name: ClassVar[str] = "action_order_change"
    goal: ClassVar[str] = "order_change"
    question: ClassVar[str] = "Which order would you like to change?"
    none_fits: ClassVar[str] = (
        "None of your recent orders can be changed any more: all have been sent or cancelled."
    )

    def fits(self, order: Order) -> bool:
        return order.status in CHANGEABLE

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        told = {"order_number": order.number}
        if order.status not in CHANGEABLE:
            reply.say(
                f"{order.number} {too_late(order, today=self.parts.today())}, so I can't change it "
                "any more.",
                buttons=next_steps(order),
            )
            return
        reply.say(
            f"{order.number} has not left yet. I can change where it goes or cancel it; swapping "
            "items is something a colleague can do.",
            buttons=[
                Button("Change the address", "delivery_address_change", told),
                Button("Cancel it", "order_cancel", told),
                Button("Swap items", "human_handoff"),
            ],
        )


class OrderCancelAction(OrderAction):
    """Asks first: there is no way back. The yes arrives in ``action_affirm``."""

    name: ClassVar[str] = "action_order_cancel"
    goal: ClassVar[str] = "order_cancel"
    question: ClassVar[str] = "Which order should I cancel?"
    none_fits: ClassVar[str] = (
        "None of your recent orders can be cancelled any more: all have been sent or cancelled "
        "already. What arrives can be sent back within 30 days."
    )

    def fits(self, order: Order) -> bool:
        return order.status in CHANGEABLE

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        told = {"order_number": order.number}
        if order.status is OrderStatus.CANCELLED:
            reply.say(
                f"{order.number} is cancelled already.",
                buttons=[Button("Where is my refund?", "refund_status", told)],
            )
        elif order.status not in CHANGEABLE:
            reply.say(
                f"I can't cancel {order.number} any more: it "
                f"{too_late(order, today=self.parts.today())}. You can send it back within "
                "30 days of delivery, though.",
                buttons=[
                    Button("Return it", "return_start", told)
                    if order.status is OrderStatus.DELIVERED
                    else Button("Where is it?", "order_status", told),
                    PERSON,
                ],
            )
        elif over_refund_limit(order, self.parts.refund_limit_minor):
            reply.hand_over(
                turn,
                "refund_over_limit",
                f"Cancelling {order.number} means a refund of "
                f"{money(order.total_minor, order.currency)}. Amounts like that are confirmed by a "
                "colleague; I'm passing you on now.",
                order_number=order.number,
            )
        else:
            back = "" if order.status is OrderStatus.PENDING else "You get your money back. "
            reply.ask_yes_or_no(
                f"Shall I cancel {order.number} ({plural(pieces(order), 'item')}, "
                f"{money(order.total_minor, order.currency)})? {back}It can't be undone.",
                yes="Yes, cancel it",
                no="No, keep it",
                then={"do": "cancel_order", "order_number": order.number},
                turn=turn,
            )
            reply.ends_form = True


def cancel_order(
    session: Session, turn: Turn, asker: AsCustomer, number: str, reply: Reply
) -> None:
    """Cancel, as agreed to; the rules are checked again by the service."""
    order = OrderService(session).cancel(
        number, asker=asker, reason="asked in chat", idempotency_key=turn.key("order_cancel")
    )
    told = {"order_number": order.number}
    refund = sum(
        payment.amount_minor
        for payment in order.payments
        if payment.kind.value == "refund" and payment.status.value != "failed"
    )
    text = f"Done: {order.number} is cancelled."
    if refund:
        text += (
            f" {money(refund, order.currency)} goes back the way you paid, in about 5 working days."
        )
    reply.say(text, buttons=[Button("Refund status", "refund_status", told)] if refund else None)


def next_steps(order: Order) -> list[Button]:
    """What people usually want next with an order in this state."""
    told = {"order_number": order.number}
    if order.status in CHANGEABLE:
        return [
            Button("Change the address", "delivery_address_change", told),
            Button("Cancel it", "order_cancel", told),
        ]
    if order.status is OrderStatus.SHIPPED:
        return [Button("It's taking too long", "delivery_delayed", told), PERSON]
    if order.status is OrderStatus.DELIVERED:
        return [
            Button("Return something", "return_start", told),
            Button("Something's wrong with it", "delivery_damaged", told),
            Button("Invoice", "invoice_request", told),
        ]
    return [Button("Where is my refund?", "refund_status", told)]


def over_refund_limit(order: Order, limit_minor: int) -> bool:
    """Whether giving the order's money back is for a person to decide."""
    return balance_minor(order) > limit_minor


def pieces(order: Order) -> int:
    """How many things are in an order."""
    return sum(line.quantity for line in order.lines)


def too_late(order: Order, *, today: date) -> str:
    """Why an order cannot be changed, as the end of a sentence."""
    if order.status is OrderStatus.DELIVERED:
        delivered = [s.delivered_at for s in order.shipments if s.delivered_at]
        return f"was delivered {day(max(delivered), today=today)}" if delivered else "was delivered"
    if order.status is OrderStatus.CANCELLED:
        return "is cancelled"
    return "is already on its way"
