"""The shop's words for the assistant, until it reads the catalogue that is written for it.

``python -m crm_store.seeding.lookups > nlu_data/lookups.yml`` writes them again after the catalog
changed; a test fails while the file is stale.
"""

import sys
from collections.abc import Iterable

from crm_store.seeding.shelves import Shelf, load_shelves


def product_names(shelves: list[Shelf]) -> list[str]:
    """Each product's whole name; what people make of it is the assistant's to know."""
    return [product.name for shelf in shelves for product in shelf.products]


def category_names(shelves: list[Shelf]) -> list[str]:
    """The categories' names and the words that customers use for them."""
    names: dict[str, None] = {}
    for shelf in shelves:
        for name in (shelf.name, *shelf.synonyms):
            names[name] = None
    return list(names)


def render_lookups(shelves: list[Shelf]) -> str:
    """The look-up tables in Rasa's YAML."""
    tables = {"product": product_names(shelves), "category": category_names(shelves)}
    head = [
        'version: "3.1"',
        "",
        "# Written by `python -m crm_store.seeding.lookups` from crm_store/seeding/catalog/.",
        "nlu:",
    ]
    body = (line for name, words in tables.items() for line in _table(name, words))
    return "\n".join([*head, *body]) + "\n"


def _table(name: str, words: Iterable[str]) -> list[str]:
    return [f"  - lookup: {name}", "    examples: |", *(f"      - {word}" for word in words)]


if __name__ == "__main__":
    sys.stdout.write(render_lookups(load_shelves()))
