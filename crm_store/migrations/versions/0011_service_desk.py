"""Ticket types, SLAs, business calendars, labels, canned replies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TYPES = ("question", "problem", "return", "complaint", "refund", "feature", "other")
_PRIORITIES = ("low", "normal", "high", "urgent")
_AUTHORS = ("customer", "bot", "agent", "system")
_TABLES = (
    "business_calendars",
    "calendar_days",
    "sla_policies",
    "ticket_comments",
    "ticket_events",
    "sla_clocks",
    "labels",
    "conversation_labels",
    "ticket_labels",
    "canned_replies",
)
_TICKET_INDEXES: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("ix_tickets_created_at_id", ("created_at", "id"), None),
    ("ix_tickets_updated_at_id", ("updated_at", "id"), None),
    ("ix_tickets_status_created_at", ("status", "created_at"), None),
    (
        "ix_tickets_assignee_id_status_created_at",
        ("assignee_id", "status", "created_at"),
        None,
    ),
    ("ix_tickets_policy_id", ("policy_id",), None),
    ("ix_tickets_merged_into_id", ("merged_into_id",), None),
    ("ix_tickets_due_at_id", ("due_at", "id"), "due_at IS NOT NULL"),
    ("ix_tickets_sla_stale", ("id",), "sla_stale"),
)
_TICKET_COLUMNS = (
    "type",
    "assignee_id",
    "policy_id",
    "due_at",
    "sla_stale",
    "answered_at",
    "solved_at",
    "reopened",
    "merged_into_id",
    "version",
)
_TICKET_CHECKS = (
    ("ticket_type", f"type IN ({', '.join(repr(name) for name in _TYPES)})"),
    ("merged_is_closed", "merged_into_id IS NULL OR status = 'closed'"),
    ("merged_into_another", "merged_into_id <> id"),
)
_TICKET_KEYS = (
    ("assignee_id", "users", None),
    ("policy_id", "sla_policies", "SET NULL"),
    ("merged_into_id", "tickets", None),
)


def upgrade() -> None:
    _create_calendars()
    _create_policies()
    _extend_tickets()
    _create_history()
    _create_clocks()
    _create_labels()
    _create_canned_replies()


def downgrade() -> None:
    for name, _, _ in _TICKET_INDEXES:
        op.drop_index(name, "tickets")
    for table in reversed(_TABLES):
        if table == "sla_policies":  # to which tickets point
            _shrink_tickets()
        op.drop_table(table)


def _create_calendars() -> None:
    op.create_table(
        "business_calendars",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("hours", _JSON, nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("subdivision", sa.String(8)),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        *_versioned(),
        sa.CheckConstraint("subdivision IS NULL OR country IS NOT NULL", name="country_is_named"),
    )
    op.create_index(
        "uq_business_calendars_one_default",
        "business_calendars",
        ["is_default"],
        unique=True,
        sqlite_where=sa.text("is_default"),
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "calendar_days",
        sa.Column("calendar_id", sa.Uuid(), _cascade("business_calendars"), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("hours", _JSON, nullable=False),
    )


def _create_policies() -> None:
    op.create_table(
        "sla_policies",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("type", _enum("policy_type", *_TYPES)),
        sa.Column("priority", _enum("policy_priority", *_PRIORITIES)),
        sa.Column("segment", sa.String(200)),
        sa.Column(
            "calendar_id",
            sa.Uuid(),
            sa.ForeignKey("business_calendars.id"),
            nullable=False,
            index=True,
        ),
        sa.Column("first_response_minutes", sa.Integer()),
        sa.Column("resolution_minutes", sa.Integer()),
        sa.Column("warn_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_versioned(),
        sa.CheckConstraint(
            "first_response_minutes IS NOT NULL OR resolution_minutes IS NOT NULL",
            name="promises_something",
        ),
        sa.CheckConstraint(
            "first_response_minutes > 0 AND resolution_minutes > 0 AND warn_minutes >= 0",
            name="minutes_in_range",
        ),
    )
    op.create_index("ix_sla_policies_position", "sla_policies", ["position", "id"])


def _extend_tickets() -> None:
    with op.batch_alter_table("tickets") as table:
        table.add_column(sa.Column("type", sa.String(32), nullable=False, server_default="other"))
        table.add_column(sa.Column("assignee_id", sa.Uuid()))
        table.add_column(sa.Column("policy_id", sa.Uuid()))
        table.add_column(sa.Column("due_at", _TIME))
        table.add_column(
            sa.Column("sla_stale", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("answered_at", _TIME))
        table.add_column(sa.Column("solved_at", _TIME))
        table.add_column(sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("merged_into_id", sa.Uuid()))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        for name, condition in _TICKET_CHECKS:
            table.create_check_constraint(op.f(f"ck_tickets_{name}"), condition)
        for column, referred, ondelete in _TICKET_KEYS:
            table.create_foreign_key(
                op.f(f"fk_tickets_{column}_{referred}"),
                referred,
                [column],
                ["id"],
                ondelete=ondelete,
            )
    for name, columns, where in _TICKET_INDEXES:
        partial = sa.text(where) if where else None
        op.create_index(
            name, "tickets", list(columns), sqlite_where=partial, postgresql_where=partial
        )
    _describe_tickets()


def _describe_tickets() -> None:
    """What there is gets the type that its topic says; open ones get their clocks by the job."""
    tickets = sa.table(
        "tickets",
        *(sa.column(name) for name in ("topic", "type", "status", "updated_at", "solved_at")),
        sa.column("sla_stale", sa.Boolean()),
    )
    topic = tickets.c.topic
    of_topic = sa.case(
        (topic == "complaint", "complaint"),
        (topic.like("return%"), "return"),
        (topic.like("refund%"), "refund"),
        (
            topic.like("delivery%") | topic.like("payment%") | topic.like("warranty%"),
            "problem",
        ),
        else_="other",
    )
    unsettled = tickets.c.status.in_(("open", "pending"))
    op.execute(
        tickets.update().values(
            type=of_topic,
            sla_stale=unsettled,
            solved_at=sa.case((unsettled, None), else_=tickets.c.updated_at),
        )
    )


def _shrink_tickets() -> None:
    with op.batch_alter_table("tickets") as table:
        for column, referred, _ in _TICKET_KEYS:
            table.drop_constraint(op.f(f"fk_tickets_{column}_{referred}"), type_="foreignkey")
        for name, _ in _TICKET_CHECKS:
            table.drop_constraint(op.f(f"ck_tickets_{name}"), type_="check")
        for column in reversed(_TICKET_COLUMNS):
            table.drop_column(column)


def _create_history() -> None:
    op.create_table(
        "ticket_comments",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ticket_id", sa.Uuid(), _cascade("tickets"), nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("author", _enum("comment_author", *_AUTHORS), nullable=False),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("visibility", _enum("comment_visibility", "public", "note"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.UniqueConstraint("ticket_id", "client_id"),
    )
    op.create_index(
        "ix_ticket_comments_ticket_id_at_id", "ticket_comments", ["ticket_id", "at", "id"]
    )
    op.create_table(
        "ticket_events",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ticket_id", sa.Uuid(), _cascade("tickets"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("actor", _enum("event_actor", *_AUTHORS), nullable=False),
        sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id")),
        sa.Column("data", _JSON),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("source_key", sa.String(128), unique=True),
    )
    op.create_index(
        "ix_ticket_events_ticket_id_version_id", "ticket_events", ["ticket_id", "version", "id"]
    )
    op.create_index("ix_ticket_events_kind_at", "ticket_events", ["kind", "at"])


def _create_clocks() -> None:
    op.create_table(
        "sla_clocks",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("ticket_id", sa.Uuid(), _cascade("tickets"), nullable=False),
        sa.Column("kind", _enum("clock_kind", "first_response", "resolution"), nullable=False),
        sa.Column("state", _enum("clock_state", "running", "paused", "stopped"), nullable=False),
        sa.Column("target_minutes", sa.Integer(), nullable=False),
        sa.Column("spent_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", _TIME),
        sa.Column("warn_at", _TIME),
        sa.Column("stopped_at", _TIME),
        sa.Column("breached_at", _TIME),
        sa.UniqueConstraint("ticket_id", "kind"),
        sa.CheckConstraint("(state = 'running') = (due_at IS NOT NULL)", name="running_is_due"),
        sa.CheckConstraint("target_minutes > 0", name="target_positive"),
    )
    op.create_index("ix_sla_clocks_state_due_at", "sla_clocks", ["state", "due_at"])
    op.create_index("ix_sla_clocks_state_warn_at", "sla_clocks", ["state", "warn_at"])


def _create_labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("folded", sa.String(120), nullable=False, unique=True),
        sa.Column(
            "tone",
            _enum("tone", "grey", "blue", "green", "amber", "red", "violet"),
            nullable=False,
        ),
        sa.Column("description", sa.String(200), nullable=False),
        *_versioned(),
    )
    for thing in ("conversation", "ticket"):
        op.create_table(
            f"{thing}_labels",
            sa.Column(f"{thing}_id", sa.Uuid(), _cascade(f"{thing}s"), primary_key=True),
            sa.Column("label_id", sa.Uuid(), _cascade("labels"), primary_key=True, index=True),
            sa.Column("user_id", sa.Uuid(), sa.ForeignKey("users.id")),
            sa.Column("at", _TIME, nullable=False),
        )


def _create_canned_replies() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("shortcut", sa.String(40), nullable=False, unique=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retired_at", _TIME),
        *_versioned(),
        sa.CheckConstraint("shortcut = lower(shortcut)", name="shortcut_is_lower"),
    )


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.Column("updated_by_id", sa.Uuid(), sa.ForeignKey("users.id", ondelete="SET NULL")),
    ]


def _cascade(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")


def _enum(name: str, *values: str) -> sa.Enum:
    """A text column with a check of its values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
