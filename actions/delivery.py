"""Deliveries: when they come, and what to do when they went wrong.

Each complaint looks at the true state of the order first: a parcel that the customer misses may be
out for delivery, and one reported late may not have left yet.
"""

from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.faq import answer_from_articles
from actions.order_cards import order_card, order_sentence
from actions.orders import OPEN, OrderAction, too_late
from actions.reply import PERSON, Button, Card, Reply
from actions.verification import find_order_number
from actions.wording import day
from crm_store.asking import AsCustomer
from crm_store.customers.verification import Verification
from crm_store.models import Order, OrderStatus, Ticket, TicketPriority
from crm_store.orders.delivery import DeliveryEstimate, DeliveryStatus
from crm_store.orders.service import OrderService
from crm_store.returns.service import ReturnService
from crm_store.tickets.service import TicketService

_MISSING_AFTER_DAYS = 5


class DeliveryTimeAction(KefuAction):
    """How long delivery takes; for a known customer or a named order, when theirs comes."""

    name: ClassVar[str] = "action_delivery_time"

    async def prepare(self, turn: Turn) -> Any:
        return await self.parts.embedder.vector(turn.typed or "How long does delivery take?")

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        asker = Verification(session).customer_of(turn.conversation_id)
        if asker is None:
            if find_order_number(turn):
                reply.set(goal="delivery_time", verified=False)
                reply.followup = "verify_form"
                return
            answer_from_articles(
                session,
                turn,
                reply,
                prepared,
                extra=(Button("Where is my order?", "order_status"),),
            )
            return
        reply.set(verified=True)
        orders, today = OrderService(session), self.parts.today()
        number = find_order_number(turn)
        open_orders = (
            [orders.by_number(number, asker=asker)]
            if number
            else [order for order in orders.recent(asker=asker) if order.status in OPEN]
        )
        if not open_orders:
            answer_from_articles(session, turn, reply, prepared)
            return
        for order in open_orders[:3]:
            estimate = orders.delivery_estimate(order)
            reply.say(
                order_sentence(order, estimate, today=today),
                cards=[order_card(order, estimate, today=today)],
            )


class DeliveryProblem(OrderAction):
    """A delivery that went wrong: looks, says sorry where it is due, and does something."""

    writes: ClassVar[bool] = True

    def fits(self, order: Order) -> bool:
        return order.status is OrderStatus.SHIPPED

    def open_ticket(
        self,
        session: Session,
        turn: Turn,
        asker: AsCustomer,
        order: Order,
        *,
        subject: str,
        priority: TicketPriority = TicketPriority.HIGH,
    ) -> Ticket:
        """A ticket about the order, once a turn."""
        return TicketService(session).open(
            subject=f"{subject}: {order.number}",
            body=turn.typed or subject,
            topic=self.goal,
            customer_id=asker.customer_id,
            conversation_id=turn.conversation_id,
            order_id=order.id,
            priority=priority,
            idempotency_key=turn.key(self.name),
        )

    def not_sent_yet(self, order: Order, estimate: DeliveryEstimate, reply: Reply) -> bool:
        """Tell the state of an order that cannot have gone wrong on the way yet."""
        if order.status in {OrderStatus.SHIPPED, OrderStatus.DELIVERED}:
            return False
        today = self.parts.today()
        reply.say(
            order_sentence(order, estimate, today=today),
            cards=[order_card(order, estimate, today=today)],
            buttons=[PERSON],
        )
        return True


class DelayedAction(DeliveryProblem):
    name: ClassVar[str] = "action_delivery_delayed"
    goal: ClassVar[str] = "delivery_delayed"

    def fits(self, order: Order) -> bool:
        return order.status in OPEN

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        estimate, today = OrderService(session).delivery_estimate(order), self.parts.today()
        card = order_card(order, estimate, today=today)
        told = {"order_number": order.number}
        text = order_sentence(order, estimate, today=today)
        if estimate.status is DeliveryStatus.DELIVERED:
            reply.say(
                f"{text} If it is not with you, tell me and I start a search.",
                cards=[card],
                buttons=[Button("It is not here", "delivery_lost", told)],
            )
        elif estimate.late_by_days > 0 and order.status is OrderStatus.SHIPPED:
            ticket = self.open_ticket(
                session, turn, asker, order, subject="Delivery is late", priority=_late(estimate)
            )
            reply.say(
                f"{text} I have asked our delivery team to chase the carrier ({ticket.number}); "
                "you hear from us by e-mail.",
                cards=[card],
                buttons=[PERSON],
            )
        elif estimate.late_by_days > 0:
            reply.say(
                f"{text} It has not left our warehouse, so you can still cancel it.",
                cards=[card],
                buttons=[Button("Cancel it", "order_cancel", told), PERSON],
            )
        else:
            reply.say(f"I looked: {text} So it is still on time.", cards=[card], buttons=[PERSON])


