"""Payments: what failed, what was charged twice, and the invoice."""

from typing import Any, ClassVar

from sqlalchemy.orm import Session

from actions.base import KefuAction
from actions.context import Turn
from actions.faq import answer_from_articles
from actions.orders import OrderAction
from actions.reply import PERSON, Button, Card, Reply
from actions.tickets import ask_any_time, open_about, ticket_card
from actions.verification import find_order_number
from actions.wording import day, money, plural
from crm_store.asking import AsCustomer
from crm_store.customers.verification import Verification
from crm_store.models import Order, OrderStatus, PaymentKind, PaymentStatus, TicketPriority
from crm_store.orders.service import OrderService


class PaymentFailedAction(KefuAction):
    """Why payments fail; for a known customer, what happened to theirs."""

    name: ClassVar[str] = "action_payment_failed"

    async def prepare(self, turn: Turn) -> Any:
        return await self.parts.embedder.vector(turn.typed or "Why was my payment declined?")

    def reply(self, session: Session, turn: Turn, reply: Reply, prepared: Any) -> None:
        asker = Verification(session).customer_of(turn.conversation_id)
        number = find_order_number(turn)
        if asker is None:
            if number:
                reply.set(goal="payment_failed", verified=False)
                reply.followup = "verify_form"
                return
            answer_from_articles(
                session, turn, reply, prepared, extra=(Button("Check my order", "order_status"),)
            )
            return
        reply.set(verified=True)
        orders = OrderService(session)
        seen = [orders.by_number(number, asker=asker)] if number else orders.recent(asker=asker)
        unpaid = [order for order in seen if order.status is OrderStatus.PENDING]
        if unpaid:
            self._unpaid(unpaid[0], reply)
        elif number:
            reply.say(f"The payment for {seen[0].number} has reached us, all is well.")
        else:
            answer_from_articles(session, turn, reply, prepared, extra=(PERSON,))

    def _unpaid(self, order: Order, reply: Reply) -> None:
        failed = [
            payment
            for payment in order.payments
            if payment.kind is PaymentKind.CHARGE and payment.status is PaymentStatus.FAILED
        ]
        told = {"order_number": order.number}
        if failed:
            why = failed[-1].failure_reason
            because = f" The reason given: {why.rstrip('.').lower()}." if why else ""
            text = (
                f"The payment for {order.number} did not go through.{because} Nothing was charged. "
                "You can pay again from the link in your confirmation e-mail."
            )
        else:
            text = (
                f"The payment for {order.number} has not reached us yet. Bank transfers take a day "
                "or two."
            )
        reply.say(text, buttons=[Button("Ways to pay", "payment_methods"), *_cancel(told), PERSON])


class DoubleChargeAction(OrderAction):
    name: ClassVar[str] = "action_payment_double_charge"
    goal: ClassVar[str] = "payment_double_charge"
    writes: ClassVar[bool] = True
    question: ClassVar[str] = "Which order was charged twice?"

    def fits(self, order: Order) -> bool:
        charges = [p for p in order.payments if p.kind is PaymentKind.CHARGE]
        return len([p for p in charges if p.status is PaymentStatus.COMPLETED]) > 1

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        today = self.parts.today()
        double = OrderService(session).duplicate_charges(order.number, asker=asker)
        if not double:
            charges = [
                p
                for p in order.payments
                if p.kind is PaymentKind.CHARGE and p.status is PaymentStatus.COMPLETED
            ]
            reply.say(
                f"For {order.number} I see {plural(len(charges), 'charge')} of "
                f"{money(order.total_minor, order.currency)}. A second entry at your bank is often "
                "a reservation that goes away by itself within a few days. If it stays, a "
                "colleague looks into it.",
                buttons=[PERSON],
            )
            return
        found = double[0]
        amount = money(found.charge.amount_minor, found.charge.currency)
        if found.refund is not None:
            paid = found.refund.completed_at
            when = f"was paid back on {day(paid, today=today)}" if paid else "is being paid back"
            reply.say(
                f"You are right, {order.number} was charged twice, and I'm sorry. The second "
                f"{amount} {when}."
            )
            return
        ticket, is_new = open_about(
            session,
            turn,
            asker,
            order,
            subject="Charged twice",
            topic=self.goal,
            action=self.name,
            priority=TicketPriority.HIGH,
        )
        asked = "I have asked our payments team" if is_new else "Our payments team is asked already"
        reply.say(
            f"You are right, {order.number} was charged twice, and I'm sorry. {asked} to send "
            f"the second {amount} back ({ticket.number}). {ask_any_time(ticket)}",
            cards=[ticket_card(ticket)],
            buttons=[PERSON],
        )


class InvoiceAction(OrderAction):
    name: ClassVar[str] = "action_invoice"
    goal: ClassVar[str] = "invoice_request"
    question: ClassVar[str] = "For which order do you need the invoice?"

    def fits(self, order: Order) -> bool:
        return True

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        invoice = OrderService(session).invoice(order.number, asker=asker)
        today = self.parts.today()
        facts = [
            (f"{line.quantity} × {line.name}", money(line.total_minor, invoice.currency))
            for line in invoice.lines[:6]
        ]
        facts += [
            ("Delivery", money(invoice.shipping_minor, invoice.currency)),
            ("Total", money(invoice.total_minor, invoice.currency)),
            ("VAT included", money(invoice.vat_minor, invoice.currency)),
        ]
        reply.say(
            f"Here is the invoice {invoice.number} for {order.number}.",
            cards=[
                Card(
                    kind="invoice",
                    title=f"Invoice {invoice.number}",
                    subtitle=f"Issued {day(invoice.issued_on, today=today)}",
                    facts=tuple(facts),
                )
            ],
        )


def _cancel(told: dict[str, str]) -> list[Button]:
    return [Button("Cancel the order", "order_cancel", told)]
