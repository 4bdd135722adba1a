"""Whether a site's customer ids are the shop's own, or mean something on that site alone."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# The oldest site keeps what all had. Of the others nobody knows whether their ids are the same
# people's: their new customers stay apart until the operator says so.
_OLDEST = """UPDATE sites SET shares_customers = true WHERE id =
(SELECT id FROM sites ORDER BY created_at, id LIMIT 1)"""


def upgrade() -> None:
    op.add_column(
        "sites",
        sa.Column("shares_customers", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(_OLDEST)


def downgrade() -> None:
    with op.batch_alter_table("sites") as table:
        table.drop_column("shares_customers")
