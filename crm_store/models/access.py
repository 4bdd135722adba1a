"""Who may come in: sites that host the widget, staff, their sessions, rate limits."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.models.base import Base, CreatedAt, PrimaryKey, ShortText, str_enum
from crm_store.models.encrypted import EncryptedText


class Role(StrEnum):
    AGENT = "agent"
    ANALYST = "analyst"  # reads, changes nothing
    ADMIN = "admin"


class Site(Base):
    """A shop page that may show the widget and sign its customers' identities."""

    __tablename__ = "sites"

    id: Mapped[PrimaryKey]
    site_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[ShortText]
    origins: Mapped[list[str]] = mapped_column(default=list)
    """Origins that may embed the widget; empty allows only the gateway's own."""
    identity_required: Mapped[bool] = mapped_column(default=False)
    """Whether guests are refused: only whom the host vouches for may chat."""
    shares_customers: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the ids that it signs (``sub``) are the shop's own: ``Customer.external_id``, as in
    imports and on the other sites that share. Else they mean something on this site alone."""
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How the widget looks and asks there, as ``crm_store.sites.settings`` reads it."""
    calendar_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("business_calendars.id", ondelete="SET NULL"), index=True
    )
    """When people answer there; None: nothing is said about hours."""
    version: Mapped[int] = mapped_column(default=1)
    """Counts changes of the settings; an edit names the one that it has seen."""
    created_at: Mapped[CreatedAt]
    disabled_at: Mapped[datetime | None]


class SiteSecret(Base):
    """Signs the host's identities (JWT, HS256); needed in clear to verify them.

    A site without any lets guests in only.
    """

    __tablename__ = "site_secrets"
    __table_args__ = (
        Index(
            "uq_site_secrets_one_current",
            "site_id",
            unique=True,
            sqlite_where=text("expires_at IS NULL"),
            postgresql_where=text("expires_at IS NULL"),
        ),
    )

    id: Mapped[PrimaryKey]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), index=True)
    secret: Mapped[str] = mapped_column(EncryptedText("site_secrets.secret"))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    """None while it is the newest; one that was replaced verifies until then."""


class UsedIdentity(Base):
    """A signed identity that has been presented, kept until it expires so that no other may be.

    Only digests are kept: of its ``jti``, and of the key of the browser that presented it.
    """

    __tablename__ = "used_identities"
    __table_args__ = (UniqueConstraint("site_id", "jti_digest"),)

    id: Mapped[PrimaryKey]
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    jti_digest: Mapped[str] = mapped_column(String(64))
    browser_digest: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class User(Base):
    """A member of staff."""

    __tablename__ = "users"

    id: Mapped[PrimaryKey]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[ShortText]
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(str_enum(Role, "role"))
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class UserSession(Base):
    """A logged-in browser; only the digests of its tokens are kept."""

    __tablename__ = "user_sessions"

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    csrf_digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    created_at: Mapped[CreatedAt]


class ApiKey(Base):
    """A key that a program of somebody's logs in with; only its digest is kept."""

    __tablename__ = "api_keys"

    id: Mapped[PrimaryKey]
    name: Mapped[ShortText]
    prefix: Mapped[str] = mapped_column(String(16))
    """How the key begins, to recognise it in a list."""
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    permissions: Mapped[list[str]]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    maker: Mapped[User] = relationship()


class Attempt(Base):
    """One counted try under a rate limit; ``subject`` is a digest, never the thing itself."""

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_scope_subject_at", "scope", "subject", "at"),)

    id: Mapped[PrimaryKey]
    scope: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[CreatedAt]
