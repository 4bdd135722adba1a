"""Conversations and the service desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TABLES = (
    "conversations",
    "widget_sessions",
    "socket_tickets",
    "attachments",
    "messages",
    "turns",
    "conversation_events",
    "csats",
    "assistant_events",
    "tickets",
    "interactions",
    "articles",
)


def _enum(name: str, *values: str) -> sa.Enum:
    """A text column with a check of its values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("site_id", sa.Uuid(), sa.ForeignKey("sites.id"), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("customer_id", sa.Uuid(), sa.ForeignKey("customers.id"), index=True),
        sa.Column("verified_at", _TIME),
        sa.Column("verified_by", sa.String(32)),
        sa.Column("owner", _enum("owner", "bot", "queue", "agent"), nullable=False),
        sa.Column("owner_user_id", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("status", _enum("status", "open", "snoozed", "resolved"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_message_at", _TIME, nullable=False),
        sa.Column("last_text", sa.String(200), nullable=False),
        sa.Column("topic", sa.String(64)),
        sa.Column("sentiment_valence", sa.Double()),
        sa.Column("handoff_reason", sa.String(64)),
        sa.Column("handoff_brief", _JSON),
        sa.Column("queued_at", _TIME),
        sa.Column("resolved_at", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.CheckConstraint(
            "(owner = 'agent') = (owner_user_id IS NOT NULL)", name="agent_owner_is_named"
        ),
        sa.CheckConstraint(
            "(owner = 'queue') = (queued_at IS NOT NULL)", name="queued_since_is_known"
        ),
        sa.CheckConstraint(
            "verified_at IS NULL OR customer_id IS NOT NULL", name="verified_has_customer"
        ),
    )
    op.create_index(
        "ix_conversations_last_message_at_id", "conversations", ["last_message_at", "id"]
    )
    op.create_index("ix_conversations_queued_at_id", "conversations", ["queued_at", "id"])
    op.create_index(
        "ix_conversations_status_owner_last_message_at",
        "conversations",
        ["status", "owner", "last_message_at"],
    )
    op.create_table(
        "widget_sessions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("token_digest", sa.String(64), nullable=False, unique=True),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "socket_tickets",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("token_digest", sa.String(64), nullable=False, unique=True),
        sa.Column(
            "conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id", ondelete="CASCADE")
        ),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="CASCADE")),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.CheckConstraint("(conversation_id IS NULL) <> (user_id IS NULL)", name="one_holder"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("author", _enum("author", "customer", "bot", "agent", "system"), nullable=False),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("name", sa.String(200)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("payload", _JSON),
        sa.Column("attachment_id", sa.Uuid(), sa.ForeignKey("attachments.id")),
        sa.Column("visibility", _enum("visibility", "public", "note"), nullable=False),
        sa.Column("in_reply_to", sa.Uuid(), sa.ForeignKey("messages.id")),
        sa.Column("sent_at", _TIME, nullable=False),
        sa.Column("intent", sa.String(64), index=True),
        sa.Column("confidence", sa.Double()),
        sa.Column("sentiment", sa.String(16)),
        sa.Column("valence", sa.Double()),
        sa.Column("nlu", _JSON),
        sa.Column("actions", _JSON),
        sa.Column("latency_ms", sa.Integer()),
        sa.CheckConstraint("seq > 0", name="seq_positive"),
        sa.UniqueConstraint("conversation_id", "client_id"),
        sa.UniqueConstraint("conversation_id", "seq"),
    )
    op.create_index("ix_messages_sent_at", "messages", ["sent_at"])
    op.create_table(
        "turns",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "message_id",
            sa.Uuid(),
            sa.ForeignKey("messages.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            _enum("turn_status", "pending", "running", "done", "failed", "skipped"),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(64)),
        sa.Column("lease_expires_at", _TIME),
        sa.Column("available_at", _TIME, nullable=False),
        sa.Column("error", sa.String(200)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME),
        sa.CheckConstraint(
            "(status = 'running') = (lease_owner IS NOT NULL)", name="running_has_lease"
        ),
    )
    op.create_index(
        "ix_turns_conversation_id_status_seq", "turns", ["conversation_id", "status", "seq"]
    )
    op.create_index("ix_turns_status_available_at", "turns", ["status", "available_at"])
    op.create_index(
        "uq_turns_one_running",
        "turns",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    )
    op.create_table(
        "conversation_events",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor", _enum("actor", "customer", "bot", "agent", "system"), nullable=False),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("reason", sa.String(200)),
        sa.Column("data", _JSON),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_table(
        "csats",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score_range"),
    )
    op.create_table(
        "assistant_events",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("broker_key", sa.String(64), nullable=False, unique=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("type_name", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("data", _JSON, nullable=False),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("number", sa.String(32), nullable=False, unique=True),
        sa.Column("customer_id", sa.Uuid(), sa.ForeignKey("customers.id"), index=True),
        sa.Column("conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id"), index=True),
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("orders.id"), index=True),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column(
            "status", _enum("ticket_status", "open", "pending", "solved", "closed"), nullable=False
        ),
        sa.Column(
            "priority", _enum("ticket_priority", "low", "normal", "high", "urgent"), nullable=False
        ),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("idempotency_key", sa.String(128), unique=True),
    )
    op.create_table(
        "interactions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "customer_id",
            sa.Uuid(),
            sa.ForeignKey("customers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            _enum(
                "interaction_kind",
                "chat",
                "purchase",
                "return",
                "ticket",
                "note",
                "call",
                "email",
                "account",
            ),
            nullable=False,
        ),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("summary", sa.String(500), nullable=False),
        sa.Column("data", _JSON),
        sa.Column(
            "conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id", ondelete="SET NULL")
        ),
        sa.Column("order_id", sa.Uuid(), sa.ForeignKey("orders.id", ondelete="SET NULL")),
        sa.Column("source_key", sa.String(128), unique=True),
    )
    op.create_index("ix_interactions_customer_id_at", "interactions", ["customer_id", "at"])
    op.create_table(
        "articles",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("slug", sa.String(120), nullable=False, unique=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("summary", sa.String(500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False, index=True),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("embedding", sa.LargeBinary()),
        sa.Column("embedding_model", sa.String(200)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
    )


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
