"""Invoices as facts and as a page."""

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.orders.invoices import render_invoice_html
from crm_store.orders.service import OrderService
from tests.factories import make_customer, make_order, make_product


def test_an_invoice_adds_up_and_its_page_is_escaped(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session, name="<b>Ann & Co</b>")
        products = [make_product(session, name="Lamp <script>"), make_product(session)]
        order = make_order(session, customer, products=products, quantity=2)
    with database.reading() as session:
        invoice = OrderService(session).invoice(order.number, asker=AsSystem("test"))
    assert invoice.number == "INV-" + order.number[3:]
    assert sum(line.total_minor for line in invoice.lines) == invoice.items_minor == 4 * 4900
    assert invoice.total_minor == invoice.items_minor + invoice.shipping_minor
    assert [payment.amount_minor for payment in invoice.payments] == [invoice.total_minor]

    page = render_invoice_html(invoice)
    assert "Lamp &lt;script&gt;" in page
    assert "&lt;b&gt;Ann &amp; Co&lt;/b&gt;" in page
    assert "<script" not in page
    assert "€196.00" in page
    assert invoice.number in page
