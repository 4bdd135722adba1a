"""Edits of records that several people work on at the same time.

Everybody with the permission sees a record; agents change what is theirs and what nobody has,
admins and jobs of ours change all of it. An edit names the version that it has seen: when the
record has moved on, nothing is written and the answer names who moved it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm_store.asking import Asker, AsStaff, AsSystem, user_of
from crm_store.models import Base, Role, User
from crm_store.models.versioned import Owned, Versioned
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound

V = TypeVar("V", bound=Versioned)


class ChangedMeanwhile(Conflict):
    """The record is no longer in the version that the edit has seen."""

    code: ClassVar[str] = "changed_meanwhile"
    title: ClassVar[str] = "Somebody changed this meanwhile"


class NotTheRecordsOwner(NotAllowed):
    """The record is a colleague's; they, or an admin, may change it."""

    code: ClassVar[str] = "not_the_owner"
    title: ClassVar[str] = "This belongs to a colleague"


def editable(model: type[Versioned], asker: Asker) -> ColumnElement[bool]:
    """Which rows the asker may change, as a condition of the query."""
    if isinstance(asker, AsSystem):
        return true()
    if not isinstance(asker, AsStaff):
        return false()
    if asker.role is Role.ADMIN or not issubclass(model, Owned):
        return true()
    return or_(model.owner_id == asker.user_id, model.owner_id.is_(None))


def hold(
    session: Session,
    model: type[V],
    record_id: UUID,
    *,
    asker: Asker,
    version: int | None,
    absent: type[NotFound],
    among: ColumnElement[bool] | None = None,
) -> V:
    """The record, locked until the transaction ends, for the asker to change.

    Args:
        session: of a transaction.
        model: the kind of record.
        record_id: which one.
        asker: who wants to change it.
        version: the one that they have seen; None changes it whatever it is.
        absent: raised when there is no such record.
        among: what else must hold for it to be found.

    Raises:
        NotTheRecordsOwner: it is a colleague's.
        ChangedMeanwhile: it is in another version.
    """
    columns = model.__table__.c  # type: ignore[attr-defined]  # every model has one
    found = [columns.id == record_id, true() if among is None else among]
    row: V | None = session.scalar(
        select(model)
        .where(*found, editable(model, asker))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        if session.scalar(select(columns.id).where(*found)) is None:
            raise absent
        raise NotTheRecordsOwner
    if version is not None and row.version != version:
        raise ChangedMeanwhile(_who_changed(session, row))
    return row


def write(
    session: Session,
    row: Versioned,
    values: Mapping[str, Any],
    *,
    asker: Asker,
    at: datetime | None = None,
) -> list[str]:
    """Set what differs and count the version up; returns the names of what changed."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        touch(row, asker=asker, at=at)
        session.flush()
    return changed


@contextmanager
def unique(session: Session, detail: str) -> Iterator[None]:
    """A savepoint in which a row that is there already becomes a stated conflict.

    Raises:
        Conflict: a unique constraint refused what was written inside.
    """
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError:
        raise Conflict(detail) from None


def touch(row: Versioned, *, asker: Asker, at: datetime | None = None) -> None:
    """Count the version up and note who changed the record."""
    row.version += 1
    row.updated_at = at or utc_now()
    row.updated_by_id = user_of(asker)


def must_exist(session: Session, model: type[Base], **given: UUID | None) -> None:
    """Make sure that references name something.

    Raises:
        Invalid: one does not; the detail names the field.
    """
    key = model.__table__.c.id
    for field, value in given.items():
        if value is not None and session.scalar(select(key).where(key == value)) is None:
            raise Invalid(f"{field}: there is no such {_singular(model)}")


def must_be_staff(session: Session, owner_id: UUID | None) -> None:
    """Make sure that an owner is a colleague who works here.

    Raises:
        Invalid: unknown, or disabled.
    """
    if owner_id is None:
        return
    user = session.get(User, owner_id)
    if user is None or user.disabled_at is not None:
        raise Invalid("owner_id: there is no such colleague")


def _who_changed(session: Session, row: Versioned) -> str:
    user = session.get(User, row.updated_by_id) if row.updated_by_id else None
    who = user.name if user else "the system"
    at = row.updated_at.strftime("%Y-%m-%d %H:%M UTC")
    return f"{who} changed this on {at}; it is in version {row.version} now"


def _singular(model: type[Base]) -> str:
    return model.__name__.lower()
