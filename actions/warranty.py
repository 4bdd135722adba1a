"""Claims on the warranty of something bought here."""

from datetime import date
from typing import ClassVar

from sqlalchemy.orm import Session

from actions.context import Turn
from actions.orders import OrderAction
from actions.reply import PERSON, Button, Reply
from actions.tickets import ask_any_time, open_about, ticket_card
from actions.wording import day
from crm_store.asking import AsCustomer
from crm_store.models import Order, OrderLine, OrderStatus, TicketPriority
from crm_store.returns.service import ReturnService


class WarrantyClaimAction(OrderAction):
    """Looks at what is still covered and passes the claim on; a fresh order is simply returned."""

    name: ClassVar[str] = "action_warranty_claim"
    goal: ClassVar[str] = "warranty_claim"
    writes: ClassVar[bool] = True
    question: ClassVar[str] = "Which order is the item from?"

    def fits(self, order: Order) -> bool:
        return order.status is OrderStatus.DELIVERED

    def about(
        self, session: Session, turn: Turn, asker: AsCustomer, order: Order, reply: Reply
    ) -> None:
        today = self.parts.today()
        if order.status is not OrderStatus.DELIVERED:
            reply.say(
                f"{order.number} has not been delivered, so there is nothing to claim yet.",
                buttons=[Button("Order status", "order_status", {"order_number": order.number})],
            )
            return
        covered = [line for line in order.lines if covered_until(order, line) >= today]
        if not covered:
            latest = max(covered_until(order, line) for line in order.lines)
            reply.say(
                f"The warranty for {order.number} ended {day(latest, today=today)}. A colleague "
                "can tell you what a repair would cost.",
                buttons=[PERSON],
            )
            return
        ticket, is_new = open_about(
            session,
            turn,
            asker,
            order,
            subject="Warranty claim",
            topic=self.goal,
            action=self.name,
            priority=TicketPriority.NORMAL,
        )
        buttons = [PERSON]
        if ReturnService(session).why_not_returnable(order) is None:
            # Quicker for the customer than a claim, while the return period runs.
            buttons.insert(
                0, Button("Return it instead", "return_start", {"order_number": order.number})
            )
        reply.say(
            f"{'I have opened a' if is_new else 'There is a'} warranty claim for {order.number} "
            f"({ticket.number}), and a colleague decides on it. Please keep the item as it is; a "
            f"photo of the fault helps. {ask_any_time(ticket)}",
            cards=[
                ticket_card(
                    ticket,
                    facts=tuple(
                        (line.name, f"covered until {day(covered_until(order, line), today=today)}")
                        for line in covered[:4]
                    ),
                )
            ],
            buttons=buttons,
        )


def covered_until(order: Order, line: OrderLine) -> date:
    """The last day of a line's warranty, counted from delivery."""
    delivered = [parcel.delivered_at for parcel in order.shipments if parcel.delivered_at]
    start = max(delivered, default=order.placed_at).date()
    months = start.month - 1 + line.product.warranty_months
    year, month = start.year + months // 12, months % 12 + 1
    for last in (start.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, 28)
