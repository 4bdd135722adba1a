"""Customers and how each channel knows them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm_store.models.base import Base, CreatedAt, PrimaryKey, ShortText, UpdatedAt, present_index
from crm_store.models.encrypted import EncryptedText, blind_index


class Customer(Base):
    """A person who buys from the shop, or has asked it something and was identified."""

    __tablename__ = "customers"
    __table_args__ = (
        Index("ix_customers_created_at_id", "created_at", "id"),
        present_index("ix_customers_merged_into_id", "merged_into_id"),
    )

    id: Mapped[PrimaryKey]
    external_id: Mapped[str | None] = mapped_column(String(128), unique=True)
    name: Mapped[ShortText]
    email: Mapped[str | None] = mapped_column(EncryptedText("customers.email", indexed=True))
    """Lower-cased and stripped by the service; people may share one, so it is not unique."""
    email_index: Mapped[str | None] = blind_index("email")
    phone: Mapped[str | None] = mapped_column(EncryptedText("customers.phone", indexed=True))
    """E.164-like: a plus and digits only."""
    phone_index: Mapped[str | None] = blind_index("phone")
    locale: Mapped[str] = mapped_column(String(16), default="en")
    street: Mapped[str | None] = mapped_column(EncryptedText("customers.street"))
    postal_code: Mapped[str | None] = mapped_column(EncryptedText("customers.postal_code"))
    # Clear: analysis groups by them, agents search them, and they name nobody.
    city: Mapped[str | None] = mapped_column(String(100))
    country: Mapped[str | None] = mapped_column(String(2))
    deletion_requested_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE")
    )
    """Set once this record turned out to be another's: it only points there, in one step."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    identities: Mapped[list["Identity"]] = relationship(back_populates="customer")


class Identity(Base):
    """A customer as one channel knows them, e.g. the host shop's account id."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "subject"),)

    id: Mapped[PrimaryKey]
    customer_id: Mapped[UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    channel: Mapped[str] = mapped_column(String(64))
    """``site:<site_key>`` for host-signed identities, else the channel's name."""
    subject: Mapped[str] = mapped_column(String(254))
    verified_at: Mapped[datetime | None]
    verified_email: Mapped[str | None] = mapped_column(EncryptedText("identities.verified_email"))
    """The address that the channel vouches for: whoever it knows there has proved to read it."""
    verified_phone: Mapped[str | None] = mapped_column(EncryptedText("identities.verified_phone"))
    created_at: Mapped[CreatedAt]

    customer: Mapped[Customer] = relationship(back_populates="identities")
