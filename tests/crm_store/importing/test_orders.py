"""Products, orders and their lines, tickets, interactions, consents."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm_store.calendars.drafts import CalendarDraft
from crm_store.calendars.hours import WEEKDAYS
from crm_store.calendars.service import CalendarService
from crm_store.database import Database
from crm_store.importing.upsert import catalog
from crm_store.models import (
    Category,
    ClockState,
    Consent,
    Interaction,
    InteractionKind,
    Order,
    OrderLine,
    OrderStatus,
    Product,
    SlaClock,
    Ticket,
    TicketStatus,
)
from crm_store.sla.service import PolicyDraft, SlaPolicyService
from crm_store.sla.watch import watch_once
from foundation.clock import utc_now
from tests.crm_store.importing.conftest import ASKER, Imports, counts, reasons
from tests.factories import make_customer, make_product

ORDER_HEADER = "order number,customer id,order date,status,currency,shipping,sku,qty,unit price"
LINES = [
    "1001,C-1,2024-03-05,shipped,EUR,4.90,SKU-1,2,10.00",
    "1001,C-1,2024-03-05,shipped,EUR,4.90,SKU-2,1,5.50",
    "1002,C-1,2024-03-06,storniert,EUR,0,SKU-1,1,9.00",
]


def prepare(database: Database) -> None:
    with database.transaction() as session:
        make_customer(
            session, external_id="C-1", name="Anna Berg", street="Weg 1", city="Kiel", country="DE"
        )
        make_product(session, sku="SKU-1", name="Tent")
        make_product(session, sku="SKU-2", name="Mug")


def order(database: Database, number: str) -> Order:
    with database.reading() as session:
        return session.scalars(select(Order).where(Order.number == number)).one()


def test_products_make_their_categories(imports: Imports, database: Database) -> None:
    rows = [
        "sku,name,category,price,stock,description",
        'A-1,Tent,Tents,"1.299,00 €",3,For two',
        "A-2,Mug,Cups,9.90,,",
        "A-3,Bad,Cups,-1,1,",
        "A-4,Worse,Cups,1,-3,",
    ]
    report = imports(rows, "products")
    assert counts(report) == (2, 0, 0, 2)
    assert reasons(report) == [
        "4 price: impossible: a negative amount",
        "5 stock: impossible: 0 to 2000000000 is expected",
    ]
    with database.reading() as session:
        tent = session.scalars(select(Product).where(Product.sku == "A-1")).one()
        assert (tent.price_minor, tent.currency, tent.stock, tent.slug) == (
            129900,
            "EUR",
            3,
            "tent",
        )
        assert session.scalars(select(Category.name).order_by(Category.name)).all() == [
            "Cups",
            "Tents",
        ]
    assert counts(imports(["sku,price", "A-2,8.90", "A-9,1.00"], "products")) == (0, 1, 0, 1)


def test_a_line_a_row_makes_whole_orders(imports: Imports, database: Database) -> None:
    prepare(database)
    report = imports([ORDER_HEADER, *LINES], "orders")
    assert counts(report) == (2, 1, 0, 0)
    first = order(database, "1001")
    assert (first.items_minor, first.shipping_minor, first.total_minor) == (2550, 490, 3040)
    assert (first.ship_to, first.city, first.status) == ("Anna Berg", "Kiel", OrderStatus.SHIPPED)
    assert order(database, "1002").status is OrderStatus.CANCELLED
    with database.reading() as session:
        lines = session.execute(
            select(OrderLine.position, OrderLine.name, OrderLine.quantity)
            .join(Order, Order.id == OrderLine.order_id)
            .where(Order.number == "1001")
            .order_by(OrderLine.position)
        ).all()
        assert [tuple(line) for line in lines] == [(1, "Tent", 2), (2, "Mug", 1)]
        told = session.scalars(
            select(Interaction.summary)
            .where(Interaction.kind == InteractionKind.PURCHASE)
            .order_by(Interaction.at)
        ).all()
    assert told == ["Order 1001 placed", "Order 1002 placed"]


def test_orders_in_batches_and_again_are_the_same(imports: Imports, database: Database) -> None:
    prepare(database)
    imports([ORDER_HEADER, *LINES], "orders", batch_size=1)
    assert order(database, "1001").total_minor == 3040
    assert counts(imports([ORDER_HEADER, *LINES], "orders")) == (0, 0, 3, 0)
    delivered = LINES[0].replace("shipped", "delivered").replace(",2,", ",3,")
    assert counts(imports([ORDER_HEADER, delivered], "orders")) == (0, 1, 0, 0)
    first = order(database, "1001")
    assert (first.status, first.total_minor) == (OrderStatus.DELIVERED, 4040)


def test_what_an_order_needs_is_named(imports: Imports, database: Database) -> None:
    prepare(database)
    rows = [
        "1003,C-9,2024-03-05,paid,EUR,0,SKU-1,1,1",
        "1004,C-1,2024-03-05,paid,EUR,0,NOPE,1,1",
        "1005,C-1,,paid,EUR,0,SKU-1,1,1",
        "1006,C-1,2024-03-05,paid,EUR,0,SKU-1,0,1",
        "1007,C-1,2024-03-05,eaten,EUR,0,SKU-1,1,1",
    ]
    report = imports([ORDER_HEADER, *rows], "orders")
    assert counts(report) == (0, 0, 0, 5)
    assert reasons(report)[:4] == [
        "2 customer id: no customer has this id",
        "3 sku: there is no such product",
        "4 order date: needed for a new order",
        "5 qty: impossible: 1 to 1000000 is expected",
    ]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 0


def test_a_stated_total_holds(imports: Imports, database: Database) -> None:
    prepare(database)
    rows = ["order number,customer id,order date,total,shipping"]
    rows += ["2001,C-1,2024-03-05,100.00,4.90", "2002,C-1,2024-03-05,50.00,"]
    assert counts(imports(rows, "orders")) == (2, 0, 0, 0)
    assert order(database, "2001").items_minor == 9510
    assert order(database, "2002").total_minor == 5000
    assert counts(imports(rows, "orders")) == (0, 0, 2, 0)


def test_lines_alone_go_to_their_orders(imports: Imports, database: Database) -> None:
    prepare(database)
    imports([ORDER_HEADER, LINES[2]], "orders")
    rows = ["order number,sku,quantity,unit price", "1002,SKU-2,3,1.00", "9999,SKU-2,1,1.00"]
    report = imports(rows, "order_lines")
    assert counts(report) == (1, 0, 0, 1)
    assert reasons(report) == ["3 order number: there is no such order"]
    assert order(database, "1002").total_minor == 1200
    assert counts(imports(rows[:2], "order_lines")) == (0, 0, 1, 0)


def test_tickets_keep_their_number(imports: Imports, database: Database) -> None:
    prepare(database)
    rows = [
        "ticket id,customer id,subject,description,status,priority,created",
        "77,C-1,Torn tent,It is torn.,in progress,hoch,2024-03-05",
        "78,C-9,Lost,,open,,2024-03-05",
    ]
    report = imports(rows, "tickets")
    assert counts(report) == (1, 0, 0, 1)
    solved = [rows[0], rows[1].replace("in progress", "gelöst")]
    assert counts(imports(solved, "tickets")) == (0, 1, 0, 0)
    assert counts(imports(solved, "tickets")) == (0, 0, 1, 0)
    with database.reading() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.subject, ticket.status) == ("Torn tent", TicketStatus.SOLVED)


def test_imported_tickets_are_promised_from_the_import_on(
    imports: Imports, database: Database
) -> None:
    prepare(database)
    with database.transaction() as session:
        week = {day: [["00:00", "24:00"]] for day in WEEKDAYS}
        calendar = CalendarService(session).add(CalendarDraft("Always", "UTC", week), asker=ASKER)
        policy = PolicyDraft("All", 1, calendar.id, None, resolution_minutes=600)
        SlaPolicyService(session).add(policy, asker=ASKER)
    rows = [
        "ticket id,customer id,subject,description,status,priority,created",
        "77,C-1,Torn tent,It is torn.,open,hoch,2024-03-05",
        "78,C-1,Lost,,gelöst,,2024-03-05",
        "79,C-1,Wet,,pending,,2024-03-05",
    ]
    before = utc_now()
    assert counts(imports(rows, "tickets")) == (3, 0, 0, 0)
    watch_once(database, now=utc_now())
    with database.reading() as session:
        found = session.execute(
            select(Ticket.subject, SlaClock)
            .join(SlaClock, SlaClock.ticket_id == Ticket.id)
            .order_by(Ticket.subject)
        ).all()
        (torn, running), (wet, paused) = [tuple(row) for row in found]
    assert (torn, running.state) == ("Torn tent", ClockState.RUNNING)
    assert before + timedelta(hours=10) <= running.due_at <= utc_now() + timedelta(hours=10)
    assert (wet, paused.state, paused.spent_seconds) == ("Wet", ClockState.PAUSED, 0)

    solved = [rows[0], rows[1].replace("open", "gelöst"), rows[3].replace("pending", "open")]
    assert counts(imports(solved, "tickets")) == (0, 2, 0, 0)
    watch_once(database, now=utc_now())
    with database.reading() as session:
        clocks = session.execute(
            select(Ticket.subject, SlaClock.state, SlaClock.breached_at)
            .join(SlaClock, SlaClock.ticket_id == Ticket.id)
            .order_by(Ticket.subject)
        )
        assert [tuple(row) for row in clocks] == [
            ("Torn tent", ClockState.STOPPED, None),
            ("Wet", ClockState.RUNNING, None),
        ]


def test_calls_and_mails_are_on_the_timeline_once(imports: Imports, database: Database) -> None:
    prepare(database)
    rows = [
        "customer id,type,date,subject,text",
        'C-1,Anruf,2024-03-05 10:00,Asked about delivery,"Long talk\nin two lines"',
        "C-1,email,2024-03-06 11:00,Complaint,",
        "C-1,email,2024-03-06 11:00,Complaint,",
    ]
    assert counts(imports(rows, "interactions")) == (2, 0, 1, 0)
    assert counts(imports(rows, "interactions")) == (0, 0, 3, 0)
    with database.reading() as session:
        call = session.scalars(
            select(Interaction).where(Interaction.kind == InteractionKind.CALL)
        ).one()
        assert call.data == {"event": "imported", "text": "Long talk\nin two lines"}


def test_the_newest_decision_is_in_force(imports: Imports, database: Database) -> None:
    prepare(database)
    rows = [
        "customer id,purpose,granted,date",
        "C-1,newsletter,yes,2024-01-01",
        "C-1,newsletter,no,2024-02-01",
        "C-1,newsletter,yes,2023-01-01",
        "C-1,profiling,no,2024-01-01",
    ]
    assert counts(imports(rows, "consents")) == (2, 1, 1, 0)
    with database.reading() as session:
        held = session.execute(
            select(Consent.purpose, Consent.granted).where(Consent.superseded_at.is_(None))
        ).all()
    assert sorted((str(purpose), granted) for purpose, granted in held) == [
        ("marketing_email", False),
        ("profiling", False),
    ]
    assert counts(imports(rows, "consents"))[0] == 0


def test_a_row_that_the_store_refuses_costs_that_row_alone(
    imports: Imports, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(database)
    # Cleaning lets nothing through that the schema refuses: here it is made to.
    monkeypatch.setattr(catalog, "free_slug", lambda name, _taken: name.lower())
    rows = ["sku,name,price", *(f"A-{n},Thing {n},1.00" for n in range(9)), "B-1,Thing 4,1.00"]
    report = imports(rows, "products")
    assert counts(report) == (9, 0, 0, 1)
    assert reasons(report) == ["11 : the store refused it"]


def test_amounts_beyond_what_the_store_holds_are_refused(
    imports: Imports, database: Database
) -> None:
    prepare(database)
    rows = [
        ORDER_HEADER,
        "1,C-1,2024-03-05,paid,EUR,0,SKU-1,1,99999999999999999999",
        "2,C-1,2024-03-05,paid,EUR,0,SKU-1,1,25000000",
        "3,C-1,2024-03-05,paid,EUR,0,SKU-1,1000000,9999",
        "4,C-1,2024-03-05,paid,EUR,0,SKU-1,1,1e99",
    ]
    assert counts(imports(rows, "orders")) == (0, 0, 0, 4)
