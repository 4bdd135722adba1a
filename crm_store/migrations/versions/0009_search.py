"""Full-text search."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = ("chat", "purchase", "return", "ticket", "note", "call", "email", "account")
_NEW_KINDS = ("campaign", "score", "sales", "task")
_CHECK = "ck_interactions_interaction_kind"


def upgrade() -> None:
    _allow_kinds(*_KINDS, *_NEW_KINDS)


def downgrade() -> None:
    new = ", ".join(f"'{kind}'" for kind in _NEW_KINDS)
    op.execute(f"DELETE FROM interactions WHERE kind IN ({new})")
    _allow_kinds(*_KINDS)


def _allow_kinds(*kinds: str) -> None:
    """Let the timeline have entries of these kinds."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("interactions") as table:
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.create_check_constraint(op.f(_CHECK), f"kind IN ({listed})")
