"""What every record that staff edit has: a version, and who changed it last."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from crm_store.models.base import CreatedAt, UtcDateTime
from foundation.clock import utc_now


class Versioned:
    """A mixin. ``version`` counts changes; an edit names the one that it has seen."""

    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    @declared_attr
    @classmethod
    def updated_by_id(cls) -> Mapped[UUID | None]:
        """Who changed it last; None when it was a job of ours."""
        return mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Owned(Versioned):
    """A mixin. ``owner_id`` names who takes care of it; None while nobody does.

    Each table has its own ``present_index`` of it.
    """

    @declared_attr
    @classmethod
    def owner_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
