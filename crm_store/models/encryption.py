"""Under which keys the store is encrypted; never a key itself."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, CreatedAt


class DataKeyUse(Base):
    """A data key that values were sealed under, so that a missing or wrong one is noticed."""

    __tablename__ = "data_keys"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    check: Mapped[str] = mapped_column("check_value", String(16))
    """Tells whether a key of this id is the same one."""
    created_at: Mapped[CreatedAt]
    complete_at: Mapped[datetime | None]
    """When every value of the store had been found to be under this key."""
    unused_at: Mapped[datetime | None]
    """When no value was under it any more: it may be removed from the settings."""
