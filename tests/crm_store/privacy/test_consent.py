"""Consent: the last decision counts, its history stays, and analysis heeds it at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from analytics.recommendation.run import run_recommend
from analytics.segmentation.local import LocalSegmenter
from analytics.segmentation.run import run_segments
from crm_store.asking import AsCustomer
from crm_store.customers.errors import CustomerNotFound
from crm_store.database import Database
from crm_store.insights.service import InsightService
from crm_store.models import (
    AuditEntry,
    Consent,
    Customer,
    Interest,
    Purpose,
    Recommendation,
    SegmentMembership,
)
from crm_store.privacy.consent import ConsentService, allowing
from crm_store.privacy.purposes import DEFAULTS, defaults_of, put_defaults_on
from foundation.clock import utc_now
from foundation.errors import BadSettings
from foundation.settings import Settings
from tests.crm_store.privacy.conftest import ADMIN, OPERATOR
from tests.crm_store.privacy.everything import Everything
from tests.factories import make_customer, make_order, make_product


def decide(database: Database, customer: UUID, purpose: Purpose, granted: bool) -> bool:
    with database.transaction() as session:
        return ConsentService(session).decide(
            customer, purpose, granted=granted, source="terminal", asker=OPERATOR
        )


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


class TestDecisions:
    @pytest.mark.parametrize("purpose", list(Purpose))
    def test_nothing_said_is_the_default(self, database: Database, purpose: Purpose) -> None:
        with database.transaction() as session:
            customer = make_customer(session).id
            assert ConsentService(session).allows(customer, purpose) is DEFAULTS[purpose]

    @pytest.mark.parametrize("purpose", [Purpose.MARKETING_EMAIL, Purpose.PROFILING])
    def test_the_last_decision_counts(self, database: Database, purpose: Purpose) -> None:
        with database.transaction() as session:
            customer = make_customer(session).id
        for granted in (True, False, True):
            assert decide(database, customer, purpose, granted)
            assert not decide(database, customer, purpose, granted)
            with database.reading() as session:
                assert ConsentService(session).allows(customer, purpose) is granted
        with database.reading() as session:
            history = ConsentService(session).history(customer, asker=ADMIN).items
            actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
        assert [row.granted for row in history] == [True, False, True]
        assert [row.superseded_at is None for row in history] == [True, False, False]
        assert actions == ["consent.granted", "consent.withdrawn", "consent.granted"]

    def test_what_was_said_is_kept_as_proof(self, database: Database) -> None:
        with database.transaction() as session:
            customer = make_customer(session).id
            ConsentService(session).decide(
                customer,
                Purpose.MARKETING_EMAIL,
                granted=True,
                source="shop",
                wording="newsletter-2026-05",
                evidence={"form": "checkout"},
                asker=AsCustomer(customer),
            )
        with database.reading() as session:
            (row,) = ConsentService(session).history(customer, asker=ADMIN).items
        assert (row.source, row.wording) == ("shop", "newsletter-2026-05")
        assert row.evidence == {"form": "checkout"}
        assert row.user_id is None

    def test_a_customer_decides_for_themselves_alone(self, database: Database) -> None:
        with database.transaction() as session:
            mine, other = make_customer(session).id, make_customer(session).id
            service = ConsentService(session)
            with pytest.raises(CustomerNotFound):
                service.current(other, asker=AsCustomer(mine))
            with pytest.raises(CustomerNotFound):
                service.decide(
                    other,
                    Purpose.TRAINING,
                    granted=True,
                    source="chat",
                    asker=AsCustomer(mine),
                )

    def test_the_set_agrees_with_the_single_answers(self, database: Database) -> None:
        with database.transaction() as session:
            people = [make_customer(session).id for _ in range(3)]
        decide(database, people[0], Purpose.PROFILING, False)
        decide(database, people[1], Purpose.MARKETING_EMAIL, True)
        decide(database, people[2], Purpose.PROFILING, False)
        decide(database, people[2], Purpose.PROFILING, True)
        with database.reading() as session:
            service = ConsentService(session)
            for purpose in Purpose:
                found = session.scalars(
                    select(Customer.id).where(allowing(session, Customer.id, purpose))
                ).all()
                assert set(found) == {one for one in people if service.allows(one, purpose)}


class TestDefaults:
    def test_an_operator_may_choose_otherwise(self, database: Database) -> None:
        chosen = settings(consent_opt_in="profiling", consent_opt_out="marketing_chat, training")
        put_defaults_on(database.engine, defaults_of(chosen))
        try:
            with database.transaction() as session:
                customer, service = make_customer(session).id, ConsentService(session)
                assert not service.allows(customer, Purpose.PROFILING)
                assert service.allows(customer, Purpose.TRAINING)
                assert service.allows(customer, Purpose.RECOMMENDATIONS)
        finally:
            put_defaults_on(database.engine, DEFAULTS)

    @pytest.mark.parametrize(
        ("given", "named"),
        [
            ({"consent_opt_in": "spam"}, "KEFU_CONSENT_OPT_IN: spam"),
            ({"consent_opt_out": "Profiling"}, "KEFU_CONSENT_OPT_OUT: Profiling"),
            ({"consent_opt_in": "training", "consent_opt_out": "training"}, "both"),
        ],
    )
    def test_what_cannot_be_is_refused(self, given: dict[str, str], named: str) -> None:
        with pytest.raises(BadSettings, match=named):
            defaults_of(settings(**given))


@pytest.fixture
def shop(database: Database) -> list[UUID]:
    """Twelve customers who bought one of two pairs of products, and said what they like."""
    with database.transaction() as session:
        products = [make_product(session) for _ in range(4)]
        people = []
        for number in range(12):
            customer = make_customer(session)
            bought = products[:2] if number % 2 else products[2:]
            if number < 10:
                bought = bought[: 1 + number % 3 % 2]
            make_order(session, customer, products=bought)
            order = make_order(session, customer, products=bought[:1])
            order.placed_at = utc_now() - timedelta(days=30 * number)
            people.append(customer.id)
        return people


def holders(database: Database, model: type[SegmentMembership | Recommendation]) -> set[UUID]:
    with database.reading() as session:
        return set(session.scalars(select(model.customer_id)))


class TestAnalysis:
    def test_stored_results_go_at_once_and_the_next_run_brings_none(
        self, database: Database, shop: list[UUID]
    ) -> None:
        run_segments(database, LocalSegmenter())
        run_recommend(database)
        person = min(holders(database, Recommendation))
        assert person in holders(database, SegmentMembership)
        decide(database, person, Purpose.PROFILING, False)
        for rerun in (False, True):
            if rerun:
                run_segments(database, LocalSegmenter())
                run_recommend(database)
            assert person not in holders(database, SegmentMembership)
            assert person not in holders(database, Recommendation)
            assert len(holders(database, SegmentMembership)) == len(shop) - 1

    def test_who_wants_no_recommendations_is_still_in_a_segment(
        self, database: Database, shop: list[UUID]
    ) -> None:
        decide(database, shop[0], Purpose.RECOMMENDATIONS, False)
        run_segments(database, LocalSegmenter())
        run_recommend(database)
        assert shop[0] in holders(database, SegmentMembership)
        assert shop[0] not in holders(database, Recommendation)

    def test_who_says_no_during_a_run_is_not_in_its_results(
        self, database: Database, shop: list[UUID], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        replace = InsightService.replace_segments

        def late(self: InsightService, *args: object, **more: object) -> object:
            session = self._session
            session.add(
                Consent(
                    customer_id=shop[0], purpose=Purpose.PROFILING, granted=False, source="chat"
                )
            )
            return replace(self, *args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(InsightService, "replace_segments", late)
        run_segments(database, LocalSegmenter())
        assert shop[0] not in holders(database, SegmentMembership)

    def test_what_they_say_is_not_noted_as_an_interest(self, database: Database) -> None:
        with database.transaction() as session:
            anna = Everything(session, "zephyrine")
            session.execute(update(Interest).values(term="before"))
        decide(database, anna.customer_id, Purpose.PROFILING, False)
        with database.transaction() as session:
            InsightService(session).record_interest(
                conversation_id=anna.keys["conversations"]["id"],
                message_id=anna.keys["messages"]["id"],
                term="tents",
            )
            assert session.scalars(select(Interest)).all() == []


def test_operators_at_the_terminal_are_no_user(database: Database) -> None:
    with database.transaction() as session:
        customer = make_customer(session).id
        ConsentService(session).decide(
            customer, Purpose.TRAINING, granted=True, source="terminal", asker=OPERATOR
        )
        assert session.scalars(select(Consent.user_id)).one() is None
