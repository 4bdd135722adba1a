"""What staff write on a timeline, and what of a timeline is asked for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm_store.asking import AsCustomer, AsStaff
from crm_store.customers.service import CustomerService
from crm_store.database import Database
from crm_store.interactions import InteractionService
from crm_store.interactions.notes import NoteService, Written
from crm_store.interactions.service import TimelineFilter
from crm_store.models import AuditEntry, Interaction, InteractionKind, Role
from foundation.clock import utc_now
from foundation.errors import Invalid, KefuError, NotAllowed, NotFound
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer, make_order, make_user


def staff(user_id: object, role: Role = Role.AGENT) -> AsStaff:
    return AsStaff(user_id, role)  # type: ignore[arg-type]


def test_a_call_is_written_edited_and_deleted(database: Database) -> None:
    with database.transaction() as session:
        customer, ada = make_customer(session), staff(make_user(session).id)
        eve, boss = staff(make_user(session).id), staff(make_user(session).id, Role.ADMIN)
        order, service = make_order(session, customer), NoteService(session)
        at = utc_now() - timedelta(hours=1)
        call = Written(
            InteractionKind.CALL, " Asked\x00 about the tent\nagain ", at, "in", order_id=order.id
        )
        made = service.add(customer.id, call, asker=ada)
        assert (made.summary, made.at, made.user_id) == (
            "Asked about the tent again",
            at,
            ada.user_id,
        )
        assert made.data == {
            "event": "written",
            "text": "Asked about the tent\nagain",
            "direction": "in",
        }
        for act in (
            lambda: service.edit(customer.id, made.id, "x", asker=eve),
            lambda: service.delete(customer.id, made.id, asker=eve),
        ):
            with pytest.raises(NotAllowed):
                act()
        edited = service.edit(customer.id, made.id, "Asked about the stove", asker=ada)
        assert (edited.summary, edited.edited_at is not None) == ("Asked about the stove", True)
        service.delete(customer.id, made.id, asker=boss)
        assert session.scalars(select(Interaction)).all() == []
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
    assert list(acts)[-3:] == ["interaction.added", "interaction.edited", "interaction.deleted"]


def test_what_is_not_acceptable_is_refused(database: Database) -> None:
    with database.transaction() as session:
        customer, asker = make_customer(session), staff(make_user(session).id)
        other = make_conversation(session, customer_id=make_customer(session).id)
        service = NoteService(session)
        note = InteractionKind.NOTE
        for wrong in (
            Written(InteractionKind.CHAT, "x"),
            Written(note, " "),
            Written(note, "x" * 10_001),
            Written(note, "x", at=utc_now() + timedelta(days=1)),
            Written(note, "x", direction="in"),
            Written(InteractionKind.CALL, "x", direction="up"),
            Written(note, "x", conversation_id=other.id),
            Written(note, "x", order_id=new_id()),
        ):
            with pytest.raises(Invalid):
                service.add(customer.id, wrong, asker=asker)
        with pytest.raises(KefuError):
            service.add(new_id(), Written(note, "x"), asker=asker)
        with pytest.raises(NotAllowed):
            service.add(customer.id, Written(note, "x"), asker=staff(new_id(), Role.ANALYST))
        with pytest.raises(NotAllowed):
            service.add(customer.id, Written(note, "x"), asker=AsCustomer(customer.id))


def test_what_was_not_written_by_staff_stays(database: Database) -> None:
    with database.transaction() as session:
        customer, asker = make_customer(session), staff(make_user(session).id, Role.ADMIN)
        InteractionService(session).record(
            customer_id=customer.id, kind=InteractionKind.PURCHASE, summary="Ordered"
        )
        entry = session.scalars(select(Interaction)).one()
        with pytest.raises(NotFound):
            NoteService(session).delete(customer.id, entry.id, asker=asker)


def test_a_timeline_is_filtered(database: Database) -> None:
    start = utc_now() - timedelta(days=10)
    asker = staff(new_id())
    with database.transaction() as session:
        customer = make_customer(session)
        service = InteractionService(session)
        for day, (kind, summary) in enumerate(
            [
                (InteractionKind.PURCHASE, "Ordered a tent"),
                (InteractionKind.CALL, "Called about the Zelt-Größe"),
                (InteractionKind.NOTE, "Likes tents"),
                (InteractionKind.TICKET, "Ticket T-1 opened: 帐篷坏了"),
            ]
        ):
            at = start + timedelta(days=day)
            service.record(customer_id=customer.id, kind=kind, summary=summary, at=at)

        def summaries(**wanted: object) -> list[str]:
            page = CustomerService(session).timeline(
                customer.id,
                asker=asker,
                filter=TimelineFilter(**wanted),  # type: ignore[arg-type]
            )
            return [entry.summary.split()[0] for entry in page.items]

        assert summaries() == ["Ticket", "Likes", "Called", "Ordered"]
        assert summaries(kinds=(InteractionKind.CALL, InteractionKind.NOTE)) == ["Likes", "Called"]
        assert summaries(since=start + timedelta(days=1), until=start + timedelta(days=3)) == [
            "Likes",
            "Called",
        ]
        assert summaries(text="TENT") == ["Likes", "Ordered"]
        assert summaries(text="grosse") == ["Called"]
        assert summaries(text="帐篷") == ["Ticket"]
        assert summaries(text="篷帐") == []
        assert summaries(text="call") == ["Called"]
        assert summaries(text="!!") == summaries()


def test_a_filtered_timeline_is_paged(database: Database) -> None:
    with database.transaction() as session:
        customer, service = make_customer(session), InteractionService(session)
        for n in range(23):
            service.record(
                customer_id=customer.id,
                kind=InteractionKind.NOTE,
                summary=f"{'odd' if n % 2 else 'even'} {n}",
                at=utc_now() + timedelta(minutes=n),
            )
        found, cursor = [], None
        while True:
            page = service.timeline(
                customer.id, filter=TimelineFilter(text="odd"), cursor=cursor, limit=4
            )
            found += [entry.summary for entry in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert found == [f"odd {n}" for n in range(21, 0, -2)]
