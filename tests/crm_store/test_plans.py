"""How the databases read lists and sums whose index is easily passed by."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from crm_store.accounts.repository import AccountFilter, AccountRepository
from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.insights.overview import read_containment, read_moods, read_overview
from crm_store.leads.repository import LeadFilter, LeadRepository
from crm_store.lists import ListQuery
from crm_store.models import (
    Account,
    Author,
    Conversation,
    Csat,
    Lead,
    LeadSource,
    Message,
    Task,
    Ticket,
)
from crm_store.tasks.repository import TaskFilter, TaskRepository
from crm_store.tickets.listing import TicketFilter
from crm_store.tickets.service import TicketService
from foundation.clock import utc_now
from foundation.ids import new_id
from tests.factories.access import make_site, make_user

_ROWS = 60
Plans = Callable[[Callable[[Session], object]], list[str]]


@pytest.fixture
def filled(database: Database) -> Database:
    """A store in which nobody has been given anything, with its statistics."""
    with database.transaction() as session:
        site = make_site(session)
        session.flush()
        now = utc_now()
        times = [now - timedelta(days=at) for at in range(_ROWS)]
        talks = [{"id": new_id(), "site_id": site.id, "created_at": at} for at in times]
        said = {"seq": 1, "author": Author.CUSTOMER, "text": "Hello", "sentiment": "neutral"}
        ticket = {"subject": "Broken", "body": "It broke.", "topic": "complaint"}
        for model, rows in (
            (Account, [{"name": f"Firm {at}"} for at in range(_ROWS)]),
            (Ticket, [ticket | {"number": f"T-{at}"} for at in range(_ROWS)]),
            (Task, [{"title": "Call back"}] * _ROWS),
            (Lead, [{"name": "Ann", "source": LeadSource.CHAT}] * _ROWS),
            (Conversation, talks),
            (
                Message,
                [said | {"conversation_id": t["id"], "sent_at": t["created_at"]} for t in talks],
            ),
            (
                Csat,
                [
                    {"conversation_id": t["id"], "score": 5, "created_at": t["created_at"]}
                    for t in talks
                ],
            ),
        ):
            session.execute(insert(model), rows)
        session.execute(text("ANALYZE"))
    return database


@pytest.fixture
def plans(filled: Database) -> Plans:
    """Explains whatever a function asks; PostgreSQL would read tables this small whole."""

    def explain(ask: Callable[[Session], object]) -> list[str]:
        asked: list[tuple[str, Any]] = []

        def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            asked.append((statement, parameters))

        event.listen(filled.engine, "before_cursor_execute", keep)
        with filled.reading() as session:
            ask(session)
        event.remove(filled.engine, "before_cursor_execute", keep)
        prefix = "EXPLAIN QUERY PLAN" if filled.is_sqlite else "EXPLAIN"
        with filled.engine.connect() as connection:
            if not filled.is_sqlite:
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            return [
                str(row[-1])
                for statement, parameters in asked
                if statement.startswith("SELECT")
                for row in connection.exec_driver_sql(f"{prefix} {statement}", parameters)
            ]

    return explain


def _accounts(query: ListQuery, session: Session) -> object:
    return AccountRepository(session).page(AccountFilter(), query)


def names(found: list[str], index: str) -> bool:
    return any(index in line for line in found)


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_accounts_by_name_are_read_a_page_at_a_time(
    filled: Database, plans: Plans, sort: str
) -> None:
    with filled.reading() as session:
        page = AccountRepository(session).page(AccountFilter(), ListQuery(sort, limit=20))
    after = ListQuery(sort, page.next_cursor, 20)
    for query in (ListQuery(sort, limit=20), after):
        found = plans(partial(_accounts, query))
        assert names(found, "ix_accounts_lower_name_id")
        assert not [line for line in found if "Sort" in line or "B-TREE" in line]
        if query is after:  # a later page begins in the index, not at the index's beginning
            assert names(found, "SEARCH" if filled.is_sqlite else "Index Cond")


def test_what_nobody_was_given_is_not_searched_for_in_everything(
    filled: Database, plans: Plans
) -> None:
    with filled.transaction() as session:
        user = make_user(session).id
    asker = AsSystem("test")
    for index, ask in (
        (
            "ix_tickets_assignee_id_status_created_at",
            lambda s: TicketService(s).rows(TicketFilter(assignee=user), ListQuery(), asker=asker),
        ),
        (
            "ix_tickets_customer_id",
            lambda s: TicketService(s).rows(
                TicketFilter(customer_id=user), ListQuery(), asker=asker
            ),
        ),
        (
            "ix_tasks_owner_id_status_remind_at",
            lambda s: TaskRepository(s).page(TaskFilter(owner=user), ListQuery()),
        ),
        (
            "ix_tasks_lead_id",
            lambda s: TaskRepository(s).page(TaskFilter(about=("lead_id", user)), ListQuery()),
        ),
        (
            "ix_leads_owner_id",
            lambda s: LeadRepository(s).page(LeadFilter(owner=user), ListQuery()),
        ),
    ):
        assert names(plans(ask), index), index


def test_the_overview_reads_its_days_alone(filled: Database, plans: Plans) -> None:
    since = utc_now() - timedelta(days=3)
    found = plans(lambda s: read_overview(s, since=since))
    for index in ("ix_conversations_created_at", "ix_messages_sent_at", "ix_csats_created_at"):
        assert names(found, index), index
    assert names(plans(lambda s: read_containment(s, since=since)), "ix_conversations_created_at")
    assert names(plans(lambda s: read_moods(s, since=since)), "ix_messages_sent_at")
