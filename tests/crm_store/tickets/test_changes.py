"""Editing, commenting, merging and bulk edits, on each database."""

from typing import Any

import pytest
from sqlalchemy import event, select, text

from crm_store.asking import AsCustomer, AsStaff, AsSystem
from crm_store.database import Database
from crm_store.labels.service import LabelService
from crm_store.lists import ListQuery
from crm_store.models import (
    AuditEntry,
    Interaction,
    LabelTone,
    Role,
    TicketLabel,
    TicketPriority,
    TicketStatus,
)
from crm_store.tickets.changes import TRANSITIONS
from crm_store.tickets.errors import NotMergeable, TicketChanged, TicketMerged, TicketNotFound
from crm_store.tickets.service import SlaState, TicketFilter, TicketService
from foundation.errors import Conflict, Invalid, NotAllowed
from foundation.ids import new_id
from tests.crm_store.tickets.conftest import Desk
from tests.factories import make_customer, make_order, make_user

OPEN, PENDING = TicketStatus.OPEN, TicketStatus.PENDING
SOLVED, CLOSED = TicketStatus.SOLVED, TicketStatus.CLOSED


def test_changes_are_kept_with_who_made_them(desk: Desk) -> None:
    ticket = desk.open()
    changed = desk.edit(
        ticket, priority=TicketPriority.URGENT, assignee_id=desk.agent.id, subject=ticket.subject
    )
    assert changed.version == ticket.version + 1
    with desk.database.reading() as session:
        events = TicketService(session).detail(ticket.number, asker=desk.asker).events
        entries = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert {event.kind: event.data for event in events if event.data} == {
        "priority": {"from": "normal", "to": "urgent"},
        "assignee": {"from": None, "to": str(desk.agent.id)},
    }
    assert {event.user_id for event in events} == {desk.agent.id}
    assert entries == ["ticket.opened", "ticket.changed"]


def test_nothing_new_changes_nothing(desk: Desk) -> None:
    ticket = desk.open()
    assert desk.edit(ticket, status=OPEN, subject=ticket.subject).version == ticket.version


@pytest.mark.parametrize("before", list(TicketStatus))
@pytest.mark.parametrize("after", list(TicketStatus))
def test_states(desk: Desk, before: TicketStatus, after: TicketStatus) -> None:
    ticket = desk.open()
    if before is not OPEN:
        desk.edit(ticket, status=before)
    if after is before or after in TRANSITIONS[before]:
        assert desk.edit(ticket, status=after).status is after
    else:
        with pytest.raises(Conflict, match="cannot become"):
            desk.edit(ticket, status=after)


def test_the_second_of_two_who_saw_the_same_is_told(desk: Desk) -> None:
    ticket = desk.open()
    for who, expected in ((desk.asker, None), (desk.boss, TicketChanged)):
        with desk.service() as tickets:
            if expected is None:
                tickets.edit(ticket.number, {"status": PENDING}, version=0, asker=who)
            else:
                with pytest.raises(expected):
                    tickets.edit(ticket.number, {"status": SOLVED}, version=0, asker=who)
    assert desk.look(ticket).status is PENDING


def test_who_may_and_who_may_be_asked(desk: Desk) -> None:
    ticket = desk.open()
    analyst = AsStaff(new_id(), Role.ANALYST)
    for asker in (analyst, AsCustomer(desk.customer.id)):
        with desk.service() as tickets, pytest.raises(NotAllowed):
            tickets.edit(ticket.number, {"status": SOLVED}, asker=asker)
    with desk.database.transaction() as session:
        watcher = make_user(session, role=Role.ANALYST)
    for nobody in (watcher.id, new_id()):
        with pytest.raises(Invalid, match="assignee"):
            desk.edit(ticket, assignee_id=nobody)


def test_opening_by_staff_checks_what_belongs_together(desk: Desk) -> None:
    with desk.database.transaction() as session:
        other = make_customer(session)
        order = make_order(session, other)
    assert desk.open(customer_id=None, order_id=order.id).customer_id == other.id
    with pytest.raises(Invalid, match="belong"):
        desk.open(order_id=order.id)
    for name in ("customer_id", "order_id", "conversation_id"):
        with pytest.raises(Invalid, match=name):
            desk.open(**{"customer_id": None, name: new_id()})


def test_merging_and_taking_it_back(desk: Desk) -> None:
    target, double = desk.open(), desk.open()
    desk.edit(double, status=PENDING)
    with desk.service() as tickets:
        tickets.comment(double.number, "Said here", client_id="1", asker=desk.asker)
        tickets.merge(target.number, [double.number], asker=desk.asker)
    merged = desk.look(double)
    assert (merged.status, merged.merged_into_id) == (CLOSED, target.id)
    with desk.database.reading() as session:
        tickets = TicketService(session)
        detail = tickets.detail(target.number, asker=desk.asker)
        assert [ticket.number for ticket in detail.duplicates] == [double.number]
        said = tickets.comments(target.number, ListQuery(), asker=desk.asker).items
        assert [row[0].text for row in said] == ["Said here"]
        assert tickets.detail(double.number, asker=desk.asker).merged_into == target.number
    with pytest.raises(TicketMerged, match=target.number):
        desk.edit(double, status=OPEN)
    with desk.service() as tickets:
        tickets.separate(double.number, asker=desk.asker)
    stands = desk.look(double)
    assert (stands.status, stands.merged_into_id, stands.solved_at) == (PENDING, None, None)
    with desk.service() as tickets, pytest.raises(NotMergeable):
        tickets.separate(double.number, asker=desk.asker)


