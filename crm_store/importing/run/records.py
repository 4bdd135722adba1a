"""The rows of ``import_runs``."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.importing.errors import ImportRunNotFound
from crm_store.models import ImportRun, ImportStatus
from crm_store.pages import Page, fetch_page

_UNFINISHED = (ImportStatus.RUNNING, ImportStatus.FAILED)


class ImportRuns:
    """Finding runs."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, run_id: UUID) -> ImportRun:
        """The run.

        Raises:
            ImportRunNotFound: there is none.
        """
        run = self._session.get(ImportRun, run_id)
        if run is None:
            raise ImportRunNotFound
        return run

    def unfinished(
        self, fingerprint: str, target: str, mapping: dict[str, Any]
    ) -> ImportRun | None:
        """The newest run of the same file in the same way that did not come to its end."""
        newest = self._session.scalars(
            select(ImportRun)
            .where(
                ImportRun.fingerprint == fingerprint,
                ImportRun.target == target,
                ImportRun.dry_run.is_(False),
            )
            .order_by(ImportRun.created_at.desc(), ImportRun.id.desc())
            .limit(1)
        ).first()
        if newest is None or newest.status not in _UNFINISHED or newest.mapping != mapping:
            return None
        return newest

    def page(self, *, cursor: str | None, limit: int) -> Page[ImportRun]:
        """Runs, the newest first."""
        return fetch_page(
            self._session,
            select(ImportRun),
            keys=[(ImportRun.created_at, datetime), (ImportRun.id, UUID)],
            cursor=cursor,
            limit=limit,
            descending=True,
        )
