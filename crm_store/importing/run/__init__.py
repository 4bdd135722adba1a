"""Running an import: checkpoints, rejects, dry runs, the report."""

from crm_store.importing.run.report import Report
from crm_store.importing.run.runner import Importer

__all__ = ["Importer", "Report"]