class LostAction(DeliveryProblem):
    name: ClassVar[str] = "action_delivery_lost"
    goal: ClassVar[str] = "delivery_lost"
    question: ClassVar[str] = "Which order has not reached you?"

    def fits(self, order: Order) -> bool:
        return order.status in {OrderStatus.SHIPPED, OrderStatus.DELIVERED}

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        estimate, today = OrderService(session).delivery_estimate(order), self.parts.today()
        if self.not_sent_yet(order, estimate, reply):
            return
        card = order_card(order, estimate, today=today)
        told = {"order_number": order.number}
        if estimate.status is DeliveryStatus.DELIVERED and estimate.latest:
            ticket = self.open_ticket(
                session, turn, asker, order, subject="Delivered, not received"
            )
            reply.say(
                f"I'm sorry. The carrier says that {order.number} was delivered "
                f"on {day(estimate.latest, today=today)}. I have started a search "
                f"({ticket.number}). "
                "Please also ask your neighbours and look in the mailbox; a colleague will get "
                "back to you.",
                cards=[card],
                buttons=[PERSON],
            )
        elif estimate.status is DeliveryStatus.LOST or estimate.late_by_days >= _MISSING_AFTER_DAYS:
            ticket = self.open_ticket(session, turn, asker, order, subject="Parcel is missing")
            reply.say(
                f"I'm sorry, {order.number} should be with you by now and is not. I have reported "
                f"it missing ({ticket.number}). A colleague sends you a replacement or your money "
                "back, as you choose.",
                cards=[card],
                buttons=[PERSON],
            )
        else:
            reply.say(
                f"It does not look lost: {order_sentence(order, estimate, today=today)}",
                cards=[card],
                buttons=[Button("It's taking too long", "delivery_delayed", told), PERSON],
            )


class WrongGoodsAction(DeliveryProblem):
    """What arrived is broken or not what was ordered: a ticket, and a return or a replacement."""

    subject: ClassVar[str]
    sorry: ClassVar[str]
    reason: ClassVar[str]
    """Of ``return_answers.REASONS``."""
    question: ClassVar[str] = "Which order is it about?"

    def fits(self, order: Order) -> bool:
        return order.status is OrderStatus.DELIVERED

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        estimate, today = OrderService(session).delivery_estimate(order), self.parts.today()
        if order.status is not OrderStatus.DELIVERED:
            reply.say(
                f"By our records {order.number} {self._state(order)}. If something has arrived "
                "all the same, a colleague should look at it with you.",
                cards=[order_card(order, estimate, today=today)],
                buttons=[PERSON],
            )
            return
        ticket = self.open_ticket(session, turn, asker, order, subject=self.subject)
        card = Card(
            kind="ticket",
            title=ticket.number,
            subtitle=ticket.subject,
            status=("Open", "warn"),
        )
        told = {"order_number": order.number}
        why_not = ReturnService(session).why_not_returnable(order)
        if why_not is not None:
            reply.say(
                f"{self.sorry} I have noted it ({ticket.number}). I can't start a return by "
                f"myself, because {why_not}, but a colleague will look for a solution with you.",
                cards=[card],
                buttons=[PERSON],
            )
            return
        reply.say(
            f"{self.sorry} I have noted it ({ticket.number}), and sending it back costs you "
            "nothing. What would you like?",
            cards=[card],
            buttons=[
                Button("A replacement", "return_exchange", {**told, "return_reason": self.reason}),
                Button("My money back", "return_start", {**told, "return_reason": self.reason}),
                PERSON,
            ],
        )

    def _state(self, order: Order) -> str:
        if order.status in OPEN and order.status is not OrderStatus.SHIPPED:
            return "has not left our warehouse yet"
        return too_late(order, today=self.parts.today())


class DamagedAction(WrongGoodsAction):
    name: ClassVar[str] = "action_delivery_damaged"
    goal: ClassVar[str] = "delivery_damaged"
    subject: ClassVar[str] = "Arrived damaged"
    reason: ClassVar[str] = "damaged"
    sorry: ClassVar[str] = "I'm sorry that it arrived damaged."


class WrongItemAction(WrongGoodsAction):
    name: ClassVar[str] = "action_delivery_wrong_item"
    goal: ClassVar[str] = "delivery_wrong_item"
    subject: ClassVar[str] = "Wrong item arrived"
    reason: ClassVar[str] = "wrong_item"
    sorry: ClassVar[str] = "I'm sorry, that was our mistake."


def _late(estimate: DeliveryEstimate) -> TicketPriority:
    late = estimate.late_by_days >= _MISSING_AFTER_DAYS
    return TicketPriority.HIGH if late else TicketPriority.NORMAL
