"""Lists and sums that read whole tables get their index; indexes full of NULL leave NULL out."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_NEW: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("ix_accounts_lower_name_id", "accounts", (sa.text("lower(name)"), "id")),
    ("ix_conversations_created_at", "conversations", ("created_at",)),
    ("ix_csats_created_at", "csats", ("created_at",)),
    ("ix_orders_status_placed_at_id", "orders", ("status", "placed_at", "id")),
)
# They held every row: a mean over their keys made SQLite walk through the table instead.
_SPARSE = {
    "accounts": ("merged_into_id", "owner_id"),
    "campaigns": ("owner_id",),
    "conversations": ("customer_id",),
    "leads": ("owner_id", "campaign_id", "conversation_id"),
    "opportunities": ("owner_id", "account_id", "customer_id", "campaign_id"),
    "tasks": (
        "customer_id", "account_id", "lead_id", "opportunity_id", "ticket_id", "conversation_id",
        "campaign_id",
    ),
    "tickets": ("customer_id", "conversation_id", "order_id", "policy_id", "merged_into_id"),
}  # fmt: skip
_SPARSE_OF_SEVERAL = (
    ("ix_tasks_owner_id_status_remind_at", "tasks", ("owner_id", "status", "remind_at")),
    (
        "ix_tickets_assignee_id_status_created_at",
        "tickets",
        ("assignee_id", "status", "created_at"),
    ),
)
_CONTAINED = "ix_tasks_owner_id"  # in the first of those


def upgrade() -> None:
    for name, table, columns in _NEW:
        op.create_index(name, table, list(columns))
    for name, table, columns in _sparse():
        op.drop_index(name, table)
        present = sa.text(f"{columns[0]} IS NOT NULL")
        op.create_index(name, table, list(columns), sqlite_where=present, postgresql_where=present)
    op.drop_index(_CONTAINED, "tasks")


def downgrade() -> None:
    op.create_index(_CONTAINED, "tasks", ["owner_id"])
    for name, table, columns in _sparse():
        op.drop_index(name, table)
        op.create_index(name, table, list(columns))
    for name, table, _ in _NEW:
        op.drop_index(name, table)


def _sparse() -> list[tuple[str, str, tuple[str, ...]]]:
    single = [
        (f"ix_{table}_{column}", table, (column,))
        for table, columns in _SPARSE.items()
        for column in columns
    ]
    return [*single, *_SPARSE_OF_SEVERAL]
