"""Whatever two customers have, to merge them and to undo it changes nothing."""

import random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.merging.pairs import in_order
from crm_store.merging.references import references_to, unique_keys
from crm_store.merging.service import MergeService
from crm_store.models import Base, Customer, PairStatus
from foundation.clock import utc_now
from tests.factories import make_customer
from tests.factories.any_row import make_row, rows_of

SYSTEM = AsSystem("test")
CUSTOMERS = Base.metadata.tables["customers"]
# What remains of a merge that was undone: its record, and what the timeline and the audit tell.
_HISTORY = {"customer_merges", "audit_entries", "audit_head"}
NAMES = ["Anna Meier", "Anna Maier", "Customer", "Hans Müller"]


def dump(session: Session) -> dict[str, list[str]]:
    """Every row of every table, but for the history of merges."""
    session.flush()
    tables = {
        table.name: rows_of(session, table)
        for table in Base.metadata.sorted_tables
        if table.name not in _HISTORY
    }
    tables["interactions"] = [row for row in tables["interactions"] if "merge:" not in row]
    return tables


def make_life(session: Session, rng: random.Random) -> list[UUID]:
    """Four customers, and rows of every table that points to them; some are rivals."""
    people = [
        make_customer(
            session,
            name=rng.choice(NAMES),
            email=rng.choice([None, "a@example.com", "b@example.com"]),
            phone=rng.choice([None, "+49301234567", "+49301234568"]),
            street=rng.choice([None, "Lindenweg 1", "Hauptstr. 2"]),
            postal_code=rng.choice([None, "10115"]),
            external_id=rng.choice([None, f"X-{rng.random()}"]),
        ).id
        for _ in range(4)
    ]
    shared: dict[str, list[Any]] = {}
    for column in references_to(CUSTOMERS):
        if column.table.name in {"duplicate_pairs", "customers"}:
            continue
        for _ in range(rng.randrange(4)):
            values = {column.name: rng.choice(people)}
            for others, _condition in unique_keys(column):
                values |= {c.name: rng.choice(parents(session, shared, c)) for c in others}
            try:
                with session.begin_nested():
                    make_row(session, column.table.name, **values)
            except IntegrityError:
                pass  # a second row of a kind of which one is enough
    make_pairs(session, rng, people)
    return people


def parents(session: Session, shared: dict[str, list[Any]], column: Any) -> list[Any]:
    """Two values that rows of several customers have in common, so that they become rivals."""
    name = str(column)
    if name not in shared:
        if column.foreign_keys:
            (key,) = column.foreign_keys
            made = [make_row(session, key.column.table.name) for _ in range(2)]
            shared[name] = [row[key.column.name] for row in made]
        elif hasattr(column.type, "enum_class") and column.type.enum_class:
            shared[name] = list(column.type.enum_class)[:2]
        else:
            shared[name] = ["one", "other"]
    return shared[name]


def make_pairs(session: Session, rng: random.Random, people: list[UUID]) -> None:
    for index, one in enumerate(people):
        for other in people[index + 1 :]:
            status = rng.choice([None, PairStatus.OPEN, PairStatus.REJECTED])
            if status is None:
                continue
            first, second = in_order(one, other)
            decided = None if status is PairStatus.OPEN else utc_now()
            make_row(
                session,
                "duplicate_pairs",
                first_id=first,
                second_id=second,
                status=status,
                decided_at=decided,
            )


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32))
def test_merging_and_undoing_gives_the_same_database(database: Database, seed: int) -> None:
    rng = random.Random(seed)
    with database.transaction() as session:
        people = make_life(session, rng)
        merges: list[UUID] = []
        before: list[dict[str, list[str]]] = []
        merged: set[UUID] = set()
        service = MergeService(session)
        for _ in range(rng.randrange(1, 4)):
            survivor, loser = rng.sample(people, 2)
            people.remove(loser)
            merged |= {survivor, loser}
            before.append(dump(session))
            merges.append(service.merge(survivor, loser, asker=SYSTEM).id)
            for column in references_to(CUSTOMERS):
                assert (
                    session.scalar(
                        column.table.select()
                        .with_only_columns(column)
                        .where(column == loser)
                        .limit(1)
                    )
                    is None
                    or column.table.name == "duplicate_pairs"
                )
        while merges:
            undone = service.undo(merges.pop(), asker=SYSTEM)
            assert (undone.kept, undone.lost) == ([], 0)
            expected = without_pairs_of(before.pop(), merged)
            assert without_pairs_of(dump(session), merged) == expected


def without_pairs_of(tables: dict[str, list[str]], merged: set[UUID]) -> dict[str, list[str]]:
    """Without the pairs among those who were merged: to undo says that they are different."""
    pairs = tables["duplicate_pairs"]
    kept = [row for row in pairs if sum(str(one) in row for one in merged) < 2]
    return tables | {"duplicate_pairs": kept}


def test_what_came_since_stays_with_the_survivor(database: Database) -> None:
    with database.transaction() as session:
        stays = make_customer(session, phone=None).id
        goes = make_customer(session, phone="+49301234567").id
        old = make_row(session, "orders", customer_id=goes)["id"]
        merge = MergeService(session).merge(stays, goes, asker=SYSTEM)
        new = make_row(session, "orders", customer_id=stays)["id"]
        session.get_one(Customer, stays).phone = "+49309999999"
        session.flush()

        undone = MergeService(session).undo(merge.id, asker=SYSTEM)

        owner = dict(
            session.execute(
                Base.metadata.tables["orders"]
                .select()
                .with_only_columns(
                    Base.metadata.tables["orders"].c.id,
                    Base.metadata.tables["orders"].c.customer_id,
                )
            ).all()
        )
        assert (owner[old], owner[new]) == (goes, stays)
        assert undone.kept == ["phone"]
        assert session.get_one(Customer, stays).phone == "+49309999999"
        assert session.get_one(Customer, goes).phone == "+49301234567"
