"""The demo shop's customers to log in as, each with an order worth asking about."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer
from crm_store.models import Customer, Order, OrderStatus, ReturnStatus
from crm_store.orders.delivery import DeliveryStatus
from crm_store.orders.service import OrderService
from crm_store.returns.service import ReturnService
from crm_store.seeding.people import external_id
from crm_store.seeding.scenes import SCENES

_ON_ITS_WAY_BACK = {ReturnStatus.REQUESTED, ReturnStatus.IN_TRANSIT, ReturnStatus.RECEIVED}
_SAID_OF_DELIVERY = {
    DeliveryStatus.AWAITING_PAYMENT: "Not paid yet",
    DeliveryStatus.PREPARING: "Packed, not sent yet: can still be cancelled",
    DeliveryStatus.ON_THE_WAY: "On its way",
    DeliveryStatus.OUT_FOR_DELIVERY: "Out for delivery today",
    DeliveryStatus.DELAYED: "The parcel is late",
    DeliveryStatus.LOST: "The parcel is lost",
    DeliveryStatus.DELIVERED: "Delivered",
    DeliveryStatus.CANCELLED: "Cancelled",
}


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """Somebody to be in the demo shop; ``why`` tells what there is to try."""

    customer: Customer
    order_number: str
    why: str


def demo_customers(session: Session) -> list[DemoCustomer]:
    """The scripted customers with their newest orders, always in the same order.

    ``why`` is said of the order's present state, so that it stays true after somebody has played
    with it. Empty when the store was not seeded.
    """
    wanted = [external_id(index) for index in range(len(SCENES))]
    found = {
        customer.external_id: customer
        for customer in session.scalars(select(Customer).where(Customer.external_id.in_(wanted)))
    }
    orders, returns = OrderService(session), ReturnService(session)
    shown = []
    for key in wanted:
        customer = found.get(key)
        newest = orders.recent(asker=AsCustomer(customer.id), limit=1) if customer else []
        if customer and newest:
            why = _why(newest[0], orders, returns)
            shown.append(DemoCustomer(customer, newest[0].number, why))
    return shown


def _why(order: Order, orders: OrderService, returns: ReturnService) -> str:
    asker = AsCustomer(order.customer_id)
    double = orders.duplicate_charges(order.number, asker=asker)
    if any(charge.refund is None for charge in double):
        return "Charged twice"
    if any(item.status in _ON_ITS_WAY_BACK for item in order.returns):
        return "A return and its refund are under way"
    if order.status is OrderStatus.DELIVERED and returns.why_not_returnable(order) is None:
        return "Delivered: can be returned"
    return _SAID_OF_DELIVERY[orders.delivery_estimate(order).status]
