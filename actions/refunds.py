"""Where the money of a return, a cancellation or a double charge is."""

from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import CustomerAction
from actions.context import Turn
from actions.reply import PERSON, Button, Card, Reply, Tone
from actions.tickets import newest_open, ticket_card
from actions.verification import find_order_number
from actions.wording import day, money
from crm_store.asking import AsCustomer
from crm_store.orders.errors import OrderNotFound
from crm_store.returns.refunds import RefundState, RefundStatus
from crm_store.returns.service import ReturnService


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
        charged_twice = newest_open(session, asker, topic="payment_double_charge")
        if charged_twice is not None and not number:
            order = charged_twice.subject.rpartition(" ")[2]
            reply.say(
                f"{order} was charged twice, and our payments team is asked to send the second "
                f"amount back ({charged_twice.number}).",
                cards=[ticket_card(charged_twice)],
                buttons=[PERSON],
            )
            if not states:
                return
        if not states:
            about = f" for {number}" if number else ""
            reply.say(
                f"I don't see a refund{about} under way. There is one after a return has reached "
                "us, or after an order was cancelled. Which would you like?",
                buttons=[
                    Button("Return something", "return_start"),
                    Button("Cancel an order", "order_cancel"),
                    PERSON,
                ],
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
