"""Full-text search."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = ("chat", "purchase", "return", "ticket", "note", "call", "email", "account")
_NEW_KINDS = ("campaign", "score", "sales", "task")
_FOUND = ("message", "customer", "ticket", "article", "lead", "account", "opportunity")
# Without these, deleting what they point at reads the whole table: nobody could be erased in time.
_LINKS = (
    ("ix_conversations_owner_user_id", "conversations", ["owner_user_id", "last_message_at", "id"]),
    ("ix_interactions_conversation_id", "interactions", ["conversation_id"]),
    ("ix_interactions_order_id", "interactions", ["order_id"]),
    ("ix_messages_attachment_id", "messages", ["attachment_id"]),
    ("ix_messages_in_reply_to", "messages", ["in_reply_to"]),
    ("ix_socket_tickets_conversation_id", "socket_tickets", ["conversation_id"]),
)
_INBOX = (
    ("ix_conversations_owner_last_message_at_id", ["owner", "last_message_at", "id"]),
    ("ix_conversations_status_last_message_at_id", ["status", "last_message_at", "id"]),
)
_MERGED = "ix_customers_merged_into_id"
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CHECK = "ck_interactions_interaction_kind"


def upgrade() -> None:
    with op.batch_alter_table("interactions") as timeline:
        timeline.add_column(sa.Column("user_id", sa.Uuid()))
        timeline.add_column(sa.Column("edited_at", sa.DateTime(timezone=True)))
        timeline.create_foreign_key(
            op.f("fk_interactions_user_id_users"), "users", ["user_id"], ["id"], ondelete="SET NULL"
        )
    _allow_kinds(*_KINDS, *_NEW_KINDS)
    for name, table, columns in _LINKS:
        present = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, table, columns, sqlite_where=present, postgresql_where=present)
    for name, columns in _INBOX:
        op.create_index(name, "conversations", columns)
    # Whole, it seduces SQLite: the list of customers, none of them merged, was read through it.
    op.drop_index(_MERGED, "customers")
    present = sa.text("merged_into_id IS NOT NULL")
    op.create_index(
        _MERGED, "customers", ["merged_into_id"], sqlite_where=present, postgresql_where=present
    )
    op.create_table(
        "search_entries",
        sa.Column("entry", _NUMBER, sa.Identity(), primary_key=True),
        sa.Column(
            "kind",
            sa.Enum(
                *_FOUND, name="search_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("ref_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text().with_variant(TSVECTOR(), "postgresql")),
    )
    op.create_index(
        "ix_search_entries_words",
        "search_entries",
        ["words"],
        postgresql_using="gin",
        sqlite_where=sa.text("words IS NOT NULL"),
    )
    op.create_table(
        "search_names",
        sa.Column("id", _NUMBER, sa.Identity(), primary_key=True),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("word", sa.String(40), nullable=False, index=True),
    )
    op.create_index("ix_search_names_key_word", "search_names", ["key", "word"])


def downgrade() -> None:
    op.drop_table("search_names")
    op.drop_table("search_entries")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE IF EXISTS search_words")
    op.drop_index(_MERGED, "customers")
    op.create_index(_MERGED, "customers", ["merged_into_id"])
    for name, _ in _INBOX:
        op.drop_index(name, "conversations")
    for name, table, _ in _LINKS:
        op.drop_index(name, table)
    op.execute(f"DELETE FROM interactions WHERE kind IN ({_listed(_NEW_KINDS)})")  # noqa: S608
    _allow_kinds(*_KINDS)
    with op.batch_alter_table("interactions") as timeline:
        timeline.drop_constraint(op.f("fk_interactions_user_id_users"), type_="foreignkey")
        timeline.drop_column("edited_at")
        timeline.drop_column("user_id")


def _allow_kinds(*kinds: str) -> None:
    """Let the timeline have entries of these kinds."""
    with op.batch_alter_table("interactions") as timeline:
        timeline.drop_constraint(op.f(_CHECK), type_="check")
        timeline.create_check_constraint(op.f(_CHECK), f"kind IN ({_listed(kinds)})")


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
