"""The job that brings an uploaded file in."""

from typing import Any
from uuid import UUID

from crm_store.asking import AsSystem
from crm_store.importing.errors import ImportUnderWay
from crm_store.importing.run.records import ImportRuns
from crm_store.importing.run.service import IMPORT_JOB
from crm_store.jobs import JobContext, JobKind
from crm_store.models import ImportStatus
from foundation.errors import KefuError, Unavailable

_ASKER = AsSystem("the import of an uploaded file")


def run_import(context: JobContext) -> dict[str, Any]:
    """Import the file of a run; a run that was killed or stopped goes on from its checkpoint."""
    from crm_store.importing.mapping import Mapping  # noqa: PLC0415  # readers are heavy
    from crm_store.importing.run.runner import Importer  # noqa: PLC0415

    run_id = UUID(context.payload["run_id"])
    with context.database.reading() as session:
        run = ImportRuns(session).get(run_id)
    if run.status is ImportStatus.DONE:
        return {}
    importer = Importer(context.database, context.settings.var, _ASKER)
    path = importer.folder.upload(run_id)
    if path is None:
        return {"failed": "the file is gone"}
    try:
        report = importer.run(
            path,
            Mapping.model_validate(run.mapping),
            run_id=run_id,
            check=context.check,
            progress=lambda _rows, position, total: context.progress(position, total),
        )
    except (ImportUnderWay, Unavailable):
        raise  # later
    except KefuError as error:
        return {"failed": error.code}
    path.unlink(missing_ok=True)
    counted = report.as_dict()
    return {name: counted[name] for name in ("read", "created", "updated", "unchanged", "rejected")}


IMPORT_KIND = JobKind(name=IMPORT_JOB, run=run_import)
