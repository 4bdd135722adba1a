"""``/api/v1/reports/service``."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from crm_store.tickets.report import service_report
from foundation.clock import utc_now
from gateway.auth.staff import StaffDep
from gateway.parts import PartsDep

router = APIRouter(prefix="/reports", tags=["reports"])


class _FromStore(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class NamedCount(_FromStore):
    name: str
    count: int


class TimesView(_FromStore):
    """Business seconds; null when no clock has stopped yet."""

    count: int
    median_seconds: int | None
    p90_seconds: int | None


class KeptView(_FromStore):
    """Promises kept, of those that were put to the test."""

    met: int
    tested: int


class ServiceReportView(_FromStore):
    """Tickets opened since then; the backlog is of this moment."""

    since: datetime
    until: datetime
    opened: int
    solved: int
    reopened: int
    ever_solved: int
    by_type: list[NamedCount]
    by_priority: list[NamedCount]
    first_response: TimesView
    resolution: TimesView
    first_response_kept: KeptView
    resolution_kept: KeptView
    backlog: list[NamedCount]


@router.get("/service")
def get_service_report(
    staff: StaffDep, parts: PartsDep, days: Annotated[int, Query(ge=1, le=3_660)] = 30
) -> ServiceReportView:
    """How the desk did: volume, business-hour times, promises kept, backlog, what came back."""
    now = utc_now()
    with parts.database.reading() as session:
        report = service_report(
            session, since=now - timedelta(days=days), until=now, asker=staff.asker
        )
        return ServiceReportView.model_validate(report)
