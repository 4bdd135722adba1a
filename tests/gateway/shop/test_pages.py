"""The demo shop as a visitor sees it."""

import io
import re
import zipfile
from xml.etree import ElementTree as Xml

import pytest
from sqlalchemy import select

from crm_store.models import Article, Customer, Order, Product
from crm_store.seeding.demo import external_id
from crm_store.seeding.shelves import load_shelves
from crm_store.sites.service import SiteService
from gateway.shop.art.pictures import product_picture
from tests.factories.shop import make_category, make_customer, make_order, make_product
from tests.gateway.support.running import Gateway

EVIL = '<script>alert("x")</script>'


@pytest.fixture
def shop(gateway: Gateway) -> Gateway:
    """A shop with a shelf, an article, and two customers, one of them for everybody to be."""
    with gateway.database.transaction() as session:
        shelf = make_category(session, slug="tents", name="Tents & shelters")
        tent = make_product(
            session, name="Ridge tent", slug="ridge-tent", category_id=shelf.id, stock=0
        )
        make_product(session, name=EVIL, slug="evil", category_id=shelf.id)
        known = make_customer(
            session, name="Mia Vogel", email="mia@example.com", external_id=external_id(0)
        )
        make_order(session, known, products=[tent], number="KF-1000001")
        make_order(session, make_customer(session, name="Somebody Else"), number="KF-2000002")
        body = f"# Sizes\n\nBig and **small**.\n\n{EVIL}\n\n| a | b |\n|---|---|\n| 1 | 2 |"
        session.add(
            Article(slug="sizes", title="Sizes", summary="Which?", body=body, topic="sizing")
        )
    return gateway


def page(shop: Gateway, path: str, status: int = 200) -> str:
    answer = shop.client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def log_in(shop: Gateway) -> None:
    with shop.database.reading() as session:
        mia = session.scalars(select(Customer).where(Customer.name == "Mia Vogel")).one()
    answer = shop.client.post("/shop/login", data={"customer": str(mia.id)})
    assert answer.status_code == 303


def identity_on(text: str) -> str:
    found = re.search(r'data-identity="([^"]*)"', text)
    assert found
    return found.group(1)


def test_the_front_page_says_what_it_is_and_what_to_try(shop: Gateway) -> None:
    assert shop.client.get("/").headers["location"] == "/shop"
    text = page(shop, "/shop")
    assert "Demo shop." in text
    assert "KF-1000001" in text
    assert "mia@example.com" in text
    assert "Tents &amp; shelters" in text
    assert 'data-site-key="demo-shop"' in text
    assert identity_on(text) == ""


def test_everything_is_escaped(shop: Gateway) -> None:
    for path in ("/shop", "/shop/p/evil", "/shop/help/sizes", "/shop?q=" + EVIL):
        assert EVIL not in page(shop, path)


def test_categories_search_and_products(shop: Gateway) -> None:
    assert "Ridge tent" in page(shop, "/shop?category=tents")
    assert "Ridge tent" in page(shop, "/shop?q=ridge")
    assert "Nothing here is called that" in page(shop, "/shop?q=piano")
    product = page(shop, "/shop/p/ridge-tent")
    assert "€49.00" in product
    assert "Sold out" in product
    assert "This trail ends here" in page(shop, "/shop/p/nothing", status=404)
    assert shop.client.get("/shop?category=nothing").status_code == 404


def test_help_is_found_and_rendered(shop: Gateway) -> None:
    assert "Sizing" in page(shop, "/shop/help")
    assert "Sizes" in page(shop, "/shop/help?q=sizes")
    article = page(shop, "/shop/help/sizes")
    assert "<strong>small</strong>" in article
    assert "<td>1</td>" in article
    assert article.count("<h1>") == 1
    page(shop, "/shop/help/nothing", status=404)


def test_who_logs_in_is_signed_for_the_widget(shop: Gateway) -> None:
    assert "Mia Vogel" in page(shop, "/shop/login")
    log_in(shop)
    text = page(shop, "/shop")
    with shop.database.transaction() as session:
        sites = SiteService(session)
        identity = sites.redeem_identity(
            sites.by_key("demo-shop"), identity_on(text), browser_key="of this browser"
        )
    assert identity.subject == external_id(0)
    assert identity.email == "mia@example.com"
    again = shop.visitor(identity=identity_on(page(shop, "/shop")))
    assert again.started["verified"] is True
    assert shop.client.get("/shop").headers["cache-control"] == "no-store"
    orders = page(shop, "/shop/orders")
    assert "KF-1000001" in orders
    assert "KF-2000002" not in orders
    shop.client.post("/shop/logout")
    assert "KF-1000001" not in page(shop, "/shop/orders")


def test_nobody_logs_in_as_somebody_who_is_not_offered(shop: Gateway) -> None:
    with shop.database.reading() as session:
        other = session.scalars(select(Order).where(Order.number == "KF-2000002")).one()
    answer = shop.client.post("/shop/login", data={"customer": str(other.customer_id)})
    assert answer.status_code == 404
    foreign = shop.client.post(
        "/shop/login", data={"customer": "x"}, headers={"Origin": "https://elsewhere.example.com"}
    )
    assert foreign.status_code in {403, 422}
    shop.client.cookies.set("shop_customer", "forged")
    assert "Log in" in page(shop, "/shop/orders")


def test_pictures_are_small_svgs_without_scripts(shop: Gateway) -> None:
    with shop.database.reading() as session:
        product = session.scalars(select(Product).where(Product.slug == "ridge-tent")).one()
    answer = shop.client.get(f"/shop/pictures/tents/{product.slug}.svg?colour=moss-green")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "max-age" in answer.headers["cache-control"]
    assert EVIL not in shop.client.get(f"/shop/pictures/tents/{EVIL}.svg").text


def test_every_product_of_the_demo_shop_has_a_picture() -> None:
    pictures = set()
    for shelf in load_shelves():
        for product in shelf.products:
            svg = product_picture(category=shelf.slug, slug=product.slug, colour="rust")
            assert Xml.fromstring(svg).tag.endswith("svg")
            assert len(svg) < 8_000
            pictures.add(svg)
    assert len(pictures) > 30


def test_what_is_not_built_says_so(shop: Gateway) -> None:
    for path in ("/console", "/console/inbox/1", "/widget/kefu-widget.js"):
        answer = shop.client.get(path)
        assert answer.status_code in {200, 503}
        if answer.status_code == 503:
            assert "make run" in answer.text
    assert shop.client.get("/console/assets/../../../pyproject.toml").status_code != 200


def test_who_is_logged_in_takes_their_own_data_away(shop: Gateway) -> None:
    assert shop.client.get("/shop/my-data").status_code == 401
    with shop.database.reading() as session:
        mia = session.scalars(select(Customer).where(Customer.name == "Mia Vogel")).one()
    shop.client.post("/shop/login", data={"customer": str(mia.id)})
    assert "/shop/my-data" in shop.client.get("/shop/orders").text
    answer = shop.client.get("/shop/my-data")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        written = archive.read("data.json").decode()
    assert "Mia Vogel" in written
    assert "KF-1000001" in written
    assert "KF-2000002" not in written
