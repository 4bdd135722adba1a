"""Browsing and searching the catalog, on each database."""

from collections.abc import Iterator

import pytest

from crm_store.catalog.errors import CategoryNotFound, ProductNotFound
from crm_store.catalog.service import CatalogService
from crm_store.catalog.words import telling_words
from crm_store.database import Database
from crm_store.models import Category, ItemSimilarity, OrderStatus, Product
from crm_store.seeding.shelves import load_shelves
from tests.factories import make_category, make_order, make_product


@pytest.fixture
def catalog(sqlite_database: Database) -> Iterator[CatalogService]:
    """The demo shop's products; the search itself does not depend on the database."""
    with sqlite_database.transaction() as session:
        for shelf in load_shelves():
            category = Category(slug=shelf.slug, name=shelf.name, synonyms=shelf.synonyms)
            session.add(category)
            session.flush()
            for draft in shelf.products:
                session.add(
                    Product(
                        sku=draft.sku,
                        slug=draft.slug,
                        name=draft.name,
                        description=draft.description,
                        category_id=category.id,
                        price_minor=draft.price_minor,
                        currency="EUR",
                        stock=5,
                        attributes=draft.attributes,
                    )
                )
    with sqlite_database.reading() as session:
        yield CatalogService(session)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fernhollow 2 tent", "Fernhollow 2 tent"),
        ("is the fernhollow 3 in stock?", "Fernhollow 3 tent"),
        ("fernholow 2 tent", "Fernhollow 2 tent"),
        ("do you have a family tent for 6 people", "Broadmeadow 6 family tent"),
        ("larkfell womens rain jacket", "Larkfell women's rain jacket"),
        ("merino running top", "Merlinlight merino running top"),
        ("something to charge my phone, 20000 mAh power bank", "Voltcairn 20 power bank"),
        ("arctic winter boots", "Snowhare arctic winter boots"),
        ("a gas stove for two burners: emberjay duo", "Emberjay duo gas stove"),
        ("kids sleeping bag 140", "Dormouse 140 kids' sleeping bag"),
        ("silk liner", "Silkmoth silk sleeping bag liner"),
        ("rain suit for my toddler", "Puddleduck toddler kids' rain suit"),
    ],
)
def test_the_best_hit(catalog: CatalogService, text: str, name: str) -> None:
    assert catalog.search(text)[0].product.name == name


def test_a_kind_of_product_finds_that_kind(catalog: CatalogService) -> None:
    for text, noun in [
        ("headlamps", "headlamp"),
        ("I need a new sleeping bag", "sleeping bag"),
        ("climbing ropes", "climbing rope"),
        ("hiking boots please", "hiking boots"),
    ]:
        hits = catalog.search(text, limit=3)
        assert len(hits) == 3
        assert all(noun in hit.product.name for hit in hits), text


def test_filters_hold(catalog: CatalogService) -> None:
    hits = catalog.search("tent", category_slug="tents", max_price_minor=25_000, limit=10)
    assert hits
    for hit in hits:
        assert hit.product.category.slug == "tents"
        assert hit.product.price_minor <= 25_000
        assert 0 < hit.score <= 1
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    "text", ["", "   ", "what do you have?", "xyzzyq", "\x00", "😀", "' OR 1=1"]
)
def test_nothing_asked_nothing_found(catalog: CatalogService, text: str) -> None:
    assert catalog.search(text) == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("tents", "tents"),
        ("Tents & shelters", "tents"),
        ("rucksacks", "backpacks"),
        ("do you sell sleeping bags?", "sleeping"),
        ("shoes", "footwear"),
        ("running shoes", "running"),
        ("a rain jacket", "jackets"),
        ("bicylce", "cycling"),
        ("jakets", "jackets"),
        ("head torch", "lighting"),
        ("for my children", "kids"),
    ],
)
def test_categories_by_the_words_of_customers(
    catalog: CatalogService, text: str, slug: str
) -> None:
    category = catalog.resolve_category(text)
    assert category is not None
    assert category.slug == slug


@pytest.mark.parametrize("text", ["", "hello", "where is my order", "pizza"])
def test_no_category(catalog: CatalogService, text: str) -> None:
    assert catalog.resolve_category(text) is None


def test_pages_cover_everything_once(catalog: CatalogService) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = catalog.products(cursor=cursor, limit=70)
        seen += [product.slug for product in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 300
    assert len(catalog.products(category_slug="kids", limit=100).items) == 25
    assert {p.name for p in catalog.products(q="nightjar").items} == {
        "Nightjar regular bivvy bag",
        "Nightjar long bivvy bag",
        "Nightjar double bivvy bag",
    }


def test_single_products(database: Database) -> None:
    with database.transaction() as session:
        product = make_product(session, sku="TNT-1", slug="ridge-tent")
        make_product(session, sku="OLD-1", slug="old-tent", active=False)
    with database.reading() as session:
        service = CatalogService(session)
        assert service.by_slug("ridge-tent").id == product.id
        assert service.by_sku(" tnt-1 ").id == product.id
        with pytest.raises(ProductNotFound):
            service.by_slug("old-tent")
        with pytest.raises(ProductNotFound):
            service.by_sku("x\x00")
        with pytest.raises(CategoryNotFound):
            service.category("nowhere")
        assert service.names() == [("TNT-1", "Ridge tent")]
        assert len(service.categories()) == 2
        assert [p.id for p in service.products(q="RIDGE").items] == [product.id]


def test_bought_together_counts_then_uses_analysis(database: Database) -> None:
    with database.transaction() as session:
        tent, mat, lamp, mug = (make_product(session) for _ in range(4))
        for companions in ([tent, mat], [tent, mat, lamp], [tent, mat], [mug]):
            make_order(session, products=companions)
    with database.reading() as session:
        hits = CatalogService(session).bought_together(tent.id)
        assert [hit.product.id for hit in hits] == [mat.id, lamp.id]
        assert hits[0].score == 1.0
    with database.transaction() as session:
        session.add(ItemSimilarity(product_id=tent.id, other_id=mug.id, score=0.7))
    with database.reading() as session:
        (hit,) = CatalogService(session).bought_together(tent.id)
        assert (hit.product.id, hit.score) == (mug.id, 0.7)


def test_words_fold_case_accents_and_plurals() -> None:
    text = "Do you have TENTS, or Batteries of 20,000 mAh for café mugs?"
    assert telling_words(text) == ("tent", "battery", "20000", "mah", "cafe", "mug")


def test_best_sellers_sold_most_lately_and_are_in_stock(database: Database) -> None:
    with database.transaction() as session:
        shelf = make_category(session)
        slow, fast, gone, cancelled = (
            make_product(session, category_id=shelf.id, name=name, stock=stock)
            for name, stock in (("Slow", 1), ("Fast", 1), ("Gone", 0), ("Cancelled", 1))
        )
        make_order(session, products=[slow])
        make_order(session, products=[fast], quantity=3)
        make_order(session, products=[gone], quantity=9)
        make_order(session, products=[cancelled], quantity=9, status=OrderStatus.CANCELLED)
        make_order(session, quantity=50)

        found = CatalogService(session).best_sellers(category_slug=shelf.slug, limit=5)

    assert [product.name for product in found] == ["Fast", "Slow", "Cancelled"]
