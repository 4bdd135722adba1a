"""The demo shop's authored catalog: a TOML file per category under ``catalog/``.

A file holds product lines; a line has one text with placeholders and several variants. The facts of
a variant fill the placeholders and become the product's attributes, so that the two always agree.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib import resources
from typing import Any

CURRENCY = "EUR"
_WARRANTY_MONTHS = 24
_TENT_WARRANTY_MONTHS = 60


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as its author wrote it."""

    sku: str
    slug: str
    name: str
    line: str
    noun: str
    description: str
    price_minor: int
    warranty_months: int
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category with its products."""

    slug: str
    name: str
    synonyms: list[str]
    products: list[ProductDraft]


def load_shelves() -> list[Shelf]:
    """Every category with its products, in a fixed order."""
    folder = resources.files(__package__) / "catalog"
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")),
        key=lambda entry: entry.name,
    )
    return [_read(tomllib.loads(entry.read_text(encoding="utf-8"))) for entry in files]


def slugify(text: str) -> str:
    """A name as it stands in an address: ``Winterwren −6`` is ``winterwren-minus-6``."""
    text = re.sub(r"−(?=\d)", "minus ", text).replace("+", " plus").replace("’", "")
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")


def _read(data: dict[str, Any]) -> Shelf:
    drafts = [_draft(line, variant) for line in data["line"] for variant in line["variants"]]
    products = [
        ProductDraft(sku=f"{data['code']}-{1001 + index}", **draft)
        for index, draft in enumerate(drafts)
    ]
    return Shelf(
        slug=data["slug"],
        name=data["name"],
        synonyms=data["synonyms"],
        products=products,
    )


def _draft(line: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any]:
    facts = line["attributes"] | variant
    label, price_minor = facts.pop("label"), facts.pop("price")
    name = f"{line['name']} {label} {line['noun']}"
    return {
        "slug": slugify(name),
        "name": name,
        "line": line["name"],
        "noun": line["noun"],
        "description": line["text"].format_map(facts),
        "price_minor": price_minor,
        "warranty_months": _TENT_WARRANTY_MONTHS
        if line["noun"].endswith("tent")
        else _WARRANTY_MONTHS,
        "attributes": {key.replace("_", " "): value for key, value in facts.items()},
    }
