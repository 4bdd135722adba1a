"""Companies that buy, and the customers who speak for them."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, Code, CreatedAt, PrimaryKey, ShortText, present_index
from crm_store.models.versioned import Owned


class Account(Owned, Base):
    """A company or another body that buys. One merged into another stays, hidden, as a pointer."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index("ix_accounts_created_at_id", "created_at", "id"),
        Index("ix_accounts_lower_name_id", text("lower(name)"), "id"),
        present_index("ix_accounts_merged_into_id", "merged_into_id"),
        present_index("ix_accounts_owner_id", "owner_id"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("employees >= 0", name="employees_not_negative"),
    )

    id: Mapped[PrimaryKey]
    external_id: Mapped[str | None] = mapped_column(String(128), unique=True)
    name: Mapped[ShortText]
    website: Mapped[str | None] = mapped_column(String(200))
    industry: Mapped[Code | None]
    employees: Mapped[int | None]
    country: Mapped[str | None] = mapped_column(String(2))
    notes: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))


class AccountContact(Base):
    """A customer who speaks for an account; at most one is the main contact."""

    __tablename__ = "account_contacts"
    __table_args__ = (
        Index(
            "uq_account_contacts_main",
            "account_id",
            unique=True,
            postgresql_where=text("is_main"),
            sqlite_where=text("is_main"),
        ),
    )

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    customer_id: Mapped[UUID] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    title: Mapped[str | None] = mapped_column(String(100))
    is_main: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
