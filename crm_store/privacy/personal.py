"""The register of personal data: every table and column, classified in one place.

Export, erasure, retention and the check after an erasure all follow it, and a test fails for a
table or column that is not in it. Whoever adds one adds its line to the fitting file of
``crm_store/privacy/tables/``:

- rows that belong to a customer and go with them: ``deleted("tasks", DataClass.SALES,
  "customer_id", shown="title …", inside="id …", export="tasks")``;
- rows that must stay (tax law, statistics) without the person: ``scrubbed(…, scrub={"notes": ""},
  why="…")``;
- rows in which nothing is personal, though they hang on a person's: ``kept(…, why="…")``;
- rows of nobody: ``nobodys("products", DataClass.CATALOGUE, why="…", columns="id sku …")``.

``by`` says how the rows are found: ``"customer_id"``, or ``"ticket_id -> tickets.id"`` through a
table that is in the register itself; several ways are joined by or. ``shown`` columns are in the
export that the person gets, ``inside`` ones are not. Free text that customers or staff write is
never ``kept``.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from graphlib import TopologicalSorter
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, or_, select

from crm_store.models import Base
from crm_store.privacy.classified import Classified, Erasure
from crm_store.privacy.tables import analytics, chats, customers, orders, others, sales, service

_LISTS = (customers, chats, orders, service, sales, analytics, others)


@cache
def register() -> dict[str, Classified]:
    """Every classified table by its name."""
    found: dict[str, Classified] = {}
    for module in _LISTS:
        for line in module.TABLES:
            if line.table in found:
                raise ValueError(f"{line.table} is classified twice")
            found[line.table] = line
    return found


def table_of(line: Classified) -> Table:
    """The table that the line is about."""
    return Base.metadata.tables[line.table]


def belongs_to(
    line: Classified, customers_: Sequence[UUID], *, theirs_to_read: bool = False
) -> ColumnElement[bool]:
    """The condition on the line's table for rows of these customers (records of one person).

    Args:
        line: the table.
        customers_: their ids.
        theirs_to_read: only rows that the person gets in an export.
    """
    table = table_of(line)
    ways: list[ColumnElement[bool]] = []
    for way in line.by:
        column, _, target = way.partition(" -> ")
        if not target:
            ways.append(table.c[column].in_(customers_))
            continue
        through, _, key = target.partition(".")
        other = register()[through]
        ways.append(
            table.c[column].in_(
                select(table_of(other).c[key]).where(
                    belongs_to(other, customers_, theirs_to_read=theirs_to_read)
                )
            )
        )
    return and_(or_(*ways), *(_only(line) if theirs_to_read else ()))


def _only(line: Classified) -> Iterator[ColumnElement[bool]]:
    for name, value in line.only.items():
        column = table_of(line).c[name]
        yield column.is_not(None) if value is ... else column == value


@cache
def in_order_of_erasure() -> tuple[Classified, ...]:
    """The personal tables that change, each before those through which its rows are found.

    A table also comes before those that it refers to, unless the database lets go by itself.
    """
    lines = {line.table: line for line in personal() if line.erasure is not Erasure.KEEP}
    after: dict[str, set[str]] = {name: set() for name in sorted(lines)}
    for name, line in lines.items():
        for through in _through(line):
            if through in lines and through != name:
                after[through].add(name)
        for key in table_of(line).foreign_keys:
            target = key.column.table.name
            if target in lines and target != name and key.ondelete is None:
                after[target].add(name)
    return tuple(lines[name] for name in TopologicalSorter(after).static_order())


def personal() -> Iterator[Classified]:
    """The tables whose rows belong to customers."""
    return (line for line in register().values() if line.is_personal)


def exported() -> Iterator[Classified]:
    """The tables that a person gets, in the order of the register."""
    return (line for line in personal() if line.export is not None)


def _through(line: Classified) -> set[str]:
    return {way.partition(" -> ")[2].partition(".")[0] for way in line.by if " -> " in way}
