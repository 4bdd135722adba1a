"""The demo shop's sales: without contradictions, the same every time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.migrate import upgrade
from crm_store.models import (
    Account,
    Lead,
    Opportunity,
    OpportunityStatus,
    Role,
    Stage,
    StageChange,
    Task,
    TaskStatus,
)
from crm_store.sales.service import Period, SalesReportService
from crm_store.seeding import seed
from crm_store.seeding.sales import share_out
from tests.factories import make_user
from tests.fixtures.databases import AUDIT_KEYS, KEYRING

TODAY = date(2026, 6, 17)
NOW = datetime(2026, 6, 17, tzinfo=UTC)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    path: Path = tmp_path_factory.mktemp("shop") / "kefu.db"
    upgrade(f"sqlite:///{path}")
    database = Database(f"sqlite:///{path}", audit_keys=AUDIT_KEYS, keyring=KEYRING)
    seed(database, customers=80, today=TODAY)
    with database.reading() as session:
        yield session
    database.dispose()


def test_every_opportunity_is_where_its_history_leads(shop: Session) -> None:
    kinds = {stage.id: stage.kind for stage in shop.scalars(select(Stage))}
    for deal in shop.scalars(select(Opportunity)):
        history = shop.scalars(
            select(StageChange)
            .where(StageChange.opportunity_id == deal.id)
            .order_by(StageChange.seq)
        ).all()
        assert [change.seq for change in history] == list(range(1, deal.version + 1))
        times = [change.at for change in history]
        assert times == sorted(times)
        assert times[-1] <= NOW
        for before, after in pairwise(history):
            assert after.from_stage_id == before.to_stage_id
        assert (history[-1].to_stage_id, times[-1]) == (deal.stage_id, deal.stage_since)
        assert kinds[deal.stage_id] is deal.status
        assert deal.closed_at == (None if deal.status is OpportunityStatus.OPEN else times[-1])


def test_there_is_something_to_see_everywhere(shop: Session) -> None:
    report = SalesReportService(shop).report(
        asker=AsSystem("test"), period=Period.last_days(240, NOW)
    )
    assert report.outcome.won.count > 3
    assert report.outcome.lost.count > 3
    assert all(one.pace.entered and one.now.open.count for one in report.stages)
    scores = [lead.score for lead in shop.scalars(select(Lead))]
    assert len(set(scores)) > 5
    tasks = shop.scalars(select(Task)).all()
    assert {task.status for task in tasks} == {TaskStatus.OPEN, TaskStatus.DONE}
    assert any(task.due_at and task.due_at < NOW for task in tasks)
    assert all(site.endswith(".example") for site in shop.scalars(select(Account.website)) if site)


def test_staff_share_it_out(sqlite_database: Database) -> None:
    seed(sqlite_database, customers=20, today=TODAY)
    with sqlite_database.transaction() as session:
        agent, admin = make_user(session).id, make_user(session, role=Role.ADMIN).id
        share_out(session, [agent, admin])
        owners = set(session.scalars(select(Opportunity.owner_id)))
        assert owners == {agent, admin}
        assert set(session.scalars(select(Lead.owner_id))) == {agent, admin, None}
        assert None not in set(session.scalars(select(StageChange.user_id)))
