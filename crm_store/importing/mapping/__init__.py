"""Which column is which field, and how its values are read: written by a person or proposed."""

from crm_store.importing.mapping.model import (
    BadValues,
    ColumnMapping,
    ConflictPolicy,
    Mapping,
)

__all__ = ["BadValues", "ColumnMapping", "ConflictPolicy", "Mapping"]
