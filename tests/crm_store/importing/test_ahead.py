"""What the second process makes of rows is what the writer would have made of them."""

import pickle
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text

from crm_store.crypto import Keyring
from crm_store.crypto.lookup import keyring_of, put_on
from crm_store.database import Database
from crm_store.importing.ahead import Ahead, Made
from crm_store.importing.cleaning.table import CleanBatch
from crm_store.importing.mapping import ColumnMapping, Mapping
from crm_store.importing.packed import CleanRows, RawRows
from crm_store.importing.run.applying import apply_batch
from crm_store.importing.upsert import Outcome, ahead_for, upserter_for
from crm_store.models import Consent, Customer, SearchEntry
from crm_store.privacy.identifiers import Identifiers
from crm_store.privacy.tombstones import set_tombstones
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.fixtures.databases import KEYRING

FIELDS = (
    "external_id", "name", "first_name", "last_name", "email", "phone", "street", "postal_code",
    "city", "country", "locale", "newsletter", "created_at",
)  # fmt: skip
ROWS: list[dict[str, Any]] = [
    {
        "external_id": f"C-{n}",
        "name": f"Zoë Müller {n}",
        "email": f"p{n % 37}@example.com",
        "phone": f"+4930123{n:04d}",
        "street": "Lindenweg 1",
        "created_at": datetime(2024, 1, n % 28 + 1, n % 24, tzinfo=UTC),
    }
    | ({"newsletter": n % 2 == 0} if n % 3 else {})
    | ({"locale": "de", "country": "DE"} if n % 5 else {"city": "Kiel"})
    for n in range(40)
]
# The first of these two is changed by the second before it is ever written.
REWRITTEN = [
    {**ROWS[3], "external_id": "C-x", "email": "first@example.com"},
    {**ROWS[3], "external_id": "C-x", "email": "second@example.com", "name": "Later Name"},
]
NAMED_IN_TWO = [{"external_id": "C-y", "first_name": "Ana", "last_name": "Né", "email": "a@b.com"}]
WITHOUT_A_DAY = [{"external_id": "C-z", "name": "No Day", "phone": "+493055555"}]
DATED_NOW = ("C-y", "C-z")
MAPPING = Mapping(
    target="customers", columns={name: ColumnMapping(field=name) for name in FIELDS}, region="DE"
)


def ahead_of(database: Database) -> Ahead:
    """As the child gets it."""
    dialect = database.engine.dialect
    ahead = ahead_for(MAPPING, dialect.name, keyring_of(dialect))
    sent: Ahead = pickle.loads(pickle.dumps(ahead))
    return sent


def imported(database: Database, rows: Sequence[dict[str, Any]], made: Made | None) -> Outcome:
    with database.transaction() as session:
        return apply_batch(session, upserter_for(MAPPING), batch_of(rows, made))


def batch_of(rows: Sequence[dict[str, Any]], made: Made | None) -> CleanBatch:
    return CleanBatch(
        read=len(rows),
        numbers=list(range(len(rows))),
        rows=CleanRows.of(rows),
        raw=RawRows([[] for _ in rows]),
        made=made,
    )


def stored(database: Database) -> dict[str, list[Any]]:
    """The people, what is found of them, and by which addresses; then nobody is left."""
    with database.transaction() as session:
        people = session.scalars(select(Customer).order_by(Customer.external_id)).all()
        names = tuple(name for name in FIELDS if name in Customer.__table__.columns)[:-1]
        found: dict[str, list[Any]] = {
            "people": [tuple(getattr(one, name) for name in names) for one in people],
            "days": [one.created_at for one in people if one.external_id not in DATED_NOW],
            "consents": [
                tuple(row)
                for row in session.execute(
                    select(
                        Customer.external_id,
                        Consent.purpose,
                        Consent.granted,
                        Consent.source,
                        Consent.wording,
                        Consent.superseded_at,
                    )
                    .join(Customer)
                    .order_by(Customer.external_id)
                )
            ],
            "indexes": [(one.email_index, one.phone_index) for one in people],
            "words": list(
                session.scalars(
                    select(SearchEntry.words)
                    .join(Customer, Customer.id == SearchEntry.ref_id)
                    .where(Customer.external_id.not_in(DATED_NOW))
                    .order_by(Customer.external_id)
                )
            ),
        }
        session.execute(text("DELETE FROM customers"))
    return found


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        [*ROWS, *REWRITTEN],
        [*REWRITTEN, *ROWS, *REWRITTEN],
        [*ROWS, *NAMED_IN_TWO, *WITHOUT_A_DAY],
        [*ROWS, *WITHOUT_A_DAY],
        [*ROWS, *ROWS],
    ],
    ids=["new", "rewritten", "rewritten twice", "made late", "without a day", "twice"],
)
def test_the_store_is_the_same(database: Database, rows: list[dict[str, Any]]) -> None:
    found, outcomes = [], []
    for made in (None, ahead_of(database).made(CleanRows.of(rows).columns)):
        outcomes.append(imported(database, rows, made))
        found.append(stored(database))
    assert found[0] == found[1]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].possible_duplicates
    assert len(found[0]["people"]) == len({row["external_id"] for row in rows})


