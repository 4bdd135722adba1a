"""Settings of sites, what visitors tell of themselves, messages that the shop says first."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_PURPOSES = ("marketing_email", "marketing_chat", "profiling", "recommendations", "training")
_STATUSES = ("waiting", "delivered", "refused", "expired", "withdrawn")
_TAKEN = sa.text("kind IN ('claimed', 'assigned')")
_WAITING = sa.text("status = 'waiting'")
_SITE_CALENDAR = "fk_sites_calendar_id_business_calendars"


def upgrade() -> None:
    with op.batch_alter_table("sites") as table:
        table.add_column(sa.Column("settings", _JSON, nullable=False, server_default="{}"))
        table.add_column(sa.Column("calendar_id", sa.Uuid()))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.create_foreign_key(
            op.f(_SITE_CALENDAR),
            "business_calendars",
            ["calendar_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index("ix_sites_calendar_id", "sites", ["calendar_id"])
    op.add_column("conversations", sa.Column("locale", sa.String(35)))
    op.create_index(
        "ix_conversation_events_taken_at",
        "conversation_events",
        ["at"],
        sqlite_where=_TAKEN,
        postgresql_where=_TAKEN,
    )
    _create_visitor_details()
    _create_outreach()


def downgrade() -> None:
    op.drop_table("outreach_messages")
    op.drop_table("visitor_details")
    op.drop_index("ix_conversation_events_taken_at", "conversation_events")
    op.drop_column("conversations", "locale")
    op.drop_index("ix_sites_calendar_id", "sites")
    with op.batch_alter_table("sites") as table:
        table.drop_constraint(op.f(_SITE_CALENDAR), type_="foreignkey")
        for column in ("version", "calendar_id", "settings"):
            table.drop_column(column)


def _create_visitor_details() -> None:
    op.create_table(
        "visitor_details",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "conversation_id",
            sa.Uuid(),
            sa.ForeignKey("conversations.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("answers", _JSON),
        sa.Column("attributes", _JSON),
        sa.Column("page", _JSON),
        sa.Column("updated_at", _TIME, nullable=False),
    )


def _create_outreach() -> None:
    op.create_table(
        "outreach_messages",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "customer_id",
            sa.Uuid(),
            sa.ForeignKey("customers.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "touch_id",
            sa.Uuid(),
            sa.ForeignKey("campaign_touches.id", ondelete="CASCADE"),
            unique=True,
        ),
        sa.Column("purpose", _enum("outreach_purpose", *_PURPOSES), nullable=False),
        sa.Column("texts", _JSON),
        sa.Column("not_before", _TIME, nullable=False),
        sa.Column("expires_at", _TIME),
        sa.Column("status", _enum("outreach_status", *_STATUSES), nullable=False),
        sa.Column("reason", sa.String(100)),
        sa.Column("delivered_at", _TIME),
        sa.Column("answered_at", _TIME),
        sa.Column(
            "conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id", ondelete="SET NULL")
        ),
        sa.Column("seq", sa.Integer()),
        sa.Column("created_by_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint(
            "(touch_id IS NULL) = (texts IS NOT NULL)", name="says_its_own_or_the_campaigns"
        ),
        sa.CheckConstraint(
            "(status = 'delivered') = (delivered_at IS NOT NULL)", name="delivered_when"
        ),
        sa.CheckConstraint("expires_at > not_before", name="expires_after_start"),
    )
    present = sa.text("conversation_id IS NOT NULL")
    for name, columns, where in (
        ("ix_outreach_messages_waiting", ["customer_id", "not_before"], _WAITING),
        ("ix_outreach_messages_customer_id_delivered_at", ["customer_id", "delivered_at"], None),
        ("ix_outreach_messages_created_at_id", ["created_at", "id"], None),
        ("ix_outreach_messages_conversation_id", ["conversation_id"], present),
    ):
        op.create_index(
            name, "outreach_messages", columns, sqlite_where=where, postgresql_where=where
        )


def _enum(name: str, *values: str) -> sa.Enum:
    """A text column with a check of its values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
