"""An erasure reaches every table and file, leaves everybody else alone, and can be killed."""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crm_store.asking import AsCustomer, AsStaff
from crm_store.database import Database
from crm_store.jobs import JobRunner, JobService
from crm_store.models import AuditEntry, Customer, Job, JobStatus, Order, OrderStatus, Role
from crm_store.privacy.classified import ERASED_ID, Classified, Erasure
from crm_store.privacy.erasing import job as erasing
from crm_store.privacy.erasing.rows import erase_rows
from crm_store.privacy.erasing.service import ErasureService
from crm_store.privacy.errors import OrdersUnderWay
from crm_store.privacy.personal import belongs_to, in_order_of_erasure, personal, table_of
from foundation.errors import NotAllowed
from foundation.ids import new_id
from tests.crm_store.privacy.conftest import ADMIN, OPERATOR, remains, snapshot
from tests.crm_store.privacy.everything import Everything

Erase = Callable[[Any], Job]


@pytest.fixture
def anna(database: Database) -> Everything:
    with database.transaction() as session:
        return Everything(session, "zephyrine")


@pytest.fixture
def bert(database: Database, anna: Everything) -> Everything:
    with database.transaction() as session:
        return Everything(session, "balthasar")


def test_the_person_has_a_row_everywhere(database: Database, anna: Everything) -> None:
    with database.reading() as session:
        for line in personal():
            rows = select(func.count()).select_from(table_of(line))
            found = session.scalar(rows.where(belongs_to(line, [anna.customer_id])))
            assert found, line.table
    assert remains(database, anna.marks)


def test_nothing_that_names_them_is_left(
    database: Database, anna: Everything, erase: Erase
) -> None:
    job = erase(anna.customer_id)
    assert job.status is JobStatus.DONE, job.last_error
    assert job.result is not None
    assert job.result["remains"] == {"certain": {}, "possible": {}}
    assert remains(database, anna.marks) == []


def test_rows_go_or_stay_as_the_register_says(
    database: Database, anna: Everything, erase: Erase
) -> None:
    kept = {
        line.table: anna.keys[line.table]["id"]
        for line in personal()
        if line.erasure is not Erasure.DELETE
    }
    erase(anna.customer_id)
    with database.reading() as session:
        for line in personal():
            table = table_of(line)
            where = table.c.id == kept[line.table] if line.table in kept else None
            count = select(func.count()).select_from(table)
            if where is not None:
                assert session.scalar(count.where(where)) == 1, line.table
            elif line.table not in {"customers", "consents"}:
                assert session.scalar(count) == 0, line.table
        order = session.scalars(select(Order)).one()
        assert (order.customer_id, order.total_minor, order.street) == (ERASED_ID, 2, "[erased]")
        assert session.get(Customer, anna.customer_id) is None


def test_everybody_else_keeps_everything(
    database: Database, anna: Everything, bert: Everything, erase: Erase
) -> None:
    before = snapshot(database, ["balthasar", "Balthasar"])
    assert len(before) > 30
    erase(anna.customer_id)
    assert snapshot(database, ["balthasar", "Balthasar"]) == before


def test_the_receipt_counts_and_names_nobody(
    database: Database, anna: Everything, erase: Erase
) -> None:
    job = erase(anna.customer_id)
    with database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "customer.erased")
        ).one()
    assert entry.facts["rows"]["messages"] == 1
    assert job.result is not None
    assert entry.facts == job.result
    assert job.state is not None
    assert job.state.keys() == {"receipt"}


def test_dying_at_every_table_once_it_still_ends(
    database: Database, anna: Everything, runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run ends at the next table: the table's rows are gone, and its step is not saved."""
    dead_at: set[str] = set()

    def dying(session: Session, line: Classified, records: Sequence[UUID]) -> int:
        if line.table in dead_at:
            return erase_rows(session, line, records)
        dead_at.add(line.table)
        erase_rows(session, line, records)
        session.commit()
        raise InterruptedError

    monkeypatch.setattr(erasing, "erase_rows", dying)
    with database.transaction() as session:
        job = ErasureService(session).request(anna.customer_id, asker=OPERATOR)
    for _ in range(2 * len(in_order_of_erasure())):
        job = runner.run_job(job.id, stop=threading.Event())
        if job.status is JobStatus.DEAD:
            with database.transaction() as session:
                job = JobService(session).retry(job.id)
        if job.status is JobStatus.DONE:
            break
    assert dead_at == {line.table for line in in_order_of_erasure()}
    assert job.result is not None
    assert job.result["remains"] == {"certain": {}, "possible": {}}
    assert remains(database, anna.marks) == []


def test_a_second_request_joins_the_first(database: Database, anna: Everything) -> None:
    with database.transaction() as session:
        service = ErasureService(session)
        first = service.request(anna.customer_id, asker=ADMIN)
        assert service.request(anna.customer_id, asker=OPERATOR).id == first.id


@pytest.mark.parametrize("status", [OrderStatus.PAID, OrderStatus.SHIPPED])
def test_what_is_under_way_is_delivered_first(
    database: Database, anna: Everything, status: OrderStatus
) -> None:
    with database.transaction() as session:
        session.execute(update(Order).values(status=status))
        service = ErasureService(session)
        with pytest.raises(
            OrdersUnderWay, match=r"^1 order is not delivered .*yet; for that a name"
        ):
            service.request(anna.customer_id, asker=ADMIN)
        assert service.request(anna.customer_id, asker=ADMIN, despite_orders=True)


def test_only_who_manages_privacy_may_erase(database: Database, anna: Everything) -> None:
    agent = AsStaff(new_id(), Role.AGENT)
    for asker in (agent, AsCustomer(anna.customer_id)):
        with database.transaction() as session, pytest.raises(NotAllowed):
            ErasureService(session).request(anna.customer_id, asker=asker)
