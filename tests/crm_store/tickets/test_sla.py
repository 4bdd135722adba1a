"""Promises to customers, kept and broken, on each database."""

from datetime import date, timedelta

from sqlalchemy import select

from crm_store.asking import AsSystem
from crm_store.calendars.drafts import CalendarDraft, DayDraft
from crm_store.calendars.service import CalendarService
from crm_store.conversations.service import ConversationService
from crm_store.models import (
    ClockState,
    Interaction,
    Owner,
    SlaPolicy,
    TicketEvent,
    TicketPriority,
    TicketStatus,
    TicketType,
    Visibility,
)
from crm_store.sla.service import PolicyDraft, SlaPolicyService
from foundation.clock import utc_now
from tests.crm_store.tickets.conftest import THURSDAY_TEN, Desk
from tests.factories import make_conversation, make_policy

HOUR = timedelta(hours=1)


def test_clocks_begin_with_the_ticket(desk: Desk) -> None:
    ticket = desk.open()
    clocks = desk.clocks(ticket)
    assert clocks["first_response"].due_at == THURSDAY_TEN + HOUR
    assert clocks["resolution"].due_at == THURSDAY_TEN + 24 * HOUR  # seven hours, and one on Friday
    assert ticket.due_at == THURSDAY_TEN + HOUR


def test_the_first_public_comment_is_the_first_response(desk: Desk) -> None:
    ticket = desk.open()
    desk.wait(minutes=20)
    with desk.service() as tickets:
        tickets.comment(
            ticket.number, "Ask her", client_id="1", visibility=Visibility.NOTE, asker=desk.asker
        )
    assert desk.look(ticket).answered_at is None
    desk.wait(minutes=20)
    for _ in range(2):  # sent twice, said once
        with desk.service() as tickets:
            tickets.comment(ticket.number, "We look into it.", client_id="2", asker=desk.asker)
    clock = desk.clocks(ticket)["first_response"]
    assert (clock.state, clock.spent_seconds) == (ClockState.STOPPED, 40 * 60)
    assert clock.breached_at is None
    assert desk.look(ticket).due_at == desk.clocks(ticket)["resolution"].due_at


def test_an_agents_message_in_the_chat_answers_its_tickets(desk: Desk) -> None:
    desk.now = utc_now()  # the chat goes by the real clock
    with desk.database.transaction() as session:
        chat = make_conversation(session, owner=Owner.AGENT, owner_user_id=desk.agent.id)
    ticket = desk.open(conversation_id=chat.id)
    for note in (True, False):
        with desk.database.transaction() as session:
            ConversationService(session).post_agent_message(
                chat.id, asker=desk.asker, text="Hello", client_id=str(note), note=note
            )
        assert (desk.look(ticket).answered_at is None) is note
    assert desk.kinds(ticket) == ["opened", "answered"]


def test_a_customers_message_lets_a_waiting_ticket_go_on(desk: Desk) -> None:
    desk.now = utc_now()  # the chat goes by the real clock
    with desk.database.transaction() as session:
        chat = make_conversation(session)
    ticket = desk.open(conversation_id=chat.id)
    desk.edit(ticket, status=TicketStatus.PENDING)
    assert {clock.state for clock in desk.clocks(ticket).values()} == {ClockState.PAUSED}
    assert desk.look(ticket).due_at is None
    with desk.database.transaction() as session:
        ConversationService(session).post_customer_message(chat.id, client_id="1", text="Here")
    assert desk.look(ticket).status is TicketStatus.OPEN
    assert {clock.state for clock in desk.clocks(ticket).values()} == {ClockState.RUNNING}


def test_waiting_for_the_customer_costs_nothing(desk: Desk) -> None:
    ticket = desk.open()
    desk.wait(minutes=30)
    desk.edit(ticket, status=TicketStatus.PENDING)
    desk.wait(days=7)
    assert desk.watch() == 0
    desk.edit(ticket, status=TicketStatus.OPEN)
    assert desk.clocks(ticket)["first_response"].due_at == desk.now + HOUR / 2
    assert desk.clocks(ticket)["resolution"].spent_seconds == 30 * 60


def test_due_soon_and_late_are_told_once_each(desk: Desk) -> None:
    ticket = desk.open()
    desk.wait(minutes=29)
    assert desk.watch() == 0
    desk.wait(minutes=1)
    assert (desk.watch(), desk.watch()) == (1, 0)
    desk.wait(minutes=30)
    assert (desk.watch(), desk.watch()) == (1, 0)
    assert desk.kinds(ticket) == ["opened", "sla_due_soon", "sla_breached"]
    assert desk.clocks(ticket)["first_response"].breached_at == THURSDAY_TEN + HOUR
    with desk.database.reading() as session:
        summaries = session.scalars(select(Interaction.summary)).all()
    assert f"Ticket {ticket.number}: first response is late" in summaries
    # Resolution: seven hours are over on Thursday, the eighth on Friday.
    desk.wait(days=2)
    assert (desk.watch(), desk.watch()) == (1, 0)  # late at once: "due soon" would be no news


