"""Import runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_STATUS = sa.Enum(
    "waiting",
    "running",
    "done",
    "failed",
    name="import_status",
    native_enum=False,
    create_constraint=True,
    length=32,
)


def upgrade() -> None:
    counts = (
        "batches",
        "read",
        "created",
        "updated",
        "unchanged",
        "rejected",
        "erased",
        "possible_duplicates",
    )
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("target", sa.String(40), nullable=False),
        sa.Column("source_name", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False, index=True),
        sa.Column("mapping", _JSON, nullable=False),
        sa.Column("status", _STATUS, nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("batch_size", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("rules", _JSON, nullable=False),
        sa.Column("reject_bytes", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(300)),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("finished_at", _TIME),
        sa.CheckConstraint("batch_size > 0", name="batch_size_positive"),
    )
    op.create_index("ix_import_runs_created_at_id", "import_runs", ["created_at", "id"])


def downgrade() -> None:
    op.drop_table("import_runs")
