"""The authored catalog: complete, distinct, and in agreement with itself."""

import re
from pathlib import Path

import pytest

from crm_store.seeding.lookups import render_lookups
from crm_store.seeding.shelves import ProductDraft, Shelf, load_shelves, slugify

SHELVES = load_shelves()
PRODUCTS = [product for shelf in SHELVES for product in shelf.products]
LOOKUPS = Path(__file__).parents[3] / "nlu_data" / "lookups.yml"


def test_three_hundred_products_on_twelve_shelves() -> None:
    assert len(SHELVES) == 12
    assert len(PRODUCTS) == 300
    assert {len(shelf.products) for shelf in SHELVES} == {25}


@pytest.mark.parametrize("key", ["sku", "slug", "name", "description"])
def test_nothing_is_there_twice(key: str) -> None:
    values = [getattr(product, key) for product in PRODUCTS]
    assert len(set(values)) == len(values)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.slug)
def test_each_product_reads_well(product: ProductDraft) -> None:
    text = product.description
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", text)) <= 4
    assert not re.search(r"[{}]|\s\s|\.\.|,,", text)
    assert text[0].isupper()
    assert text.endswith(".")
    assert product.attributes["material"]
    assert product.attributes["colours"]
    assert 900 <= product.price_minor <= 100_000


def test_a_warranty_of_five_years_on_tents_and_two_on_the_rest() -> None:
    for product in PRODUCTS:
        is_tent = product.name.endswith("tent")
        assert product.warranty_months == (60 if is_tent else 24), product.name
    assert sum(product.warranty_months == 60 for product in PRODUCTS) == 18


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.slug)
def test_no_synonym_belongs_to_two_shelves(shelf: Shelf) -> None:
    others = {word for other in SHELVES if other is not shelf for word in other.synonyms}
    assert not others & set(shelf.synonyms)


def test_slugs() -> None:
    assert slugify("Winterwren −6 down sleeping bag") == "winterwren-minus-6-down-sleeping-bag"
    assert slugify("Cragstep women's hiking boots") == "cragstep-womens-hiking-boots"


def test_the_assistants_lookups_are_fresh() -> None:
    assert LOOKUPS.read_text(encoding="utf-8") == render_lookups(SHELVES)