def test_a_clock_that_goes_back_tells_nothing_twice(desk: Desk) -> None:
    ticket = desk.open()
    desk.wait(hours=2)
    assert desk.watch() == 1
    desk.wait(hours=-2)
    assert desk.watch() == 0
    desk.edit(ticket, priority=TicketPriority.HIGH)
    assert desk.clocks(ticket)["first_response"].breached_at == THURSDAY_TEN + HOUR
    desk.wait(hours=3)
    assert desk.watch() == 0
    assert desk.kinds(ticket).count("sla_breached") == 1


def test_another_priority_is_another_promise(desk: Desk) -> None:
    with desk.database.transaction() as session:
        make_policy(session, position=1, priority=TicketPriority.URGENT, first_response_minutes=15)
    ticket = desk.open()
    desk.wait(minutes=20)
    desk.edit(ticket, priority=TicketPriority.URGENT)
    assert desk.clocks(ticket)["first_response"].breached_at == THURSDAY_TEN + HOUR / 4
    desk.edit(ticket, priority=TicketPriority.NORMAL)
    clock = desk.clocks(ticket)["first_response"]
    assert (clock.due_at, clock.breached_at) == (THURSDAY_TEN + HOUR, None)


def test_settling_stops_and_reopening_goes_on(desk: Desk) -> None:
    ticket = desk.open()
    desk.wait(hours=2)
    solved = desk.edit(ticket, status=TicketStatus.SOLVED)
    assert solved.due_at is None
    clocks = desk.clocks(ticket)
    assert clocks["first_response"].breached_at == THURSDAY_TEN + HOUR
    assert (clocks["resolution"].state, clocks["resolution"].spent_seconds) == (
        ClockState.STOPPED, 7_200,
    )  # fmt: skip
    desk.wait(hours=1)
    again = desk.edit(ticket, status=TicketStatus.OPEN)
    assert (again.reopened, again.solved_at) == (1, None)
    assert desk.clocks(ticket)["resolution"].due_at == THURSDAY_TEN + 25 * HOUR


def test_a_holiday_put_in_later_moves_what_is_due(desk: Desk) -> None:
    ticket = desk.open()
    with desk.database.transaction() as session:
        (policy,) = session.scalars(select(SlaPolicy)).all()
        calendar = policy.calendar
        draft = CalendarDraft(
            name="Office",
            time_zone="UTC",
            hours=calendar.hours,
            days=[DayDraft(date(2026, 11, 27), "Inventory", [])],
        )
        CalendarService(session).change(
            calendar.id, draft, version=calendar.version, asker=desk.boss
        )
    assert desk.look(ticket).sla_stale
    desk.watch()
    assert not desk.look(ticket).sla_stale
    assert desk.clocks(ticket)["resolution"].due_at == THURSDAY_TEN + 96 * HOUR


def test_policies_go_by_position_type_and_segment(desk: Desk) -> None:
    with desk.database.transaction() as session:
        (fallback,) = session.scalars(select(SlaPolicy)).all()
        policies = SlaPolicyService(session)
        common = {
            "calendar_id": fallback.calendar_id,
            "first_response_minutes": None,
            "resolution_minutes": 60,
        }
        refunds = policies.add(
            PolicyDraft(name="Refunds", position=2, type=TicketType.REFUND, **common),
            asker=desk.boss,
        )
        policies.add(
            PolicyDraft(name="For VIPs", position=1, segment="VIP", **common), asker=desk.boss
        )
    refund = desk.open(topic="refund_status")
    assert refund.policy_id == refunds.id
    assert set(desk.clocks(refund)) == {"resolution"}
    assert desk.open(topic="complaint").policy_id == fallback.id
    with desk.database.transaction() as session:
        SlaPolicyService(session).remove(refunds.id, asker=desk.boss)
    desk.watch()
    assert desk.look(refund).policy_id == fallback.id


def test_without_a_policy_nothing_is_promised(desk: Desk) -> None:
    with desk.database.transaction() as session:
        (policy,) = session.scalars(select(SlaPolicy)).all()
        SlaPolicyService(session).remove(policy.id, asker=AsSystem("test"))
    ticket = desk.open()
    assert desk.clocks(ticket) == {}
    assert (ticket.policy_id, ticket.due_at) == (None, None)
    with desk.database.reading() as session:
        assert session.scalars(select(TicketEvent.kind)).all() == ["opened"]
