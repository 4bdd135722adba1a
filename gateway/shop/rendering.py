"""Templates of the demo shop."""

import zlib
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from crm_store.models import Product
from foundation.money import format_money

FOLDER = Path(__file__).resolve().parent


class Templates:
    """Renders pages; every value is escaped unless it is markup of our own making."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "money": format_money,
            "picture": picture_url,
            "initials": _initials,
            "label": _label,
            "fact": _fact,
            "day": _day,
        }
        # Raw HTML in an article stays text: articles may come from elsewhere one day.
        self._markdown = MarkdownIt("commonmark", {"html": False}).enable("table")

    def page(self, name: str, **values: Any) -> str:
        return self._environment.get_template(name).render(**values)

    def article_body(self, source: str) -> Markup:
        """An article's markdown as safe markup; its heading is the page's, not the text's."""
        lines = source.strip().splitlines()
        if lines and lines[0].startswith("# "):
            lines = lines[1:]
        return Markup(self._markdown.render("\n".join(lines)))  # noqa: S704  # html is disabled


def picture_url(product: Product) -> str:
    """Where a product's picture is; of its colours one is shown, always the same."""
    address = f"/shop/pictures/{product.category.slug}/{product.slug}.svg"
    colours = product.attributes.get("colours") or []
    if not colours:
        return address
    colour = str(colours[zlib.crc32(product.slug.encode()) % len(colours)])
    return f"{address}?colour={quote(colour.lower().replace(' ', '-'))}"


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _fact(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
