"""``/api/v1/insights``: what is counted in the store, and what analysis wrote there."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from crm_store.insights.recommended import newest_run, read_recommended
from crm_store.insights.service import InsightService
from foundation.clock import utc_now
from gateway.auth.staff import StaffDep
from gateway.insights.schemas import (
    ContainmentList,
    DayContainment,
    DayMood,
    IntentCount,
    IntentList,
    MoodList,
    Overview,
    RecommendedList,
    RecommendedProduct,
    RunView,
    SegmentList,
    SegmentView,
)
from gateway.parts import PartsDep

router = APIRouter(prefix="/insights", tags=["insights"])

Days = Annotated[int, Query(ge=1, le=730, description="How far to look back.")]
_CURRENCY = "EUR"
_PRODUCTS = 50


@router.get("/overview")
def insights_overview(staff: StaffDep, parts: PartsDep, days: Days = 30) -> Overview:
    """The service desk in numbers."""
    with parts.database.reading() as session:
        counts = InsightService(session).overview(since=_since(days), asker=staff.asker)
    return Overview(days=days, currency=_CURRENCY, **asdict(counts))


@router.get("/intents")
def insights_intents(staff: StaffDep, parts: PartsDep, days: Days = 30) -> IntentList:
    """What customers wanted, the most frequent first."""
    with parts.database.reading() as session:
        counts = InsightService(session).intents(since=_since(days), limit=200, asker=staff.asker)
    return IntentList(
        days=days,
        messages=sum(count.messages for count in counts),
        items=[IntentCount.model_validate(count) for count in counts],
    )


@router.get("/sentiment")
def insights_sentiment(staff: StaffDep, parts: PartsDep, days: Days = 30) -> MoodList:
    """The mood of customers' messages, day by day (UTC)."""
    with parts.database.reading() as session:
        moods = InsightService(session).sentiment(since=_since(days), asker=staff.asker)
    return MoodList(days=days, items=[DayMood.model_validate(mood) for mood in moods])


@router.get("/containment")
def insights_containment(staff: StaffDep, parts: PartsDep, days: Days = 30) -> ContainmentList:
    """Conversations, and how many of them went to a person, day by day (UTC)."""
    with parts.database.reading() as session:
        found = InsightService(session).containment(since=_since(days), asker=staff.asker)
    return ContainmentList(days=days, items=[DayContainment.model_validate(day) for day in found])


@router.get("/segments")
def insights_segments(staff: StaffDep, parts: PartsDep) -> SegmentList:
    """The segments in force, the largest first, and the run that made them."""
    with parts.database.reading() as session:
        segments = InsightService(session).segments(asker=staff.asker)
        run = newest_run(session, "segments")
    return SegmentList(
        run=RunView.model_validate(run) if run else None,
        items=[SegmentView.model_validate(segment) for segment in segments],
    )


@router.get("/recommendations")
def insights_recommendations(staff: StaffDep, parts: PartsDep) -> RecommendedList:
    """What is recommended to how many customers."""
    with parts.database.reading() as session:
        found = read_recommended(session, limit=_PRODUCTS, asker=staff.asker)
    return RecommendedList(
        customers=found.customers,
        computed_at=found.computed_at,
        items=[RecommendedProduct.model_validate(product) for product in found.products],
    )


def _since(days: int) -> datetime:
    return utc_now() - timedelta(days=days)
