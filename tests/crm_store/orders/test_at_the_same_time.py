"""Two callers at the same moment: the second sees what the first has done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.models import (
    OrderStatus,
    Payment,
    PaymentKind,
    Product,
    Return,
    ReturnResolution,
    Shipment,
    ShipmentStatus,
    Ticket,
)
from crm_store.orders.errors import CannotCancel
from crm_store.orders.service import OrderService
from crm_store.returns.errors import CannotReturn
from crm_store.returns.service import ReturnService
from crm_store.tickets.service import TicketService
from foundation.clock import utc_now
from foundation.errors import KefuError
from tests.factories import make_order, make_product

SYSTEM = AsSystem("test")
CALLERS = 4


def at_once(database: Database, act: Callable[[Session, int], str]) -> list[str | KefuError]:
    """What each of some callers gets, all starting together."""
    barrier = Barrier(CALLERS)

    def call(caller: int) -> str | KefuError:
        barrier.wait(timeout=10)
        try:
            with database.transaction() as session:
                return act(session, caller)
        except KefuError as error:
            return error

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(call, range(CALLERS)))


def test_an_order_is_cancelled_once(database: Database) -> None:
    with database.transaction() as session:
        product = make_product(session, stock=0)
        number = make_order(session, products=[product]).number

    def act(session: Session, caller: int) -> str:
        service = OrderService(session)
        return service.cancel(
            number, asker=SYSTEM, reason="x", idempotency_key=f"m{caller % 2}"
        ).number

    results = at_once(database, act)
    done = [result for result in results if result == number]
    refused = [result for result in results if isinstance(result, CannotCancel)]
    # One key wins, and repeats itself; the other key is refused both times.
    assert (len(done), len(refused)) == (2, 2)
    with database.reading() as session:
        refunds = select(func.count()).where(Payment.kind == PaymentKind.REFUND)
        assert session.scalar(refunds) == 1
        assert session.get_one(Product, product.id).stock == 1


def test_a_piece_is_returned_once(database: Database) -> None:
    with database.transaction() as session:
        order = make_order(session, status=OrderStatus.DELIVERED)
        session.add(
            Shipment(
                order_id=order.id,
                carrier="Postbird",
                tracking_number="X1",
                status=ShipmentStatus.DELIVERED,
                shipped_at=utc_now(),
                delivered_at=utc_now(),
            )
        )

    def act(session: Session, caller: int) -> str:
        item = ReturnService(session).start(
            order.number,
            asker=SYSTEM,
            line_position=1,
            reason="x",
            resolution=ReturnResolution.REFUND,
            idempotency_key=f"m{caller % 2}",
        )
        return item.number

    results = at_once(database, act)
    done = {result for result in results if isinstance(result, str)}
    assert len(done) == 1
    assert sum(isinstance(result, CannotReturn) for result in results) == 2
    with database.reading() as session:
        assert session.scalar(select(func.count(Return.id))) == 1


def test_one_key_opens_one_ticket(database: Database) -> None:
    def act(session: Session, caller: int) -> str:
        ticket = TicketService(session).open(
            subject="x", body="", topic="other", idempotency_key="m1"
        )
        return ticket.number

    results = at_once(database, act)
    assert len(set(results)) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 1
