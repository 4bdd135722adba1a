"""Writing the store's rows into files that other programs open, and that can be imported again."""

from crm_store.exporting.errors import UnknownExport
from crm_store.exporting.service import Exported, ExportFilter, export

__all__ = ["ExportFilter", "Exported", "UnknownExport", "export"]
