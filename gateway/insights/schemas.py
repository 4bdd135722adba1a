"""Insights as staff see them: counts with their base, results with their date."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class _FromRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Overview(_FromRow):
    """The last ``days``; ``queued_now`` and ``open_tickets`` are of this moment.

    Shares are from 0 to 1 and null where there is nothing to count.
    """

    days: int
    conversations: int
    messages: int
    handoffs: int
    resolved: int
    containment: float | None
    mean_valence: float | None
    mean_latency_ms: float | None
    csat_mean: float | None
    csat_count: int
    queued_now: int
    open_tickets: int
    orders: int
    revenue_minor: int
    currency: str


class IntentCount(_FromRow):
    intent: str
    messages: int
    mean_confidence: float | None
    mean_valence: float | None


class IntentList(BaseModel):
    """``messages`` is the base: all understood messages of the period."""

    days: int
    messages: int
    items: list[IntentCount]
    next_cursor: None = None


class DayMood(_FromRow):
    day: date
    messages: int
    mean_valence: float | None
    negative: int
    neutral: int
    positive: int


class MoodList(BaseModel):
    days: int
    items: list[DayMood]
    next_cursor: None = None


class DayContainment(_FromRow):
    day: date
    conversations: int
    handoffs: int


class ContainmentList(BaseModel):
    days: int
    items: list[DayContainment]
    next_cursor: None = None


class RunView(_FromRow):
    """The analysis that made these results."""

    engine: str
    params: dict[str, Any]
    metrics: dict[str, Any]
    finished_at: datetime


class SegmentView(_FromRow):
    """``profile`` holds the means of the segment's features in their own units."""

    id: UUID
    name: str
    description: str
    size: int
    profile: dict[str, Any]


class SegmentList(BaseModel):
    run: RunView | None
    items: list[SegmentView]
    next_cursor: None = None


class RecommendedProduct(_FromRow):
    name: str
    slug: str
    price_minor: int
    currency: str
    customers: int
    mean_score: float


class RecommendedList(BaseModel):
    """Products by how many customers they are recommended to, out of ``customers`` in all."""

    customers: int
    computed_at: datetime | None
    items: list[RecommendedProduct]
    next_cursor: None = None
