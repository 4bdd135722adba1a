"""``/api/v1/customers/{id}/consents``, ``…/export``, ``…/erase``; ``/api/v1/erasures``."""

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from crm_store.asking import Asker
from crm_store.audit import record
from crm_store.models import Consent
from crm_store.privacy.consent import ConsentService
from crm_store.privacy.erasing.service import ErasureService
from crm_store.privacy.exporting import MEDIA_TYPE, SubjectExport
from gateway.auth.staff import StaffDep
from gateway.paging import Cursor, Limit
from gateway.parts import Parts, PartsDep
from gateway.privacy.schemas import (
    ConsentDecision,
    ConsentView,
    ErasureRequest,
    ErasureView,
    PurposeView,
    erasure_view,
)
from gateway.schemas import ListOf, list_of

router = APIRouter(tags=["privacy"])
_CHUNK = 64 * 1024
_ZIP = {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("/customers/{customer_id}/consents")
def list_consents(customer_id: UUID, staff: StaffDep, parts: PartsDep) -> ListOf[PurposeView]:
    """Each purpose, and whether the customer's data may be used for it now."""
    with parts.database.reading() as session:
        current = ConsentService(session).current(customer_id, asker=staff.asker)
        return ListOf(items=[PurposeView.model_validate(one) for one in current])


@router.get("/customers/{customer_id}/consents/history")
def list_consent_history(
    customer_id: UUID,
    staff: StaffDep,
    parts: PartsDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ListOf[ConsentView]:
    """Every decision of the customer, the newest first."""
    with parts.database.reading() as session:
        page = ConsentService(session).history(
            customer_id, asker=staff.asker, cursor=cursor, limit=limit
        )
        return list_of(page, _consent)


@router.post("/customers/{customer_id}/consents", status_code=201)
def decide_consent(
    customer_id: UUID, decision: ConsentDecision, staff: StaffDep, parts: PartsDep
) -> ListOf[PurposeView]:
    """Write down what a customer decided; a withdrawal takes effect at once."""
    with parts.database.transaction() as session:
        service = ConsentService(session)
        service.decide(
            customer_id,
            decision.purpose,
            granted=decision.granted,
            source="staff",
            wording=decision.wording,
            evidence={"note": decision.note} if decision.note else None,
            asker=staff.asker,
        )
        current = service.current(customer_id, asker=staff.asker)
        return ListOf(items=[PurposeView.model_validate(one) for one in current])


@router.get("/customers/{customer_id}/export", response_class=StreamingResponse, responses=_ZIP)  # type: ignore[arg-type]
def export_customer(customer_id: UUID, staff: StaffDep, parts: PartsDep) -> StreamingResponse:
    """Everything kept about the customer, as a ZIP with JSON and a page to read."""
    return export_response(parts, customer_id, asker=staff.asker)


@router.post("/customers/{customer_id}/erase", status_code=202)
def erase_customer(
    customer_id: UUID, request: ErasureRequest, staff: StaffDep, parts: PartsDep
) -> ErasureView:
    """Erase the customer everywhere, for good; the worker does it, ``/erasures/{id}`` tells."""
    with parts.database.transaction() as session:
        job = ErasureService(session).request(
            customer_id, asker=staff.asker, despite_orders=request.despite_orders
        )
        return erasure_view(job)


@router.get("/erasures/{erasure_id}")
def get_erasure(erasure_id: UUID, staff: StaffDep, parts: PartsDep) -> ErasureView:
    """How far an erasure has come."""
    with parts.database.reading() as session:
        return erasure_view(ErasureService(session).get(erasure_id, asker=staff.asker))


def export_response(parts: Parts, customer_id: UUID, *, asker: Asker) -> StreamingResponse:
    """The ZIP, made whole in a file without a name before the first byte is sent."""
    parts.settings.var.mkdir(parents=True, exist_ok=True)
    file = TemporaryFile(dir=parts.settings.var)  # noqa: SIM115  # closed when it was sent
    try:
        with parts.database.reading() as session:
            export = SubjectExport(session, customer_id, asker=asker)
            export.write(file, parts.settings.var / "attachments")
        with parts.database.transaction() as session:
            record(session, asker, "customer.exported", "customer", customer_id)
    except BaseException:
        file.close()
        raise
    length = file.tell()
    file.seek(0)
    headers = {
        "Content-Disposition": f'attachment; filename="{export.filename}"',
        "Content-Length": str(length),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(_chunks(file), media_type=MEDIA_TYPE, headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _consent(row: Consent) -> ConsentView:
    return ConsentView.model_validate(row)
