"""Filling a store with the demo shop, batch by batch, so that a million customers fit as well."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.audit import record
from crm_store.database import Database
from crm_store.models import Article, Base, Customer, ModelRun, Order, Product, Site
from crm_store.search.rebuild import Progress, load_in_bulk
from crm_store.seeding.baskets import Numbers
from crm_store.seeding.batches import Batches
from crm_store.seeding.chats import Chats
from crm_store.seeding.desk import furnish, open_widget, work_on_tickets
from crm_store.seeding.facts import Wares
from crm_store.seeding.library import load_articles
from crm_store.seeding.numbers import IdMaker
from crm_store.seeding.sales import seed_sales
from crm_store.seeding.shelves import CURRENCY, Shelf, load_shelves
from crm_store.seeding.tastes import Tastes
from crm_store.seeding.times import Calendar
from crm_store.seeding.writer import BulkWriter
from crm_store.sites.service import SiteService
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid

SITE_KEY = "demo-shop"
SITE_NAME = "Lantern & Pine"
MAX_CUSTOMERS = 1_000_000
_BATCH = 1_000
_RUN_KIND = "seed"
_SEEDING = AsSystem("seeding the demo shop")
# Who may come in is not the shop's data, nor is who did what: they outlive a new seeding.
_KEPT = frozenset(
    {
        "users",
        "user_sessions",
        "sites",
        "site_secrets",
        "used_identities",
        "attempts",
        "alembic_version",
        "tombstones",
        "api_keys",
        "audit_entries",
        "audit_head",
    }
)
_SOLD_OUT, _COMES_AGAIN = 0.08, 0.75


@dataclass(frozen=True, slots=True)
class SeedReport:
    """How many rows of each kind a seeding wrote."""

    customers: int
    products: int
    articles: int
    orders: int
    order_lines: int
    shipments: int
    payments: int
    returns: int
    tickets: int
    interactions: int
    conversations: int
    messages: int
    csats: int
    interests: int

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return asdict(self)


def seed(
    database: Database,
    *,
    customers: int = 2_000,
    products: int = 300,
    seed: int = 7,
    today: date | None = None,
    replace: bool = False,
    progress: Callable[[int], None] | None = None,
    indexing: Progress | None = None,
) -> SeedReport:
    """Fill the store with the demo shop: the same rows for the same seed, sizes and day.

    Customers are committed in batches, so memory stays flat; an interrupted seeding leaves a part,
    and ``replace`` starts over.

    Args:
        database: with the present schema.
        customers: up to a million.
        products: at most the 300 authored ones, spread over the twelve shelves.
        seed: chooses everything that chance decides.
        today: the shop's history ends as this day (UTC) begins; the present day by default.
        replace: delete the shop's data and all conversations first; staff and sites stay.
        progress: called with the number of customers written so far.
        indexing: called with the rows indexed for the search, and those in all.

    Raises:
        Conflict: the store holds data already and ``replace`` is not set.
        Invalid: a size is out of range.
    """
    shelves = _shortened(load_shelves(), products)
    if not 1 <= customers <= MAX_CUSTOMERS:
        raise Invalid(f"customers: 1 to {MAX_CUSTOMERS:,}")
    with database.transaction() as session:
        _make_room(session, replace=replace)
        facts = {"customers": customers, "replace": replace}
        record(session, _SEEDING, "store.seeded", facts=facts)
    started = utc_now()
    calendar = Calendar(today or started.date())
    rng = np.random.default_rng([seed, 0])
    numbers = Numbers(IdMaker(np.random.default_rng([seed, 1]), start_ms=calendar.now * 1_000))
    tastes = Tastes(shelves, rng)
    with database.transaction() as session:
        site_id = _add_site(session)
        writer = BulkWriter(session.connection())
        category_ids, product_ids = _write_catalog(writer, shelves, numbers.ids, calendar, rng)
        _write_articles(writer, numbers.ids, calendar)
    counts = writer.counts
    batches = Batches(
        calendar=calendar,
        tastes=tastes,
        product_ids=product_ids,
        shelf_slugs=[shelf.slug for shelf in shelves],
        numbers=numbers,
        chats=Chats(
            site_id=site_id,
            numbers=numbers,
            wares=Wares(shelves, product_ids, category_ids),
            calendar=calendar,
        ),
    )

    def write_batches() -> None:
        for first in range(0, customers, _BATCH):
            number = min(_BATCH, customers - first)
            with database.transaction() as session:
                connection = session.connection()
                if database.is_sqlite:  # its two megabytes do not hold the indexes of a large shop
                    connection.exec_driver_sql("PRAGMA cache_size = -262144")
                batches.write(
                    BulkWriter(connection, counts),
                    np.random.default_rng([seed, 2, first]),
                    np.random.default_rng([seed, 3, first]),
                    first=first,
                    number=number,
                )
            if progress is not None:
                progress(first + number)

    load_in_bulk(database, write_batches, indexing)
    now = datetime.fromtimestamp(calendar.now, UTC)
    with database.transaction() as session:
        furnish(session, lambda: UUID(numbers.ids.new()), at=now)
        open_widget(session, SITE_KEY, asker=_SEEDING)
    work_on_tickets(database, lambda: UUID(numbers.ids.new()), now=now, seed=seed)
    with database.transaction() as session:
        seed_sales(session, numbers.ids, calendar, seed)
    report = SeedReport(**{name: counts.get(name, 0) for name in SeedReport.__dataclass_fields__})
    with database.transaction() as session:
        _finish(session, report, {"seed": seed, "customers": customers}, started)
    return report


def is_seeded(session: Session) -> bool:
    """Whether a seeding has run to its end."""
    run = select(ModelRun.id).where(ModelRun.kind == _RUN_KIND).limit(1)
    return session.scalar(run) is not None


def _shortened(shelves: list[Shelf], products: int) -> list[Shelf]:
    """The shelves with the first so many products altogether, evenly spread."""
    authored = sum(len(shelf.products) for shelf in shelves)
    if not len(shelves) <= products <= authored:
        raise Invalid(f"products: {len(shelves)} to {authored}")
    each, more = divmod(products, len(shelves))
    return [
        Shelf(
            slug=shelf.slug,
            name=shelf.name,
            synonyms=shelf.synonyms,
            products=shelf.products[: each + (index < more)],
        )
        for index, shelf in enumerate(shelves)
    ]


def _make_room(session: Session, *, replace: bool) -> None:
    holds = any(
        session.scalar(select(model.id).limit(1)) is not None
        for model in (Customer, Product, Order, Article)
    )
    if not holds:
        return
    if not replace:
        raise Conflict("the store holds data already; replace it to seed again")
    tables = [table for table in Base.metadata.sorted_tables if table.name not in _KEPT]
    if session.get_bind().dialect.name == "postgresql":
        # PostgreSQL empties no table at once to which one that stays points; those are small.
        kept = [table for table in Base.metadata.sorted_tables if table.name in _KEPT]
        pointed_at = {key.column.table for table in kept for key in table.foreign_keys}
        names = ", ".join(table.name for table in tables if table not in pointed_at)
        session.execute(text(f"TRUNCATE {names}"))
        tables = [table for table in tables if table in pointed_at]
    for table in reversed(tables):
        session.execute(table.delete())


def _add_site(session: Session) -> str:
    """The demo shop's site, made if there is none; returns its id as hex."""
    known = session.scalar(select(Site.id).where(Site.site_key == SITE_KEY))
    if known is None:
        known = (
            SiteService(session)
            .add(site_key=SITE_KEY, name=SITE_NAME, origins=[], asker=_SEEDING)
            .id
        )
    return known.hex


