"""Sites and staff."""

from typing import Any

from sqlalchemy.orm import Session

from crm_store.asking import AsStaff
from crm_store.models import Role, Site, User
from foundation.ids import new_id


def make_site(session: Session, **given: Any) -> Site:
    """A site that allows no foreign origin and takes guests only."""
    values: dict[str, Any] = {
        "site_key": f"shop-{new_id().hex}",
        "name": "Test shop",
        "origins": [],
    }
    return _added(session, Site(**values | given))


def make_user(session: Session, **given: Any) -> User:
    """An agent who cannot log in: the stored hash matches no password."""
    values: dict[str, Any] = {
        "email": f"{new_id().hex}@example.org",
        "name": "Ada Agent",
        "password_hash": "!",
        "role": Role.AGENT,
    }
    return _added(session, User(**values | given))


def as_staff(user: User) -> AsStaff:
    """The user, logged in and asking."""
    return AsStaff(user.id, user.role)


def _added(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
