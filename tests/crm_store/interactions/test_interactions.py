"""The timeline."""

from datetime import timedelta

from sqlalchemy import select, text

from crm_store.database import Database
from crm_store.interactions import InteractionService
from crm_store.models import Interaction, InteractionKind
from foundation.clock import utc_now
from tests.factories import make_customer


def test_a_source_is_recorded_once(database: Database) -> None:
    with database.transaction() as session:
        grete, service = make_customer(session), InteractionService(session)
        for summary in ("first", "second"):
            service.record(
                customer_id=grete.id,
                kind=InteractionKind.NOTE,
                summary=summary,
                source_key="import:1",
            )
        assert [e.summary for e in service.timeline(grete.id).items] == ["first"]


def test_without_a_source_each_is_recorded(database: Database) -> None:
    with database.transaction() as session:
        grete, service = make_customer(session), InteractionService(session)
        for _ in range(2):
            service.record(customer_id=grete.id, kind=InteractionKind.CALL, summary="called")
        assert len(service.timeline(grete.id).items) == 2


def test_the_newest_comes_first_in_pages(database: Database) -> None:
    with database.transaction() as session:
        grete, service = make_customer(session), InteractionService(session)
        for n in (1, 3, 2):
            service.record(
                customer_id=grete.id,
                kind=InteractionKind.NOTE,
                summary=str(n),
                at=utc_now() + timedelta(hours=n),
            )
        page = service.timeline(grete.id, limit=2)
        rest = service.timeline(grete.id, limit=2, cursor=page.next_cursor)
    assert [e.summary for e in page.items + rest.items] == ["3", "2", "1"]


def test_anything_can_be_recorded(database: Database) -> None:
    with database.transaction() as session:
        grete, service = make_customer(session), InteractionService(session)
        service.record(
            customer_id=grete.id,
            kind=InteractionKind.CHAT,
            summary="a\x00b\n" + "x" * 900,
            data={"deep": [{"text\x00": "a\ud800"}]},
        )
        entry = session.scalars(select(Interaction)).one()
        assert len(entry.summary) == 500
        assert entry.data == {"deep": [{"text": "a"}]}


def test_no_data_is_null(database: Database) -> None:
    with database.transaction() as session:
        InteractionService(session).record(
            customer_id=make_customer(session).id, kind=InteractionKind.NOTE, summary="x"
        )
        assert session.scalar(text("SELECT count(*) FROM interactions WHERE data IS NULL")) == 1
