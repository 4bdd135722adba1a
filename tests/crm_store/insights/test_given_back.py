"""Predictions, feedback on recommendations, and decisions with their outcomes."""

from datetime import timedelta

import pytest

from crm_store.database import Database
from crm_store.insights.decisions import Choice, DecisionNotFound, DecisionService
from crm_store.insights.feedback import FeedbackService, Offered
from crm_store.insights.predictions import PredictionService
from crm_store.models import DecisionOutcome, FeedbackKind, ModelRun, Prediction
from foundation.errors import Conflict
from foundation.ids import new_id
from tests.factories import make_conversation, make_customer, make_product
from tests.factories.sales import NOON, Clock


def run_of(kind: str) -> ModelRun:
    return ModelRun(
        kind=kind, engine="local", params={}, metrics={}, started_at=NOON, finished_at=NOON
    )


def test_a_run_replaces_what_was_said_before(database: Database) -> None:
    with database.transaction() as session:
        first, second = make_customer(session).id, make_customer(session).id
        service = PredictionService(session)
        reasons = [{"reason": "No order for a year", "weight": 0.4}]
        for score in (0.2, 0.9):
            rows = [
                Prediction(customer_id=first, score=score, reasons=reasons, horizon_days=90),
                Prediction(customer_id=second, score=score / 2),
            ]
            assert service.replace(run_of("churn"), "churn", rows) == 2
        service.replace(run_of("value"), "value", [Prediction(customer_id=first, score=12_000)])
        service.replace(
            run_of("churn"),
            "churn",
            [Prediction(customer_id=second, score=0.1)],
            customer_ids=[second],
        )
        mine = service.of_customer(first)
        assert [(one.kind, one.score, one.reasons) for one in mine] == [
            ("churn", 0.9, reasons),
            ("value", 12_000.0, []),
        ]
        assert [one.score for one in service.highest("churn")] == [0.9, 0.1]


def test_feedback_counts_what_was_shown(database: Database) -> None:
    with database.transaction() as session:
        customer, chat = make_customer(session).id, make_conversation(session).id
        tent, rope = make_product(session).id, make_product(session).id
        service = FeedbackService(session)
        offers = [Offered(tent, 1, "You asked about tents", 0.7), Offered(rope, 2, "Popular")]
        for _ in range(2):
            service.shown(customer, offers, conversation_id=chat, act="m1")

        def click(product: object, act: str = "m2", where: object = chat) -> bool:
            return service.answered(
                customer,
                product,  # type: ignore[arg-type]
                FeedbackKind.CLICKED,
                conversation_id=where,  # type: ignore[arg-type]
                act=act,
            )

        assert click(tent)
        assert not click(tent), "the same press again"
        assert not click(make_product(session).id), "it was never shown"
        assert not click(tent, "m3", make_conversation(session).id), "not in that chat"
        newest = service.of_customer(customer)[0]
        assert (newest.kind, newest.rank, newest.score) == (FeedbackKind.CLICKED, 1, 0.7)
        assert newest.reason == "You asked about tents"
        assert service.counts(since=NOON - timedelta(days=9_000)) == {
            FeedbackKind.SHOWN: 2,
            FeedbackKind.CLICKED: 1,
            FeedbackKind.DISMISSED: 0,
            FeedbackKind.BOUGHT: 0,
        }


def test_a_decision_has_one_outcome(database: Database) -> None:
    clock = Clock()
    choice = Choice(
        policy="rules-1",
        action="offer_discount",
        offer={"percent": 10},
        score=0.3,
        reasons=[{"reason": "May leave", "weight": 1}],
    )
    with database.transaction() as session:
        customer = make_customer(session).id
        service = DecisionService(session, clock=clock)
        for _ in range(2):
            service.offered(customer, choice, act="turn-1")
        clock.forward(days=1)
        service.offered(customer, choice)
        late, first = service.of_customer(customer)
        assert first.offer == {"percent": 10}
        service.settle(first.id, DecisionOutcome.ACCEPTED, {"order": "KF-1"})
        service.settle(first.id, DecisionOutcome.ACCEPTED)
        assert first.outcome_data == {"order": "KF-1"}
        with pytest.raises(Conflict, match="accepted already"):
            service.settle(first.id, DecisionOutcome.DECLINED)
        with pytest.raises(DecisionNotFound):
            service.settle(new_id(), DecisionOutcome.ACCEPTED)
        clock.forward(days=30)
        assert service.ignore_before(clock.at - timedelta(days=14)) == 1
        assert late.outcome is DecisionOutcome.IGNORED
        assert service.outcomes(since=NOON)["offer_discount"] == {
            DecisionOutcome.PENDING: 0,
            DecisionOutcome.ACCEPTED: 1,
            DecisionOutcome.DECLINED: 0,
            DecisionOutcome.IGNORED: 1,
        }
