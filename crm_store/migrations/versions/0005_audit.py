"""The audit log, more roles, API keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TABLES = ("audit_head", "audit_entries", "api_keys")

# The application never changes an entry and deletes only those before the head's first one.
_SQLITE_GUARDS = (
    "CREATE TRIGGER audit_entries_not_changed BEFORE UPDATE ON audit_entries"
    " BEGIN SELECT RAISE(ABORT, 'entries of the audit log are not changed'); END",
    "CREATE TRIGGER audit_entries_not_deleted BEFORE DELETE ON audit_entries"
    " WHEN OLD.seq >= coalesce((SELECT first_seq FROM audit_head WHERE id = 1), 1)"
    " BEGIN SELECT RAISE(ABORT, 'entries of the audit log are not deleted'); END",
    "CREATE TRIGGER audit_head_not_deleted BEFORE DELETE ON audit_head"
    " BEGIN SELECT RAISE(ABORT, 'the head of the audit log is not deleted'); END",
)
_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION audit_log_refuses() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN RAISE EXCEPTION 'the audit log is not changed or deleted'; END $$",
    "CREATE FUNCTION audit_entries_keeps() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN"
    " IF OLD.seq >= coalesce((SELECT first_seq FROM audit_head WHERE id = 1), 1) THEN"
    " RAISE EXCEPTION 'entries of the audit log are not deleted';"
    " END IF;"
    " RETURN OLD;"
    " END $$",
    "CREATE TRIGGER audit_entries_not_changed BEFORE UPDATE ON audit_entries"
    " FOR EACH ROW EXECUTE FUNCTION audit_log_refuses()",
    "CREATE TRIGGER audit_entries_not_deleted BEFORE DELETE ON audit_entries"
    " FOR EACH ROW EXECUTE FUNCTION audit_entries_keeps()",
    "CREATE TRIGGER audit_entries_not_truncated BEFORE TRUNCATE ON audit_entries"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuses()",
    "CREATE TRIGGER audit_head_not_deleted BEFORE DELETE ON audit_head"
    " FOR EACH ROW EXECUTE FUNCTION audit_log_refuses()",
    "CREATE TRIGGER audit_head_not_truncated BEFORE TRUNCATE ON audit_head"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuses()",
)


def _enum(name: str, *values: str) -> sa.Enum:
    """A text column with a check of its values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    _let_roles_be("agent", "analyst", "admin")
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("first_previous_hash", sa.String(64), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", _TIME, nullable=False, index=True),
        sa.Column("actor_kind", _enum("actor_kind", "customer", "staff", "system"), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_reason", sa.String(200)),
        sa.Column("api_key_id", sa.Uuid()),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("target_kind", sa.String(32)),
        sa.Column("target_id", sa.String(64)),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.CheckConstraint("seq > 0", name="seq_positive"),
    )
    for columns in (["action"], ["actor_id"], ["target_kind", "target_id"]):
        name = "_".join(("ix_audit_entries", *columns, "seq"))
        op.create_index(name, "audit_entries", [*columns, "seq"])
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("permissions", _JSON, nullable=False),
        sa.Column(
            "created_by",
            sa.Uuid(),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME),
        sa.Column("last_used_at", _TIME),
        sa.Column("revoked_at", _TIME),
    )
    for statement in _POSTGRESQL_GUARDS if _on_postgresql() else _SQLITE_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)  # its triggers go with it
    if _on_postgresql():
        op.execute("DROP FUNCTION audit_entries_keeps()")
        op.execute("DROP FUNCTION audit_log_refuses()")
    # An analyst may not come out of it with more than they had.
    op.execute("UPDATE users SET role = 'agent' WHERE role = 'analyst'")
    _let_roles_be("agent", "admin")


def _let_roles_be(*roles: str) -> None:
    listed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table("users") as users:
        users.drop_constraint("role", type_="check")
        users.create_check_constraint("role", f"role IN ({listed})")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
