"""``/api/v1/imports``."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import FileResponse

from crm_store.importing.run.service import ImportService, keep, proposal_for
from crm_store.permissions import Permission, require
from foundation.errors import Invalid
from gateway.auth.staff import StaffDep
from gateway.imports.schemas import ImportView, ProposalView, import_view, proposal_view
from gateway.paging import Cursor, Limit
from gateway.parts import PartsDep
from gateway.schemas import ListOf, list_of

router = APIRouter(prefix="/imports", tags=["imports"])

_Target = Annotated[str, Form(max_length=40, description="customers, orders, …")]
_Region = Annotated[str | None, Form(pattern=r"^[A-Z]{2}$")]


@router.post("", status_code=201)
def upload_import(
    *,
    staff: StaffDep,
    parts: PartsDep,
    file: UploadFile,
    target: _Target,
    mapping: Annotated[str | None, Form(max_length=60_000, description="JSON.")] = None,
    dry_run: Annotated[bool, Form()] = False,
    region: _Region = None,
) -> ImportView:
    """Take a file in; the worker imports it. Without a mapping the proposed one must be certain."""
    with parts.database.transaction() as session:
        run = ImportService(session, parts.settings.var).upload(
            file.file,
            file.filename,
            target=target,
            mapping=_object(mapping),
            dry_run=dry_run,
            region=region,
            asker=staff.asker,
        )
        return import_view(run)


@router.post("/proposals")
def propose_import(
    *, staff: StaffDep, parts: PartsDep, file: UploadFile, target: _Target, region: _Region = None
) -> ProposalView:
    """What the file's columns are thought to be; nothing of the file is kept."""
    require(staff.asker, Permission.IMPORTS_RUN)
    folder = parts.settings.var / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder, prefix="proposal-") as place:
        path = keep(file.file, Path(place), file.filename)
        return proposal_view(proposal_for(path, target, region=region))


@router.get("")
def list_imports(
    staff: StaffDep, parts: PartsDep, cursor: Cursor = None, limit: Limit = 50
) -> ListOf[ImportView]:
    """Imports, the newest first."""
    with parts.database.reading() as session:
        page = ImportService(session, parts.settings.var).list(
            asker=staff.asker, cursor=cursor, limit=limit
        )
        return list_of(page, import_view)


@router.get("/{run_id}")
def get_import(run_id: UUID, staff: StaffDep, parts: PartsDep) -> ImportView:
    """One import: how far it is, and its counts so far."""
    with parts.database.reading() as session:
        run = ImportService(session, parts.settings.var).get(run_id, asker=staff.asker)
        return import_view(run)


@router.get("/{run_id}/rejects", response_class=FileResponse)
def get_import_rejects(run_id: UUID, staff: StaffDep, parts: PartsDep) -> FileResponse:
    """The rejected rows with their reasons, as CSV to be put right and imported again."""
    with parts.database.transaction() as session:
        path = ImportService(session, parts.settings.var).rejects(run_id, asker=staff.asker)
    return FileResponse(path, media_type="text/csv", filename="rejects.csv")


def _object(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Invalid("mapping: a JSON object is expected")
    return value
