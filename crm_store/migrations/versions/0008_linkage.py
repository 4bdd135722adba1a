"""Duplicates and merges."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LOOKED_UP = ("email", "phone")
_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    with _customers() as customers:
        customers.add_column(sa.Column("merged_into_id", sa.Uuid()))
        customers.create_foreign_key(
            "fk_customers_merged_into_id_customers",
            "customers",
            ["merged_into_id"],
            ["id"],
            ondelete="CASCADE",
        )
        customers.create_index("ix_customers_merged_into_id", ["merged_into_id"])
    op.add_column("identities", sa.Column("verified_email", sa.Text()))
    op.add_column("identities", sa.Column("verified_phone", sa.Text()))
    op.create_table(
        "duplicate_pairs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _customer("first_id"),
        _customer("second_id", index=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "merged",
                "rejected",
                name="pair_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("decided_at", _TIME),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="in_order"),
        sa.CheckConstraint("score >= 0 AND score <= 1", name="score_range"),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name="decided_or_open"),
    )
    op.create_index(
        "ix_duplicate_pairs_status_score_id", "duplicate_pairs", ["status", "score", "id"]
    )
    op.create_table(
        "customer_merges",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _customer("survivor_id"),
        _customer("loser_id", index=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(32), nullable=False),
        sa.Column("merged_by", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("merged_at", _TIME, nullable=False),
        sa.Column("undone_by", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("undone_at", _TIME),
        sa.Column("changes", _JSON, nullable=False),
        sa.Column("kept_aside", sa.Text(), nullable=False),
        sa.UniqueConstraint("survivor_id", "seq"),
        sa.CheckConstraint("survivor_id <> loser_id", name="two_customers"),
    )


def downgrade() -> None:
    op.drop_table("customer_merges")
    op.drop_table("duplicate_pairs")
    op.drop_column("identities", "verified_phone")
    op.drop_column("identities", "verified_email")
    with _customers() as customers:
        customers.drop_index("ix_customers_merged_into_id")
        customers.drop_constraint("fk_customers_merged_into_id_customers", type_="foreignkey")
        customers.drop_column("merged_into_id")


def _customer(name: str, *, index: bool = False) -> sa.Column[object]:
    return sa.Column(
        name,
        sa.Uuid(),
        sa.ForeignKey("customers.id", ondelete="CASCADE"),
        nullable=False,
        index=index,
    )


@contextmanager
def _customers() -> Iterator[BatchOperations]:
    """The table to change. SQLite makes it anew, which Alembic cannot do with computed columns."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in _LOOKED_UP if is_sqlite else ():
        op.drop_index(f"ix_customers_{name}_index", "customers")
        op.drop_column("customers", f"{name}_index")
    with op.batch_alter_table("customers") as customers:
        yield customers
    for name in _LOOKED_UP if is_sqlite else ():
        computed = sa.Computed(f"substr({name}, 6, 32)", persisted=False)
        op.add_column("customers", sa.Column(f"{name}_index", sa.String(32), computed))
        op.create_index(f"ix_customers_{name}_index", "customers", [f"{name}_index"])