def test_what_cannot_be_merged(desk: Desk) -> None:
    a, b, c = desk.open(), desk.open(), desk.open()
    with desk.database.transaction() as session:
        stranger = make_customer(session)
    foreign = desk.open(customer_id=stranger.id)

    def merge(into: Any, *duplicates: Any) -> None:
        with desk.service() as tickets:
            tickets.merge(into.number, [one.number for one in duplicates], asker=desk.asker)

    for into, duplicates in ((a, (a,)), (a, (foreign,)), (a, ())):
        with pytest.raises(NotMergeable):
            merge(into, *duplicates)
    with pytest.raises(NotMergeable):
        merge(a, b, foreign)
    assert desk.look(b).merged_into_id is None  # all or nothing
    merge(a, b)
    merge(a, b)
    for into, duplicates in ((b, (c,)), (c, (b,)), (c, (a,))):
        with pytest.raises(NotMergeable):
            merge(into, *duplicates)


def test_many_at_once(desk: Desk) -> None:
    first, second, closed = desk.open(), desk.open(), desk.open()
    desk.edit(closed, status=CLOSED)
    with desk.database.transaction() as session:
        label = LabelService(session).add(
            name="Flood", tone=LabelTone.BLUE, description="", asker=desk.boss
        )
    with desk.service() as tickets:
        results = tickets.edit_many(
            [first.number, closed.number, "T-0000000", second.number, first.number],
            {"status": PENDING},
            add_labels=[label.id],
            asker=desk.asker,
        )
    problems = {result.number: result.problem for result in results}
    assert problems[first.number] is problems[second.number] is None
    assert isinstance(problems[closed.number], Conflict)
    assert isinstance(problems["T-0000000"], TicketNotFound)
    with desk.database.reading() as session:
        assert set(session.scalars(select(TicketLabel.ticket_id))) == {first.id, second.id}
    for numbers, change in (([], {"status": OPEN}), ([first.number], {})):
        with desk.service() as tickets, pytest.raises(Invalid):
            tickets.edit_many(numbers, change, asker=desk.asker)  # type: ignore[arg-type]


def test_lists(desk: Desk) -> None:
    tickets_made = [desk.open(subject=f"Zip {n}") for n in range(5)]
    desk.edit(tickets_made[0], status=PENDING, assignee_id=desk.agent.id)
    desk.wait(hours=2)
    last = desk.open(subject="Tent ÄRGER", priority=TicketPriority.LOW)
    desk.watch()

    def found(sort: str | None = None, **wanted: Any) -> list[str]:
        with desk.database.reading() as session:
            service, cursor, numbers = TicketService(session), None, []
            while True:
                page = service.rows(
                    TicketFilter(**wanted), ListQuery(sort, cursor, 2), asker=desk.asker
                )
                numbers += [row.ticket.number for row in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    return numbers

    everything = found()
    assert everything[0] == last.number
    assert set(everything) == {ticket.number for ticket in [*tickets_made, last]}
    assert found(status=PENDING) == found(assignee=desk.agent.id) == [tickets_made[0].number]
    assert found(sla=SlaState.PAUSED) == [tickets_made[0].number]
    assert found(priority=TicketPriority.LOW) == found(q="ärger") == [last.number]
    assert found(q="Ärg") == [last.number]  # the beginning of a word
    assert found(q="rger") == []
    assert found(q=last.number.lower()) == [last.number]
    assert last.number not in found(sla=SlaState.BREACHED)
    assert len(found(assignee="none")) == 5
    by_due = found("due_at")
    assert by_due[-1] == last.number
    assert tickets_made[0].number not in by_due
    assert len(by_due) == 5
    assert found("-due_at") == by_due[::-1]


def test_the_timeline_tells_what_a_customer_cares_about(desk: Desk) -> None:
    ticket = desk.open()
    desk.edit(ticket, status=SOLVED)
    desk.edit(ticket, status=OPEN)
    with desk.database.reading() as session:
        entries = session.scalars(select(Interaction).order_by(Interaction.id)).all()
    assert [(entry.data or {})["event"] for entry in entries] == ["opened", "solved", "reopened"]


def test_opening_a_ticket_does_not_walk_through_all_of_them(sqlite_database: Database) -> None:
    with sqlite_database.transaction() as session:
        tickets = TicketService(session)
        for key in range(60):
            ticket = tickets.open(
                subject="Broken", body="It broke.", topic="complaint", idempotency_key=f"k{key}"
            )
        number = ticket.number
    with sqlite_database.transaction() as session:
        # With the statistics of a store in which nothing is merged.
        session.execute(text("ANALYZE"))
    asked: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(sqlite_database.engine, "before_cursor_execute", keep)
    with sqlite_database.reading() as session:
        TicketService(session).detail(number, asker=AsSystem("test"))
        TicketService(session).comments(number, ListQuery(), asker=AsSystem("test"))
    event.remove(sqlite_database.engine, "before_cursor_execute", keep)
    with sqlite_database.engine.connect() as connection:
        plans = [
            row[-1]
            for statement, parameters in asked
            if statement.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert any("tickets" in plan for plan in plans)
    assert not [plan for plan in plans if plan.startswith("SCAN tickets")]
