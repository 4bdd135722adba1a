"""Who moves to a segment that a rule names is written to: with consent, once, as the rule says."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.campaigns.touching import NO_CONSENT
from crm_store.database import Database
from crm_store.insights.moves import Move
from crm_store.insights.service import InsightService
from crm_store.models import (
    AuditEntry,
    ModelRun,
    OutreachMessage,
    OutreachStatus,
    Purpose,
    Recommendation,
    Segment,
    SegmentMembership,
)
from crm_store.outreach.asking import AnalysisAsks
from crm_store.outreach.delivery import Delivery, Due
from crm_store.outreach.rules import OutreachRule, load_outreach_rules
from crm_store.outreach.service import OutreachService
from crm_store.privacy.consent import ConsentService
from foundation.clock import utc_now
from foundation.errors import BadSettings
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer, make_product
from tests.factories.sales import make_seller

OPERATOR = AsSystem("a test")
TEXTS = {"en": "Good to see you again", "zh-CN": "好久不见"}
AT_RISK = OutreachRule(moved_to="At risk", texts=TEXTS)


def decide(session: Session, customer_id: UUID, purpose: Purpose, granted: bool) -> None:
    ConsentService(session).decide(
        customer_id, purpose, granted=granted, source="chat", asker=OPERATOR
    )


def customer(session: Session, *, consents: bool = True) -> UUID:
    made = make_customer(session).id
    if consents:
        decide(session, made, Purpose.MARKETING_CHAT, True)
    return made


def model_run(kind: str) -> ModelRun:
    now = utc_now()
    return ModelRun(
        kind=kind, engine="local", params={}, metrics={}, started_at=now, finished_at=now
    )


def moved(customer_id: UUID, now: str = "At risk", before: str = "Loyal") -> Move:
    return Move(customer_id, before, now)


def asked(session: Session) -> dict[UUID, dict[str, str]]:
    rows = session.scalars(select(OutreachMessage))
    return {row.customer_id: row.texts or {} for row in rows}


def test_those_who_moved_and_consented_are_asked_for(database: Database) -> None:
    with database.transaction() as session:
        there, part, before, other = (customer(session) for _ in range(4))
        silent, private = customer(session, consents=False), customer(session)
        decide(session, private, Purpose.PROFILING, False)
        moves = [
            moved(there),
            moved(part, "At risk, needing a person"),
            moved(before, "At risk 2", before="At risk"),
            moved(other, "At risk of rain"),
            moved(silent),
            moved(private),
        ]
        assert AnalysisAsks(session).after_moves(moves, [AT_RISK]) == 2
        assert asked(session) == {there: TEXTS, part: TEXTS}
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.action == "outreach.asked"))
        assert {act.facts["why"] for act in acts} == {"moved to At risk"}


def test_nobody_is_asked_for_again_too_soon_or_twice_by_two_rules(database: Database) -> None:
    second = OutreachRule(moved_to="Dormant", texts=TEXTS, again_after_days=30)
    with database.transaction() as session:
        who, staffs = customer(session), customer(session)
        service, asks = OutreachService(session), AnalysisAsks(session)
        seller = make_seller(session)
        service.ask(staffs, texts=TEXTS, purpose=Purpose.MARKETING_CHAT, asker=seller)
        both = [moved(who), moved(staffs)]
        assert asks.after_moves(both, [AT_RISK, AT_RISK]) == 2, "a person's asking does not count"
        assert asks.after_moves(both, [AT_RISK]) == 0
        assert asks.after_moves([moved(who, "Dormant", "At risk")], [second]) == 0, "one waits"
        session.execute(update(OutreachMessage).values(status=OutreachStatus.EXPIRED))
        later = AnalysisAsks(session, clock=lambda: utc_now() + timedelta(days=31))
        assert later.after_moves([moved(who)], [AT_RISK]) == 0
        assert later.after_moves([moved(who, "Dormant", "At risk")], [second]) == 1


def test_a_product_is_named_where_one_is_recommended(database: Database) -> None:
    rule = OutreachRule(
        moved_to="At risk", texts={"en": "{product} might be for you"}, expires_after_days=2
    )
    with database.transaction() as session:
        lucky, without = customer(session), customer(session)
        gone, best, next_best = (make_product(session) for _ in range(3))
        gone.active = False
        rows = [
            Recommendation(
                customer_id=lucky, product_id=product.id, rank=rank, score=0.5, reason="often"
            )
            for rank, product in enumerate((gone, best, next_best), start=1)
        ]
        InsightService(session).replace_recommendations(model_run("recommend"), rows)
        asks = AnalysisAsks(session)
        assert asks.after_moves([moved(lucky), moved(without)], [rule]) == 1
        assert asked(session) == {lucky: {"en": f"{best.name} might be for you"}}
        [message] = session.scalars(select(OutreachMessage))
        assert message.expires_at is not None
        assert timedelta(days=1.9) < message.expires_at - utc_now() <= timedelta(days=2)


def test_a_run_asks_for_no_more_than_the_rule_allows(database: Database) -> None:
    rule = OutreachRule(moved_to="At risk", texts=TEXTS, most=3)
    with database.transaction() as session:
        moves = [moved(customer(session)) for _ in range(5)]
        assert AnalysisAsks(session).after_moves(moves, [rule]) == 3


@pytest.mark.parametrize("withdrawn", [None, Purpose.PROFILING, Purpose.MARKETING_CHAT])
def test_consent_is_looked_at_again_when_it_is_said(
    database: Database, withdrawn: Purpose | None
) -> None:
    with database.transaction() as session:
        who = customer(session)
        AnalysisAsks(session).after_moves([moved(who)], [AT_RISK])
        if withdrawn is not None:
            decide(session, who, withdrawn, False)
        conversation = make_conversation(
            session, customer_id=who, verified_at=utc_now(), verified_by="host", locale="zh-CN"
        )
        said = Delivery(session).deliver(Due(who, conversation.id))
        [message] = session.scalars(select(OutreachMessage))
        if withdrawn is None:
            assert said is not None
            assert said.text == TEXTS["zh-CN"]
        else:
            assert said is None
            assert (message.status, message.reason) == (OutreachStatus.REFUSED, NO_CONSENT)


def test_the_moves_of_a_run_are_those_to_segments_that_are_watched(database: Database) -> None:
    with database.transaction() as session:
        stays, moves, leaves, new = (make_customer(session).id for _ in range(4))

    def put(places: dict[UUID, str]) -> list[Move]:
        with database.transaction() as session:
            named = {
                name: Segment(id=new_id(), name=name, description="d", size=1, profile={})
                for name in sorted(set(places.values()))
            }
            members = [
                SegmentMembership(
                    customer_id=who, segment_id=named[name].id, rfm="111", features={}
                )
                for who, name in places.items()
            ]
            return InsightService(session).replace_segments(
                model_run("segments"), list(named.values()), members, watched=AT_RISK.is_about
            )

    assert put({stays: "At risk", moves: "Loyal", leaves: "At risk"}) == []
    second = put({stays: "At risk", moves: "At risk", leaves: "Loyal", new: "At risk"})
    assert second == [Move(moves, "Loyal", "At risk")], "who is new has not moved"


class TestRules:
    def test_a_file_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "rules.toml"
        file.write_text(
            '[[rule]]\nmoved_to = "At risk"\nmost = 9\n[rule.texts]\nen = " Hello {product} "\n'
        )
        assert load_outreach_rules(file) == (
            OutreachRule(moved_to="At risk", texts={"en": "Hello {product}"}, most=9),
        )
        assert load_outreach_rules(None) == ()

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "rule"),
            ("[[rule]", "rules.toml"),
            ('[[rule]]\nmoved_to = "A"', "texts by locale"),
            ('[[rule]]\ntexts = {en = "x"}', "moved_to"),
            ('[[rule]]\nmoved_to = "A"\ntexts = {}', "1 to 500"),
            ('[[rule]]\nmoved_to = "A"\ntexts = {"no locale" = "x"}', "1 to 500"),
            ('[[rule]]\nmoved_to = "A"\ntexts = {en = " "}', "1 to 500"),
            ('[[rule]]\nmoved_to = "A"\ntexts = {en = "x"}\nmost = 0', "most"),
            ('[[rule]]\nmoved_to = "A"\ntexts = {en = "x"}\nagain_after_days = true', "again"),
            ('[[rule]]\nmoved_to = "A"\ntexts = {en = "x"}\nsegment = "B"', "segment"),
            ('other = 1\n[[rule]]\nmoved_to = "A"\ntexts = {en = "x"}', "nothing else"),
        ],
    )
    def test_what_is_wrong_in_it_is_said(self, tmp_path: Path, text: str, reason: str) -> None:
        file = tmp_path / "rules.toml"
        file.write_text(text)
        with pytest.raises(BadSettings, match=reason):
            load_outreach_rules(file)

    def test_a_file_that_is_not_there_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(BadSettings, match="absent"):
            load_outreach_rules(tmp_path / "absent.toml")
