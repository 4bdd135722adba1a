"""``/api/v1/reports``."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from crm_store.models import LeadSource
from crm_store.sales.facts import SalesFilter
from crm_store.sales.plain import plain_report
from crm_store.sales.service import MAX_DAYS, Period, SalesReportService
from foundation.clock import utc_now
from gateway.auth.staff import StaffDep
from gateway.parts import PartsDep
from gateway.reports.schemas import SalesReportView

router = APIRouter(prefix="/reports", tags=["sales"])


@router.get("/sales")
def sales_report(
    *,
    staff: StaffDep,
    parts: PartsDep,
    pipeline_id: UUID | None = None,
    days: Annotated[int, Query(ge=1, le=MAX_DAYS, description="How far to look back.")] = 90,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    owner: UUID | None = None,
    source: LeadSource | None = None,
) -> SalesReportView:
    """What was won and lost, how fast, and what to expect; ``since`` goes before ``days``."""
    last = Period.last_days(days, until or utc_now())
    period = Period(since, last.until) if since else last
    with parts.database.reading() as session:
        report = SalesReportService(session).report(
            asker=staff.asker,
            period=period,
            pipeline_id=pipeline_id,
            wanted=SalesFilter(owner=owner, source=source),
        )
        return SalesReportView.model_validate(plain_report(report))
