"""Searching for duplicates, from the records to the queue and the merges."""

from sqlalchemy import func, select

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.linkage.local import LocalBackend
from crm_store.linkage.queue import DuplicateService
from crm_store.linkage.run import LinkOptions, LinkReport, link_all, link_new
from crm_store.merging.service import MergeService
from crm_store.models import Customer, DuplicatePair, ModelRun, PairStatus
from tests.crm_store.linkage.people import make_people, vouch
from tests.factories import make_customer

SYSTEM = AsSystem("test")
ANNA = {
    "name": "Anna Meier",
    "email": "anna@example.com",
    "phone": "+49301112223",
    "street": "Hauptstraße 5",
    "postal_code": "10115",
    "city": "Berlin",
}


def search(database: Database, **options: object) -> LinkReport:
    backend = LocalBackend(threads=1)
    try:
        return link_all(database, backend, LinkOptions(**options))  # type: ignore[arg-type]
    finally:
        backend.close()


def statuses(database: Database) -> list[PairStatus]:
    with database.reading() as session:
        return list(session.scalars(select(DuplicatePair.status)))


def test_a_second_record_of_a_person_waits_in_the_queue(database: Database) -> None:
    with database.transaction() as session:
        make_people(session, 30)
        first = make_customer(session, **ANNA)
        second = make_customer(session, **ANNA | {"name": "Meier, Anna", "street": "Hauptstr. 5"})
    report = search(database)
    assert (report.customers, report.doubtful, report.certain, report.new) == (32, 1, 0, 1)
    with database.reading() as session:
        (view,) = DuplicateService(session).list(asker=SYSTEM).items
        assert {view.pair.first_id, view.pair.second_id} == {first.id, second.id}
        bits = {one["field"]: one["bits"] for one in view.pair.reasons["comparisons"]}
        assert set(bits) == {"given", "family", "email", "phone", "address"}
        assert "anna" not in str(view.pair.reasons).casefold()
        assert view.keep == first.id


def test_the_same_unverified_address_never_merges_anybody(database: Database) -> None:
    with database.transaction() as session:
        make_people(session, 30)
        make_customer(session, **ANNA)
        make_customer(session, **ANNA)
    report = search(database, merge_certain=True)
    assert (report.certain, report.merged) == (0, 0)
    assert statuses(database) == [PairStatus.OPEN]


def test_one_verified_side_is_not_enough(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        make_people(session, 30)
        one = make_customer(session, **ANNA)
        make_customer(session, **ANNA)
        vouch(session, one.id, email=ANNA["email"], subject="1")
    assert search(sqlite_database, merge_certain=True).merged == 0


def test_certain_pairs_are_merged_only_when_wanted(database: Database) -> None:
    with database.transaction() as session:
        make_people(session, 30)
        one, other = make_customer(session, **ANNA), make_customer(session, **ANNA)
        vouch(session, one.id, email=ANNA["email"], subject="1")
        vouch(session, other.id, email=ANNA["email"], subject="2")
    assert search(database).merged == 0
    report = search(database, merge_certain=True)
    assert (report.certain, report.seen, report.merged) == (1, 1, 1)
    assert statuses(database) == [PairStatus.MERGED]
    with database.reading() as session:
        merged = session.scalars(select(Customer).where(Customer.merged_into_id.is_not(None)))
        assert [customer.id for customer in merged] == [other.id]


def test_a_different_name_at_a_verified_address_is_left_to_a_person(
    sqlite_database: Database,
) -> None:
    with sqlite_database.transaction() as session:
        make_people(session, 30)
        one = make_customer(session, **ANNA)
        other = make_customer(session, **ANNA | {"name": "Jonas Meier"})
        vouch(session, one.id, email=ANNA["email"], subject="1")
        vouch(session, other.id, email=ANNA["email"], subject="2")
    assert search(sqlite_database, merge_certain=True).merged == 0


def test_what_was_rejected_or_undone_never_comes_back(database: Database) -> None:
    with database.transaction() as session:
        make_people(session, 30)
        one, other = make_customer(session, **ANNA), make_customer(session, **ANNA)
        vouch(session, one.id, email=ANNA["email"], subject="1")
        vouch(session, other.id, email=ANNA["email"], subject="2")
    search(database, merge_certain=True)
    with database.transaction() as session:
        merges = MergeService(session)
        merges.undo(merges.latest_of(one.id).id, asker=SYSTEM)
    report = search(database, merge_certain=True)
    assert (report.decided, report.merged) == (1, 0)
    assert statuses(database) == [PairStatus.REJECTED]


def test_new_customers_are_compared_with_everybody_and_nobody_else(database: Database) -> None:
    with database.transaction() as session:
        make_people(session, 30)
        make_customer(session, **ANNA | {"name": "Old Twin"})
        make_customer(session, **ANNA | {"name": "Old Twin"})
        new = make_customer(session, **ANNA | {"name": "Old Twin"})
    backend = LocalBackend(threads=1)
    report = link_new(database, backend, LinkOptions(), [new.id])
    backend.close()
    assert (report.searched, report.doubtful) == (1, 2)
    with database.reading() as session:
        pairs = session.scalars(select(DuplicatePair)).all()
        assert all(new.id in (pair.first_id, pair.second_id) for pair in pairs)


def test_a_pair_that_is_none_any_more_leaves_the_queue(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        make_people(session, 30)
        make_customer(session, **ANNA)
        other = make_customer(session, **ANNA)
    search(sqlite_database)
    with sqlite_database.transaction() as session:
        found = session.get_one(Customer, other.id)
        found.name, found.email, found.phone = "Omar Okafor", "omar@example.com", "+49308889990"
    report = search(sqlite_database)
    assert (report.withdrawn, statuses(sqlite_database)) == (1, [])


def test_a_dry_run_writes_nothing(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        make_people(session, 30)
        make_customer(session, **ANNA)
        make_customer(session, **ANNA)
    report = search(sqlite_database, dry_run=True, merge_certain=True)
    assert (report.doubtful, report.new) == (1, 0)
    with sqlite_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DuplicatePair)) == 0
        assert session.scalar(select(func.count()).select_from(ModelRun)) == 0


def test_two_searches_of_the_same_customers_give_the_same_scores(
    sqlite_database: Database,
) -> None:
    with sqlite_database.transaction() as session:
        make_people(session, 600)
        people = make_people(session, 600)  # everybody a second time
    first = scores(sqlite_database, search(sqlite_database))
    assert len(first) >= len(people) * 0.9
    assert scores(sqlite_database, search(sqlite_database)) == first


def scores(database: Database, report: LinkReport) -> dict[object, float]:
    assert report.learned_from
    with database.reading() as session:
        return {pair.id: pair.score for pair in session.scalars(select(DuplicatePair))}


def test_strangers_alone_teach_nothing(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        make_people(session, 600)
        make_customer(session, **ANNA)
        make_customer(session, **ANNA | {"name": "Anna Mejer"})
    report = search(sqlite_database)
    assert (report.learned_from, report.doubtful) == ([], 1)


def test_an_empty_store_and_a_single_customer_have_no_duplicates(
    sqlite_database: Database,
) -> None:
    assert search(sqlite_database).customers == 0
    with sqlite_database.transaction() as session:
        make_customer(session)
    assert search(sqlite_database).doubtful == 0
