"""Secrets of sites in a table of their own, identities that were used, sockets of sessions."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from crm_store.crypto.errors import NoDataKeys
from crm_store.crypto.sealed import is_sealed
from foundation.clock import utc_now
from foundation.ids import new_id, new_token

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_FIELD = "site_secrets.secret"
_HAS_SESSION = "ck_socket_tickets_visitor_has_session"
_SESSION_KEY = "fk_socket_tickets_session_id_widget_sessions"
_PRESENT = sa.text("session_id IS NOT NULL")
_CURRENT = sa.text("expires_at IS NULL")

_sites = sa.table("sites", sa.column("id", sa.Uuid()), sa.column("secret", sa.String()))
_secrets = sa.table(
    "site_secrets",
    sa.column("id", sa.Uuid()),
    sa.column("site_id", sa.Uuid()),
    sa.column("secret", sa.Text()),
    sa.column("created_at", _TIME),
    sa.column("expires_at", _TIME),
)


def upgrade() -> None:
    op.create_table(
        "site_secrets",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("site_id", sa.Uuid(), _of_site(), nullable=False, index=True),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME),
    )
    op.create_index(
        "uq_site_secrets_one_current",
        "site_secrets",
        ["site_id"],
        unique=True,
        sqlite_where=_CURRENT,
        postgresql_where=_CURRENT,
    )
    op.create_table(
        "used_identities",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("site_id", sa.Uuid(), _of_site(), nullable=False),
        sa.Column("jti_digest", sa.String(64), nullable=False),
        sa.Column("browser_digest", sa.String(64)),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.UniqueConstraint("site_id", "jti_digest"),
    )
    _move_secrets_out()
    with op.batch_alter_table("sites") as sites:
        sites.drop_column("secret")
        sites.add_column(
            sa.Column("identity_required", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # They live for half a minute, and those of visitors do not say whose session they are of.
    op.execute("DELETE FROM socket_tickets")
    with op.batch_alter_table("socket_tickets") as tickets:
        tickets.add_column(sa.Column("session_id", sa.Uuid()))
        tickets.create_foreign_key(
            op.f(_SESSION_KEY), "widget_sessions", ["session_id"], ["id"], ondelete="CASCADE"
        )
        tickets.create_check_constraint(
            op.f(_HAS_SESSION), "(conversation_id IS NULL) = (session_id IS NULL)"
        )
    op.create_index(
        "ix_socket_tickets_session_id",
        "socket_tickets",
        ["session_id"],
        sqlite_where=_PRESENT,
        postgresql_where=_PRESENT,
    )


def downgrade() -> None:
    op.execute("DELETE FROM socket_tickets")
    op.drop_index("ix_socket_tickets_session_id", "socket_tickets")
    with op.batch_alter_table("socket_tickets") as tickets:
        tickets.drop_constraint(op.f(_HAS_SESSION), type_="check")
        tickets.drop_constraint(op.f(_SESSION_KEY), type_="foreignkey")
        tickets.drop_column("session_id")
    with op.batch_alter_table("sites") as sites:
        sites.drop_column("identity_required")
        sites.add_column(sa.Column("secret", sa.String(128), nullable=False, server_default=""))
    _move_secrets_back()
    with op.batch_alter_table("sites") as sites:
        sites.alter_column("secret", server_default=None)
    op.drop_table("used_identities")
    op.drop_table("site_secrets")


def _move_secrets_out() -> None:
    """Sealed at once where there is a keyring; else the next run with one encrypts them."""
    connection, keyring = op.get_bind(), context.config.attributes.get("keyring")
    for site in connection.execute(sa.select(_sites)).all():
        secret = keyring.seal(site.secret, _FIELD) if keyring else site.secret
        connection.execute(
            _secrets.insert().values(
                id=new_id(), site_id=site.id, secret=secret, created_at=utc_now()
            )
        )


def _move_secrets_back() -> None:
    """The newest of each site; one that had none gets one that nobody knows."""
    connection = op.get_bind()
    current = sa.select(_secrets.c.site_id, _secrets.c.secret).where(_CURRENT)
    known = {row.site_id: _opened(row.secret) for row in connection.execute(current)}
    for site_id in connection.scalars(sa.select(_sites.c.id)).all():
        connection.execute(
            _sites.update()
            .where(_sites.c.id == site_id)
            .values(secret=known.get(site_id) or new_token())
        )


def _opened(secret: str) -> str:
    keyring: Any = context.config.attributes.get("keyring")
    if not is_sealed(secret):
        return secret
    if keyring is None:
        raise NoDataKeys
    return str(keyring.open(secret, _FIELD))


def _of_site() -> sa.ForeignKey:
    return sa.ForeignKey("sites.id", ondelete="CASCADE")