def test_nobody_but_new_people_are_written_without_looking_at_rows(database: Database) -> None:
    sent: CleanBatch = pickle.loads(
        pickle.dumps(batch_of(ROWS, ahead_of(database).made(CleanRows.of(ROWS).columns)))
    )
    with database.transaction() as session:
        outcome = upserter_for(MAPPING).apply(session, sent)
    assert (outcome.created, outcome.possible_duplicates) == (len(ROWS), 3)
    assert not sent.rows.is_unpacked
    assert stored(database)["people"]


@pytest.mark.parametrize("rows", [[], [ROWS[0], {"external_id": "C-1"}], [ROWS[0], {"name": "A"}]])
def test_rows_that_are_no_whole_people_are_looked_at(
    sqlite_database: Database, rows: list[dict[str, Any]]
) -> None:
    columns = {name: [] for name in FIELDS} | dict(CleanRows.of(rows).columns)
    assert ahead_of(sqlite_database).made(columns).newcomers is None


def test_who_is_known_or_erased_is_looked_at(database: Database) -> None:
    made = ahead_of(database).made(CleanRows.of(ROWS).columns)
    with database.transaction() as session:
        gone = Identifiers((), (ROWS[5]["external_id"],), (), (), (), (), ())
        set_tombstones(session, gone, erasure_id=new_id(), at=utc_now())
    assert imported(database, ROWS[:1], None).created == 1
    outcome = imported(database, ROWS, made)
    assert (outcome.unchanged, outcome.erased) == (1, 1)
    assert outcome.created == len(ROWS) - 2


def test_what_was_made_is_what_is_stored(sqlite_database: Database) -> None:
    made = ahead_of(sqlite_database).made(CleanRows.of(ROWS).columns)
    forms = set(made.columns["email"])
    imported(sqlite_database, ROWS, made)
    with sqlite_database.reading() as session:
        assert set(session.execute(text("SELECT email FROM customers")).scalars()) == forms


def test_what_an_older_key_has_sealed_is_made_anew(sqlite_database: Database) -> None:
    made = ahead_of(sqlite_database).made(CleanRows.of(ROWS).columns)
    rotated = Keyring({"k2": bytes(range(1, 33)), "k1": bytes(range(32))})
    put_on(sqlite_database.engine, rotated)
    try:
        outcome = imported(sqlite_database, ROWS, made)
        with sqlite_database.reading() as session:
            old = func.instr(text("email"), ":k1:") > 0
            count = select(func.count()).select_from(text("customers"))
            assert session.scalar(count.where(old)) == 0
            assert session.scalar(count) == len(ROWS)
    finally:
        put_on(sqlite_database.engine, KEYRING)
    assert outcome.possible_duplicates == 3


def test_nothing_but_the_key_is_lost_under_another_one() -> None:
    made = Made(
        {"email": ["a", "b"], "created_at": ["1", "2"]}, ["w", None], "k1", frozenset({"email"})
    )
    assert made.of([1], "k2").columns == {"created_at": ["2"]}
    assert made.of([1], "k1").columns == {"email": ["b"], "created_at": ["2"]}
    assert made.of([0, 1], "k2").words == ["w", None]
