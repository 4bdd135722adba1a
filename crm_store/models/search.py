"""The search index: an entry for everything that can be found, and the words of names."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from crm_store.models.base import Base, str_enum

# SQLite numbers rows by itself only in a column of exactly this type.
_Number = BigInteger().with_variant(Integer, "sqlite")


class SearchKind(StrEnum):
    """What a search can find."""

    MESSAGE = "message"
    CUSTOMER = "customer"
    TICKET = "ticket"
    ARTICLE = "article"
    LEAD = "lead"
    ACCOUNT = "account"
    OPPORTUNITY = "opportunity"


class SearchEntry(Base):
    """One thing that can be found. Triggers write it along with the thing itself.

    ``entry`` grows, so that the newest come first. PostgreSQL keeps the words in ``words``; on
    SQLite that is empty and they are in the full-text table ``search_words`` under ``entry``.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        Index(
            "ix_search_entries_words",
            "words",
            postgresql_using="gin",
            sqlite_where=text("words IS NOT NULL"),  # never: SQLite's words lie elsewhere
        ),
        Index(
            "ix_search_entries_kind_entry",
            "kind",
            "entry",
            sqlite_where=text("words IS NOT NULL"),  # SQLite finds a kind by its words' letter
        ),
    )

    entry: Mapped[int] = mapped_column(_Number, Identity(), primary_key=True)
    kind: Mapped[SearchKind] = mapped_column(str_enum(SearchKind, "search_kind"))
    ref_id: Mapped[UUID] = mapped_column(unique=True)
    """The id of the message, customer, ticket, …"""
    at: Mapped[datetime]
    words: Mapped[str | None] = mapped_column(Text().with_variant(TSVECTOR, "postgresql"))


class SearchName(Base):
    """A word of somebody's name under one of its keys: itself, or with letters left out.

    Two words that share a key differ by few letters: names are found with typing errors that way.
    """

    __tablename__ = "search_names"
    __table_args__ = (Index("ix_search_names_key_word", "key", "word"),)

    id: Mapped[int] = mapped_column(_Number, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    word: Mapped[str] = mapped_column(String(40), index=True)
