"""Products by SKU, categories by slug or name."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ConflictPolicy
from crm_store.importing.upsert.base import Outcome, Rows, changes
from crm_store.importing.upsert.loading import insert_rows, update_rows
from crm_store.models import Category, Product
from foundation.clock import utc_now
from foundation.ids import new_id

_PRODUCT = (
    "name", "description", "category_id", "price_minor", "currency", "stock", "restock_days",
    "warranty_months", "active",
)  # fmt: skip
_SLUG_LIMIT = 100
_OTHER = "Other"


class CategoryUpserter:
    """Adds categories, and changes their names and synonyms."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's categories into the store."""
        rows = Rows(batch, self._column_of)
        shelves = _Categories(session)
        for _, row in rows:
            current = shelves.find(row.get("slug"), row["name"])
            if current is None:
                shelves.add(row["name"], slug=row.get("slug"), synonyms=row.get("synonyms", []))
                rows.outcome.created += 1
                continue
            found = changes(current, row, ("name", "synonyms"), self._policy)
            shelves.change(current, found)
            rows.outcome.count(found)
        shelves.write()
        return rows.outcome


class ProductUpserter:
    """Adds products and changes those that are known; categories that are not yet there, too."""

    def __init__(self, policy: ConflictPolicy, column_of: Mapping[str, str]) -> None:
        self._policy = policy
        self._column_of = column_of

    def apply(self, session: Session, batch: CleanBatch) -> Outcome:
        """Bring the batch's products into the store."""
        rows = Rows(batch, self._column_of)
        shelves = _Categories(session)
        known = self._known(session, {row["sku"] for row in batch.rows})
        slugs = _taken(session, Product)
        created: dict[UUID, dict[str, Any]] = {}
        changed: dict[UUID, dict[str, Any]] = {}
        for at, row in rows:
            given = dict(row)
            if "price" in given:
                given["price_minor"] = given.pop("price")
            elif "currency" in given:
                del given["currency"]  # without an amount it says nothing
            current = known.get(row["sku"])
            missing = next((one for one in ("name", "price_minor") if one not in given), None)
            if current is None and missing:
                rows.reject(at, missing.removesuffix("_minor"), "needed for a new product")
                continue
            if "category" in given:
                given["category_id"] = shelves.named(given.pop("category"))
            if current is None:
                made = self._new(given, shelves, slugs)
                created[made["id"]] = known[row["sku"]] = made
                rows.outcome.created += 1
                continue
            found = changes(current, given, _PRODUCT, self._policy)
            current |= found
            if found and current["id"] not in created:
                changed.setdefault(current["id"], {}).update(found)
            rows.outcome.count(found)
        shelves.write()
        insert_rows(session, Product, list(created.values()))
        update_rows(session, Product, changed.items())
        return rows.outcome

    @staticmethod
    def _known(session: Session, skus: set[str]) -> dict[str, dict[str, Any]]:
        table = Product.__table__.c
        columns = [table[name] for name in ("id", "sku", *_PRODUCT)]
        found = session.execute(select(*columns).where(Product.sku.in_(skus))).mappings()
        return {row["sku"]: dict(row) for row in found}

    @staticmethod
    def _new(given: dict[str, Any], shelves: "_Categories", slugs: set[str]) -> dict[str, Any]:
        return {
            "id": new_id(),
            "sku": given["sku"],
            "slug": free_slug(given["name"], slugs),
            "name": given["name"],
            "description": given.get("description", ""),
            "category_id": given.get("category_id") or shelves.named(_OTHER),
            "price_minor": given["price_minor"],
            "currency": given["currency"],
            "stock": given.get("stock", 0),
            "restock_days": given.get("restock_days"),
            "warranty_months": given.get("warranty_months", 24),
            "attributes": {},
            "active": given.get("active", True),
            "created_at": utc_now(),
        }


class _Categories:
    """The shop's categories; a few hundred, so that all are at hand."""

    def __init__(self, session: Session) -> None:
        self._session = session
        columns = [Category.__table__.c[name] for name in ("id", "slug", "name", "synonyms")]
        rows = [dict(row) for row in session.execute(select(*columns)).mappings()]
        self._by_slug = {row["slug"]: row for row in rows}
        self._by_name = {row["name"].casefold(): row for row in rows}
        self._slugs = set(self._by_slug)
        self._created: dict[UUID, dict[str, Any]] = {}
        self._changed: dict[UUID, dict[str, Any]] = {}

    def find(self, slug: str | None, name: str) -> dict[str, Any] | None:
        """By slug where one is given, else by name."""
        return self._by_slug.get(slug) if slug else self._by_name.get(name.casefold())

    def named(self, name: str) -> UUID:
        """The category that is called so or has this slug; made when there is none."""
        found = self._by_name.get(name.casefold()) or self._by_slug.get(name)
        key: UUID = (found or self.add(name))["id"]
        return key

    def add(
        self, name: str, *, slug: str | None = None, synonyms: list[str] | None = None
    ) -> dict[str, Any]:
        """A new one."""
        row: dict[str, Any] = {
            "id": new_id(),
            "slug": slug or free_slug(name, self._slugs),
            "name": name,
            "synonyms": synonyms or [],
        }
        self._slugs.add(row["slug"])
        self._created[row["id"]] = row
        self._by_slug[row["slug"]] = self._by_name[name.casefold()] = row
        return row

    def change(self, row: dict[str, Any], found: dict[str, Any]) -> None:
        """Remember what differs."""
        row |= found
        if found and row["id"] not in self._created:
            self._changed.setdefault(row["id"], {}).update(found)

    def write(self) -> None:
        """Bring all of it into the store."""
        insert_rows(self._session, Category, list(self._created.values()))
        update_rows(self._session, Category, self._changed.items())


def free_slug(name: str, taken: set[str]) -> str:
    """A name as a part of an address that nothing else has yet; it counts as taken from now on."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LIMIT] or "item"
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base[: _SLUG_LIMIT - 8]}-{number}", number + 1
    taken.add(slug)
    return slug


def _taken(session: Session, model: type[Product]) -> set[str]:
    return set(session.scalars(select(model.slug)))
