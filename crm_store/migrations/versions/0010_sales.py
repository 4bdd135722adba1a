"""Accounts, leads, opportunities, tasks, campaigns; what came of offers and predictions."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TABLES = (
    "accounts", "account_contacts", "pipelines", "stages", "campaigns", "leads", "opportunities",
    "stage_changes", "lead_conversions", "tasks", "campaign_members", "campaign_touches",
    "recommendation_feedback", "predictions", "decisions",
)  # fmt: skip
_SOURCES = ("web", "chat", "campaign", "referral", "event", "phone", "import", "other")
_STATES = ("open", "won", "lost")
_LEAD_STATES = ("new", "working", "qualified", "unqualified", "converted")
_RECORDS = (
    "customer_id", "account_id", "lead_id", "opportunity_id", "ticket_id", "conversation_id",
    "campaign_id",
)  # fmt: skip
_ABOUT = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in _RECORDS) + " <= 1"


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), primary_key=True)


def _key(name: str, target: str, ondelete: str | None = None, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), sa.ForeignKey(target, ondelete=ondelete), **options)


def _choice(
    name: str, check: str, values: tuple[str, ...], *, nullable: bool = False, index: bool = False
) -> sa.Column[Any]:
    """A text column with a check of its values."""
    kind = sa.Enum(*values, name=check, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=nullable, index=index)


def _versioned() -> list[sa.Column[Any]]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        _key("updated_by_id", "users.id", "SET NULL"),
    ]


def _owned() -> list[sa.Column[Any]]:
    return [*_versioned(), _key("owner_id", "users.id", "SET NULL", index=True)]


def _found_by(name: str) -> list[sa.Column[Any]]:
    """An encrypted text and the blind index that is part of its stored form."""
    index = sa.Computed(f"substr({name}, 6, 32)", persisted=True)
    return [
        sa.Column(name, sa.Text()),
        sa.Column(f"{name}_index", sa.String(32), index, index=True),
    ]


def _index(table: str, *columns: str) -> None:
    op.create_index("_".join(("ix", table, *columns)), table, list(columns))


def _unique_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    for make in (_accounts, _pipelines, _leads, _opportunities, _work, _insights):
        make()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _accounts() -> None:
    op.create_table(
        "accounts",
        _id(),
        sa.Column("external_id", sa.String(128), unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("website", sa.String(200)),
        sa.Column("industry", sa.String(64)),
        sa.Column("employees", sa.Integer()),
        sa.Column("country", sa.String(2)),
        sa.Column("notes", sa.Text(), nullable=False),
        _key("merged_into_id", "accounts.id", index=True),
        *_owned(),
        sa.CheckConstraint("employees >= 0", name="employees_not_negative"),
        sa.CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
    )
    _index("accounts", "created_at", "id")
    op.create_table(
        "account_contacts",
        _key("account_id", "accounts.id", "CASCADE", primary_key=True),
        _key("customer_id", "customers.id", "CASCADE", primary_key=True, index=True),
        sa.Column("title", sa.String(100)),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
    )
    _unique_where("uq_account_contacts_main", "account_contacts", ["account_id"], "is_main")


def _pipelines() -> None:
    op.create_table(
        "pipelines",
        _id(),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("archived_at", _TIME),
        *_versioned(),
    )
    _unique_where("uq_pipelines_one_default", "pipelines", ["is_default"], "is_default")
    op.create_table(
        "stages",
        _id(),
        _key("pipeline_id", "pipelines.id", "CASCADE", nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _choice("kind", "stage_kind", _STATES),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.UniqueConstraint("pipeline_id", "name"),
        sa.UniqueConstraint("pipeline_id", "position"),
        sa.CheckConstraint(
            "(kind <> 'won' OR probability = 100) AND (kind <> 'lost' OR probability = 0)",
            name="ends_are_certain",
        ),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name="probability_in_percent"),
    )
    _unique_where("uq_stages_one_end", "stages", ["pipeline_id", "kind"], "kind <> 'open'")


def _leads() -> None:
    op.create_table(
        "campaigns",
        _id(),
        sa.Column("name", sa.String(200), nullable=False, unique=True),
        sa.Column("goal", sa.String(500), nullable=False),
        _choice("channel", "campaign_channel", ("chat", "email")),
        _choice("status", "campaign_status", ("draft", "running", "paused", "finished")),
        sa.Column("message", sa.Text(), nullable=False),
        _key("segment_id", "segments.id", "SET NULL", index=True),
        sa.Column("starts_at", _TIME),
        sa.Column("ends_at", _TIME),
        sa.Column("max_touches", sa.Integer(), nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        *_owned(),
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("max_touches >= 1 AND within_days >= 1", name="frequency_positive"),
    )
    _index("campaigns", "created_at", "id")
    op.create_table(
        "leads",
        _id(),
        sa.Column("external_id", sa.String(128), unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        *_found_by("email"),
        *_found_by("phone"),
        sa.Column("company", sa.String(200)),
        _choice("source", "lead_source", _SOURCES),
        _choice("status", "lead_status", _LEAD_STATES, index=True),
        sa.Column("unqualified_reason", sa.String(200)),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("score_reasons", _JSON, nullable=False),
        sa.Column("scored_at", _TIME),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("marketing_consent_at", _TIME),
        _key("campaign_id", "campaigns.id", "SET NULL", index=True),
        _key("conversation_id", "conversations.id", "SET NULL", index=True),
        sa.Column("converted_at", _TIME),
        sa.Column("idempotency_key", sa.String(128), unique=True),
        *_owned(),
        sa.CheckConstraint(
            "(status = 'converted') = (converted_at IS NOT NULL)", name="converted_when"
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name="score_in_range"),
    )
    _index("leads", "created_at", "id")
    _index("leads", "score", "id")


def _opportunities() -> None:
    op.create_table(
        "opportunities",
        _id(),
        sa.Column("external_id", sa.String(128), unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        _key("account_id", "accounts.id", "SET NULL", index=True),
        _key("customer_id", "customers.id", "SET NULL", index=True),
        _key("pipeline_id", "pipelines.id", nullable=False),
        _key("stage_id", "stages.id", nullable=False),
        sa.Column("stage_since", _TIME, nullable=False),
        _choice("status", "opportunity_status", _STATES),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("probability", sa.Integer()),
        sa.Column("expected_close", sa.Date(), index=True),
        sa.Column("next_step", sa.String(300)),
        _choice("source", "opportunity_source", _SOURCES),
        _key("campaign_id", "campaigns.id", "SET NULL", index=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("closed_at", _TIME),
        _choice(
            "lost_reason",
            "lost_reason",
            (
                "price",
                "competitor",
                "timing",
                "no_budget",
                "no_answer",
                "missing_feature",
                "not_a_fit",
                "other",
            ),
            nullable=True,
        ),
        sa.Column("lost_note", sa.String(500)),
        *_owned(),
        sa.CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_when"),
        sa.CheckConstraint("(status = 'lost') = (lost_reason IS NOT NULL)", name="lost_why"),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name="probability_in_percent"),
    )
    _index("opportunities", "created_at", "id")
    _index("opportunities", "pipeline_id", "closed_at")
    _index("opportunities", "stage_id", "stage_since")
    op.create_table(
        "stage_changes",
        _id(),
        _key("opportunity_id", "opportunities.id", "CASCADE", nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _choice("event", "stage_event", ("created", "moved", "won", "lost", "reopened", "amount")),
        sa.Column("at", _TIME, nullable=False),
        _key("user_id", "users.id", "SET NULL"),
        _key("from_stage_id", "stages.id"),
        _key("to_stage_id", "stages.id", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("note", sa.String(500)),
        sa.UniqueConstraint("opportunity_id", "seq"),
    )
    _index("stage_changes", "to_stage_id", "at")
    op.create_table(
        "lead_conversions",
        _id(),
        _key("lead_id", "leads.id", "CASCADE", nullable=False, index=True),
        _choice("status_before", "status_before", _LEAD_STATES),
        _key("customer_id", "customers.id", "SET NULL", index=True),
        sa.Column("customer_made", sa.Boolean(), nullable=False),
        _key("account_id", "accounts.id", "SET NULL", index=True),
        sa.Column("account_made", sa.Boolean(), nullable=False),
        sa.Column("contact_made", sa.Boolean(), nullable=False),
        _key("opportunity_id", "opportunities.id", "SET NULL", index=True),
        sa.Column("at", _TIME, nullable=False),
        _key("user_id", "users.id", "SET NULL"),
        sa.Column("undone_at", _TIME),
        _key("undone_by_id", "users.id", "SET NULL"),
    )
    _unique_where(
        "uq_lead_conversions_in_force", "lead_conversions", ["lead_id"], "undone_at IS NULL"
    )


def _work() -> None:
    op.create_table(
        "tasks",
        _id(),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        _choice("kind", "task_kind", ("todo", "call", "email", "meeting")),
        _choice("status", "task_status", ("open", "done", "cancelled")),
        _choice("priority", "task_priority", ("low", "normal", "high")),
        sa.Column("due_at", _TIME),
        sa.Column("remind_at", _TIME),
        sa.Column("reminded_at", _TIME),
        _key("created_by_id", "users.id", "SET NULL"),
        sa.Column("closed_at", _TIME),
        _key("customer_id", "customers.id", "CASCADE", index=True),
        _key("account_id", "accounts.id", "CASCADE", index=True),
        _key("lead_id", "leads.id", "CASCADE", index=True),
        _key("opportunity_id", "opportunities.id", "CASCADE", index=True),
        _key("ticket_id", "tickets.id", "CASCADE", index=True),
        _key("conversation_id", "conversations.id", "CASCADE", index=True),
        _key("campaign_id", "campaigns.id", "CASCADE", index=True),
        *_owned(),
        sa.CheckConstraint(_ABOUT, name="about_one_record"),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_when"),
    )
    _index("tasks", "owner_id", "status", "remind_at")
    _index("tasks", "status", "due_at", "id")
    op.create_table(
        "campaign_members",
        _id(),
        _key("campaign_id", "campaigns.id", "CASCADE", nullable=False),
        _key("customer_id", "customers.id", "CASCADE", index=True),
        _key("lead_id", "leads.id", "CASCADE", index=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.UniqueConstraint("campaign_id", "customer_id"),
        sa.UniqueConstraint("campaign_id", "lead_id"),
        sa.CheckConstraint("(customer_id IS NULL) <> (lead_id IS NULL)", name="one_person"),
    )
    op.create_table(
        "campaign_touches",
        _id(),
        _key("member_id", "campaign_members.id", "CASCADE", nullable=False),
        _choice(
            "status",
            "touch_status",
            ("planned", "sent", "opened", "answered", "converted", "skipped"),
        ),
        sa.Column("planned_for", _TIME, nullable=False),
        sa.Column("sent_at", _TIME),
        sa.Column("opened_at", _TIME),
        sa.Column("answered_at", _TIME),
        sa.Column("converted_at", _TIME),
        sa.Column("skip_reason", sa.String(100)),
        _key("conversation_id", "conversations.id", "SET NULL", index=True),
        _key("opportunity_id", "opportunities.id", "SET NULL", index=True),
        sa.Column("created_at", _TIME, nullable=False),
        sa.CheckConstraint(
            "status IN ('planned', 'skipped') OR sent_at IS NOT NULL", name="sent_when"
        ),
        sa.CheckConstraint("(status = 'skipped') = (skip_reason IS NOT NULL)", name="skipped_why"),
    )
    _index("campaign_touches", "member_id", "sent_at")
    _index("campaign_touches", "status", "planned_for")


def _insights() -> None:
    op.create_table(
        "recommendation_feedback",
        _id(),
        _key("customer_id", "customers.id", "CASCADE", nullable=False),
        _key("product_id", "products.id", "CASCADE", nullable=False, index=True),
        _key("conversation_id", "conversations.id", "SET NULL", index=True),
        _choice("kind", "feedback_kind", ("shown", "clicked", "dismissed", "bought")),
        sa.Column("rank", sa.Integer()),
        sa.Column("score", sa.Double()),
        sa.Column("reason", sa.String(200)),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("source_key", sa.String(128), unique=True),
    )
    _index("recommendation_feedback", "customer_id", "at")
    op.create_table(
        "predictions",
        _id(),
        _key("run_id", "model_runs.id", "CASCADE", nullable=False, index=True),
        _key("customer_id", "customers.id", "CASCADE", nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("horizon_days", sa.Integer()),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("computed_at", _TIME, nullable=False),
        sa.UniqueConstraint("customer_id", "kind"),
    )
    _index("predictions", "kind", "score")
    op.create_table(
        "decisions",
        _id(),
        _key("customer_id", "customers.id", "CASCADE", nullable=False),
        _key("conversation_id", "conversations.id", "SET NULL", index=True),
        _key("run_id", "model_runs.id", "SET NULL", index=True),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("offer", _JSON, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("offered_at", _TIME, nullable=False),
        _choice("outcome", "decision_outcome", ("pending", "accepted", "declined", "ignored")),
        sa.Column("outcome_at", _TIME),
        sa.Column("outcome_data", _JSON),
        sa.Column("source_key", sa.String(128), unique=True),
    )
    _index("decisions", "action", "offered_at")
    _index("decisions", "customer_id", "offered_at")
