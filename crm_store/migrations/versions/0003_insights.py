"""What analysis gives back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TABLES = (
    "model_runs",
    "segments",
    "segment_memberships",
    "item_similarities",
    "recommendations",
    "interests",
)


def upgrade() -> None:
    op.create_table(
        "model_runs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False, index=True),
        sa.Column("engine", sa.String(16), nullable=False),
        sa.Column("params", _JSON, nullable=False),
        sa.Column("metrics", _JSON, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME, nullable=False),
    )
    op.create_table(
        "segments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "run_id", sa.Uuid(), sa.ForeignKey("model_runs.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("profile", _JSON, nullable=False),
    )
    op.create_table(
        "segment_memberships",
        sa.Column(
            "customer_id",
            sa.Uuid(),
            sa.ForeignKey("customers.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "segment_id",
            sa.Uuid(),
            sa.ForeignKey("segments.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("rfm", sa.String(8), nullable=False),
        sa.Column("features", _JSON, nullable=False),
        sa.Column("assigned_at", _TIME, nullable=False),
    )
    op.create_table(
        "item_similarities",
        sa.Column(
            "product_id",
            sa.Uuid(),
            sa.ForeignKey("products.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "other_id",
            sa.Uuid(),
            sa.ForeignKey("products.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("score", sa.Double(), nullable=False),
    )
    op.create_table(
        "recommendations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "customer_id",
            sa.Uuid(),
            sa.ForeignKey("customers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "product_id",
            sa.Uuid(),
            sa.ForeignKey("products.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("computed_at", _TIME, nullable=False),
        sa.UniqueConstraint("customer_id", "product_id"),
    )
    op.create_table(
        "interests",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column(
            "message_id",
            sa.Uuid(),
            sa.ForeignKey("messages.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), sa.ForeignKey("customers.id", ondelete="CASCADE")),
        sa.Column("category_id", sa.Uuid(), sa.ForeignKey("categories.id")),
        sa.Column("product_id", sa.Uuid(), sa.ForeignKey("products.id")),
        sa.Column("term", sa.String(100), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.UniqueConstraint("message_id", "term"),
    )
    op.create_index("ix_interests_customer_id_at", "interests", ["customer_id", "at"])


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
