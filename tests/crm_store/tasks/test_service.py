"""Tasks: about one record, with reminders, on the customer's timeline."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm_store.database import Database
from crm_store.lists import ListQuery
from crm_store.models import Interaction, InteractionKind, TaskStatus
from crm_store.tasks.errors import TaskNotFound
from crm_store.tasks.repository import TaskCounts, TaskFilter
from crm_store.tasks.service import TaskService
from foundation.errors import Invalid
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer
from tests.factories.sales import NOON, Clock, make_lead, make_opportunity, make_seller


def test_a_task_is_on_the_timeline_of_whom_it_is_about(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann = make_seller(session)
        customer = make_customer(session)
        deal = make_opportunity(session, ann, customer_id=customer.id)
        chat = make_conversation(session, customer_id=customer.id)
        service = TaskService(session, clock=clock)
        for about in (
            {"opportunity_id": deal.id},
            {"customer_id": customer.id},
            {"conversation_id": chat.id},
            {"lead_id": make_lead(session, ann).id},
            {},
        ):
            task = service.create({"title": f"About {len(about)}", **about}, asker=ann)
            assert task.owner_id == ann.user_id
            service.edit(task.id, {"details": "Soon"}, asker=ann)
            service.edit(task.id, {"status": "done"}, asker=ann, version=2)
            assert task.closed_at == clock.at
        told = session.scalars(
            select(Interaction.summary).where(Interaction.kind == InteractionKind.TASK)
        ).all()
        assert sorted(told) == ["Task done: About 1"] * 3 + ["Task: About 1"] * 3


def test_what_it_is_about(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        customer, lead = make_customer(session, name="Cora"), make_lead(session, ann, name="Lee")
        service = TaskService(session)
        task = service.create({"title": "Call", "customer_id": customer.id}, asker=ann)
        assert service.names([task]) == {task.id: "Cora"}
        service.edit(task.id, {"lead_id": lead.id}, asker=ann)
        assert (task.customer_id, task.lead_id) == (None, lead.id)
        assert service.names([task]) == {task.id: "Lee"}
        service.edit(task.id, {"lead_id": None}, asker=ann)
        assert service.names([task]) == {}
        with pytest.raises(Invalid, match="one record"):
            service.create(
                {"title": "X", "customer_id": customer.id, "lead_id": lead.id}, asker=ann
            )
        with pytest.raises(Invalid, match="ticket_id"):
            service.create({"title": "X", "ticket_id": new_id()}, asker=ann)
        with pytest.raises(Invalid, match="status"):
            service.create({"title": "X", "status": "done"}, asker=ann)
        with pytest.raises(TaskNotFound):
            service.get(new_id(), asker=ann)


def test_opening_a_task_again(database: Database) -> None:
    with database.transaction() as session:
        ann = make_seller(session)
        service = TaskService(session)
        task = service.create({"title": "Call"}, asker=ann)
        service.edit(task.id, {"status": "cancelled"}, asker=ann)
        service.edit(task.id, {"status": "open"}, asker=ann)
        assert (task.status, task.closed_at) == (TaskStatus.OPEN, None)


def test_lists_and_counts(database: Database) -> None:
    clock = Clock()
    tomorrow = NOON.replace(hour=0) + timedelta(days=1)
    with database.transaction() as session:
        ann, bob = make_seller(session), make_seller(session)
        service = TaskService(session, clock=clock)
        for title, due, priority in (
            ("late", NOON - timedelta(days=1), "low"),
            ("today", NOON + timedelta(hours=3), "high"),
            ("next week", NOON + timedelta(days=7), "normal"),
            ("some day", None, "high"),
        ):
            service.create({"title": title, "due_at": due, "priority": priority}, asker=ann)
        done = service.create({"title": "done", "due_at": NOON - timedelta(days=2)}, asker=ann)
        service.edit(done.id, {"status": "done"}, asker=ann)
        service.create({"title": "Bob's"}, asker=bob)
        assert service.counts(asker=ann, tomorrow=tomorrow) == TaskCounts(4, 1, 1)
        mine = TaskFilter(owner=ann.user_id, status=[TaskStatus.OPEN])
        for wanted, sort, titles in (
            (mine, None, ["late", "today", "next week", "some day"]),
            (mine, "-due_at", ["next week", "today", "late", "some day"]),
            (mine, "-priority,due_at", ["today", "some day", "next week", "late"]),
            (TaskFilter(due_before=NOON, status=[TaskStatus.OPEN]), None, ["late"]),
            (TaskFilter(due_from=NOON, due_before=tomorrow), None, ["today"]),
            (TaskFilter(q="WEEK"), None, ["next week"]),
        ):
            page = service.page(asker=bob, wanted=wanted, query=ListQuery(sort))
            assert [task.title for task in page.items] == titles, (wanted, sort)


def test_reminders_come_once(database: Database) -> None:
    clock = Clock()
    with database.transaction() as session:
        ann, bob = make_seller(session), make_seller(session)
        service = TaskService(session, clock=clock)
        at = NOON + timedelta(hours=1)
        task = service.create({"title": "Call", "remind_at": at}, asker=ann)
        assert service.reminders(asker=ann) == []
        clock.forward(hours=2)
        assert service.reminders(asker=ann) == [task]
        assert service.reminders(asker=bob) == []
        service.put_away(task.id, asker=ann)
        service.put_away(task.id, asker=ann)
        assert service.reminders(asker=ann) == []
        service.edit(task.id, {"remind_at": clock.at}, asker=ann, version=1)
        assert service.reminders(asker=ann) == [task]
        service.edit(task.id, {"status": "done"}, asker=ann)
        assert service.reminders(asker=ann) == []