def _write_catalog(
    writer: BulkWriter,
    shelves: list[Shelf],
    ids: IdMaker,
    calendar: Calendar,
    rng: np.random.Generator,
) -> tuple[list[str], list[str]]:
    """Write categories and products; returns the ids of both in the shelves' order."""
    shelf_ids = [ids.new() for _ in shelves]
    writer.write(
        "categories",
        ("id", "slug", "name", "synonyms"),
        [(key, s.slug, s.name, s.synonyms) for key, s in zip(shelf_ids, shelves, strict=True)],
    )
    product_ids = []
    rows = []
    for shelf_id, shelf in zip(shelf_ids, shelves, strict=True):
        for draft in shelf.products:
            product_id = ids.new()
            product_ids.append(product_id)
            stock, restock_days = _stock(rng)
            rows.append(
                (
                    product_id, draft.sku, draft.slug, draft.name, draft.description, shelf_id,
                    draft.price_minor, CURRENCY, stock, restock_days, draft.warranty_months,
                    draft.attributes, True, calendar.first * 86_400,
                )
            )  # fmt: skip
    columns = (
        "id", "sku", "slug", "name", "description", "category_id", "price_minor", "currency",
        "stock", "restock_days", "warranty_months", "attributes", "active", "created_at",
    )  # fmt: skip
    writer.write("products", columns, rows)
    return shelf_ids, product_ids


def _stock(rng: np.random.Generator) -> tuple[int, int | None]:
    draw, pieces, days = rng.random(), int(rng.integers(3, 120)), int(rng.integers(3, 21))
    if draw >= _SOLD_OUT:
        return pieces, None
    return 0, days if draw < _SOLD_OUT * _COMES_AGAIN else None


def _write_articles(writer: BulkWriter, ids: IdMaker, calendar: Calendar) -> None:
    columns = (
        "id", "slug", "title", "summary", "body", "topic", "published", "created_at", "updated_at",
    )  # fmt: skip
    at = calendar.first * 86_400
    writer.write(
        "articles",
        columns,
        [
            (
                ids.new(),
                draft.slug,
                draft.title,
                draft.summary,
                draft.body,
                draft.topic,
                True,
                at,
                at,
            )
            for draft in load_articles()
        ],
    )


def _finish(
    session: Session, report: SeedReport, params: dict[str, int], started: datetime
) -> None:
    """Note that the seeding is complete, and let the planner know what there is."""
    session.add(
        ModelRun(
            kind=_RUN_KIND,
            engine="numpy",
            params=params,
            metrics=report.as_dict(),
            started_at=started,
            finished_at=utc_now(),
        )
    )
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA analysis_limit = 1000"))
    session.execute(text("ANALYZE"))
