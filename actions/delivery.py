"""Deliveries: when they come, and what to do when they went wrong.

Each complaint looks at the true state of the order first: a parcel that the customer misses may be
out for delivery, and one reported late may not have left yet.
"""

from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.faq import answer_from_articles
from actions.order_cards import order_card, order_sentence
from actions.orders import OPEN, OrderAction, too_late
from actions.reply import PERSON, Button, Reply
from actions.return_answers import item_said
from actions.tickets import ask_any_time, open_about, ticket_card
from actions.verification import find_order_number
from actions.wording import day, days_between
from crm_store.asking import AsCustomer
from crm_store.customers.verification import Verification
from crm_store.models import Order, OrderStatus, Ticket, TicketPriority
from crm_store.orders.delivery import DeliveryEstimate, DeliveryStatus
from crm_store.orders.service import OrderService
from crm_store.returns.service import ReturnService

_MISSING_AFTER_DAYS = 5
_MISSED = 60
"""Days after which nobody misses a parcel any more that was delivered."""


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

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        number = turn.slot("order_number")
        if number and not find_order_number(turn) and "verify_form" not in turn.done:
            # Talked about before is not meant now: "it is taking too long" is not said of what was
            # delivered last spring.
            orders = OrderService(session).recent(asker=asker)
            if any(self.fits(o) for o in orders if o.number != number) and not any(
                self.fits(o) for o in orders if o.number == number
            ):
                turn = replace(turn, slots={**turn.slots, "order_number": None})
        super().reply_to(session, turn, asker, reply)

    def open_ticket(
        self,
        session: Session,
        turn: Turn,
        asker: AsCustomer,
        order: Order,
        *,
        subject: str,
        priority: TicketPriority = TicketPriority.HIGH,
    ) -> tuple[Ticket, bool]:
        """The open ticket about this trouble with the order, and whether it is new."""
        return open_about(
            session,
            turn,
            asker,
            order,
            subject=subject,
            topic=self.goal,
            action=self.name,
            priority=priority,
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
            ticket, is_new = self.open_ticket(
                session, turn, asker, order, subject="Delivery is late", priority=_late(estimate)
            )
            if is_new:
                reply.say(
                    f"{text} I have asked our delivery team to chase the carrier "
                    f"({ticket.number}). {ask_any_time(ticket)}",
                    cards=[card],
                    buttons=[PERSON],
                )
            else:
                new_date = _new_date(estimate, today=today)
                reply.say(
                    f"I'm sorry, I know that waiting is annoying. Our delivery team has it already "
                    f"({ticket.number}){new_date}. If you can't wait, a colleague can look for "
                    "another way with you.",
                    buttons=[PERSON, Button("My request so far", "ticket_status")],
                )
        elif estimate.late_by_days > 0:
            reply.say(
                f"{text} It has not left our warehouse, so you can still cancel it.",
                cards=[card],
                buttons=[Button("Cancel it", "order_cancel", told), PERSON],
            )
        else:
            reply.say(f"{text} So it is still on time.", cards=[card], buttons=[PERSON])


class LostAction(DeliveryProblem):
    name: ClassVar[str] = "action_delivery_lost"
    goal: ClassVar[str] = "delivery_lost"
    question: ClassVar[str] = "Which order has not reached you?"

    def fits(self, order: Order) -> bool:
        if order.status is OrderStatus.SHIPPED:
            return True
        delivered = [s.delivered_at.date() for s in order.shipments if s.delivered_at]
        last = max(delivered, default=date.min)
        return order.status is OrderStatus.DELIVERED and (self.parts.today() - last).days <= _MISSED

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        estimate, today = OrderService(session).delivery_estimate(order), self.parts.today()
        if self.not_sent_yet(order, estimate, reply):
            return
        card = order_card(order, estimate, today=today)
        told = {"order_number": order.number}
        if estimate.status is DeliveryStatus.DELIVERED and estimate.latest:
            ticket, is_new = self.open_ticket(
                session, turn, asker, order, subject="Delivered, not received"
            )
            search = "I have asked our team for a search" if is_new else "A search is under way"
            reply.say(
                f"I'm sorry. The carrier says that {order.number} was delivered "
                f"on {day(estimate.latest, today=today)}. {search} ({ticket.number}). Please "
                f"also ask your neighbours and look in the mailbox. {ask_any_time(ticket)}",
                cards=[card],
                buttons=[PERSON],
            )
        elif estimate.status is DeliveryStatus.LOST or estimate.late_by_days >= _MISSING_AFTER_DAYS:
            ticket, is_new = self.open_ticket(
                session, turn, asker, order, subject="Parcel is missing"
            )
            told_us = "I have reported it" if is_new else "It is reported"
            reply.say(
                f"I'm sorry, {order.number} should be with you by now and is not. {told_us} "
                f"missing ({ticket.number}); a colleague settles with you whether you "
                "get a replacement or your money back.",
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
        ticket, _ = self.open_ticket(session, turn, asker, order, subject=self.subject)
        card = ticket_card(ticket)
        told = {"order_number": order.number, "return_reason": self.reason}
        if item := item_said(turn, order, ReturnService(session).returnable_lines(order)):
            # Asked for once is enough: the return goes on with the thing named here.
            told["return_item"] = item
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
                Button("A replacement", "return_exchange", told),
                Button("My money back", "return_start", {**told, "return_resolution": "refund"}),
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


def _new_date(estimate: DeliveryEstimate, *, today: date) -> str:
    if estimate.earliest is None:
        return ", and the carrier has not named a new date yet"
    when = days_between(estimate.earliest, estimate.latest, today=today)
    return f", and the parcel is expected {when}"


def _late(estimate: DeliveryEstimate) -> TicketPriority:
    late = estimate.late_by_days >= _MISSING_AFTER_DAYS
    return TicketPriority.HIGH if late else TicketPriority.NORMAL
