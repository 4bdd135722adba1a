"""Jobs, consents (with the newsletter moved into them), tombstones."""

from datetime import UTC, datetime
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from foundation.ids import new_id

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_UNFINISHED = sa.text("status IN ('waiting', 'running')")
_IN_FORCE = sa.text("superseded_at IS NULL")
_PURPOSES = ("marketing_email", "marketing_chat", "profiling", "recommendations", "training")
_STATUSES = ("waiting", "running", "done", "dead")
_BATCH = 5_000


def upgrade() -> None:
    _create_jobs()
    consents = _create_consents()
    _create_tombstones()
    _move_newsletter(consents)


def downgrade() -> None:
    op.add_column(
        "customers",
        sa.Column("newsletter", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE customers SET newsletter = true WHERE id IN (SELECT customer_id FROM consents"
        " WHERE purpose = 'marketing_email' AND granted AND superseded_at IS NULL)"
    )
    for table in ("tombstones", "consents", "jobs"):
        op.drop_table(table)


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("payload", _JSON, nullable=False),
        sa.Column("unique_key", sa.String(128)),
        sa.Column("status", _enum("job_status", _STATUSES), nullable=False),
        sa.Column("run_at", _TIME),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("locked_by", sa.String(64)),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("state", _JSON),
        sa.Column("result", _JSON),
        sa.Column("last_error", sa.String(100)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("finished_at", _TIME),
        sa.CheckConstraint(
            "(status = 'running') = (locked_by IS NOT NULL)", name="running_is_locked"
        ),
        sa.CheckConstraint(
            "(status IN ('done', 'dead')) = (finished_at IS NOT NULL)", name="over_is_finished"
        ),
    )
    op.create_index("ix_jobs_status_run_at", "jobs", ["status", "run_at"])
    op.create_index("ix_jobs_kind_id", "jobs", ["kind", "id"])
    op.create_index(
        "uq_jobs_unfinished_unique_key",
        "jobs",
        ["unique_key"],
        unique=True,
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )


def _create_consents() -> sa.Table:
    table = op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "customer_id",
            sa.Uuid(),
            sa.ForeignKey("customers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("purpose", _enum("consent_purpose", _PURPOSES), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("wording", sa.String(64)),
        sa.Column("evidence", _JSON),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("superseded_at", _TIME),
    )
    op.create_index(
        "uq_consents_in_force",
        "consents",
        ["customer_id", "purpose"],
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    )
    op.create_index("ix_consents_customer_id_id", "consents", ["customer_id", "id"])
    return table


def _create_tombstones() -> None:
    op.create_table(
        "tombstones",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("erasure_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("erased_at", _TIME, nullable=False),
        sa.Column("lifted_at", _TIME),
        sa.UniqueConstraint("kind", "digest"),
    )


def _move_newsletter(consents: sa.Table) -> None:
    """Each subscription becomes a consent; the column goes."""
    connection = op.get_bind()
    customers = sa.table(
        "customers", sa.column("id", sa.Uuid()), sa.column("newsletter", sa.Boolean())
    )
    last: UUID | None = None
    while True:
        subscribed = sa.select(customers.c.id).where(customers.c.newsletter.is_(sa.true()))
        if last is not None:
            subscribed = subscribed.where(customers.c.id > last)
        ids = connection.scalars(subscribed.order_by(customers.c.id).limit(_BATCH)).all()
        if not ids:
            break
        last = ids[-1]
        connection.execute(sa.insert(consents), [_consent(customer_id) for customer_id in ids])
    op.drop_column("customers", "newsletter")


def _consent(customer_id: UUID) -> dict[str, object]:
    return {
        "id": new_id(),
        "customer_id": customer_id,
        "purpose": "marketing_email",
        "granted": True,
        "at": datetime.now(UTC),
        "source": "migration",
    }


def _enum(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
