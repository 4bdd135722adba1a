"""A run of the segments has those written to who moved, in its own commit."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from analytics.segmentation.local import LocalSegmenter
from analytics.segmentation.run import run_segments
from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.models import (
    Interaction,
    InteractionKind,
    ModelRun,
    OutreachMessage,
    Purpose,
    Segment,
)
from crm_store.outreach.asking import AnalysisAsks
from crm_store.outreach.rules import OutreachRule
from crm_store.privacy.consent import ConsentService
from foundation.clock import utc_now
from tests.factories import make_customer, make_order, make_product


def test_moves_are_answered_once_and_with_the_segments_or_not_at_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.transaction() as session:
        product = make_product(session)
        customers = [make_customer(session) for _ in range(12)]
        for number, who in enumerate(customers):
            for _ in range(1 + number % 3):
                order = make_order(session, who, products=[product])
                order.placed_at = utc_now() - timedelta(days=30 * number)
        ConsentService(session).decide(
            customers[0].id,
            Purpose.MARKETING_CHAT,
            granted=True,
            source="chat",
            asker=AsSystem("a test"),
        )
    names = {profile.name for profile in run_segments(database, LocalSegmenter()).segments}
    rules = [OutreachRule(moved_to=name, texts={"en": "Hello"}) for name in sorted(names)]
    assert run_segments(database, LocalSegmenter(), rules=rules).asked == 0, "nobody has moved"
    with database.transaction() as session:
        session.execute(update(Segment).values(name="Elsewhere"))
        runs = session.scalars(select(ModelRun.id)).all()

    def fail(*_: object) -> int:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(AnalysisAsks, "after_moves", fail)
        with pytest.raises(ZeroDivisionError):
            run_segments(database, LocalSegmenter(), rules=rules)
    with database.reading() as session:
        assert session.scalars(select(ModelRun.id)).all() == runs
        told = select(Interaction.id).where(Interaction.kind == InteractionKind.SCORE)
        assert session.scalars(told).all() == []

    report = run_segments(database, LocalSegmenter(), rules=rules)
    assert (report.asked, report.as_dict()["asked"]) == (1, 1)
    assert run_segments(database, LocalSegmenter(), rules=rules).asked == 0
    with database.reading() as session:
        [message] = session.scalars(select(OutreachMessage))
        assert (message.customer_id, message.texts) == (customers[0].id, {"en": "Hello"})
