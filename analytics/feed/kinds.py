"""Every kind of job that the worker can do. A part with background work adds its kinds here.

The command line imports this too: what takes long to import is imported inside ``run``.
"""

from crm_store.backup.job import BACKUP_KIND
from crm_store.conversations.inactive import CLOSE_INACTIVE
from crm_store.importing.job import IMPORT_KIND
from crm_store.jobs import JobKinds
from crm_store.linkage.job import LINKAGE_KINDS
from crm_store.mailing.transcripts import TRANSCRIPT_KIND
from crm_store.privacy.erasing.job import ERASURE_KIND
from crm_store.privacy.retention.job import RETENTION_KIND
from crm_store.sla.watch import SLA_WATCH


def job_kinds() -> JobKinds:
    """The one list; ``kefu job list`` shows it."""
    return JobKinds.of(
        [
            BACKUP_KIND,
            CLOSE_INACTIVE,
            ERASURE_KIND,
            RETENTION_KIND,
            IMPORT_KIND,
            SLA_WATCH,
            TRANSCRIPT_KIND,
            *LINKAGE_KINDS,
        ]
    )
