"""Reading files of any size: one reader a format, all of them yield the same batches."""

from crm_store.importing.reading.base import (
    RawBatch,
    ReadingOptions,
    RowProblem,
    Source,
    sheets_of,
)
from crm_store.importing.reading.opening import open_source

__all__ = ["RawBatch", "ReadingOptions", "RowProblem", "Source", "open_source", "sheets_of"]
