"""The copy of a person's data that they may have: a ZIP for programs and for people."""

from crm_store.privacy.exporting.bundle import MEDIA_TYPE, SubjectExport

__all__ = ["MEDIA_TYPE", "SubjectExport"]
