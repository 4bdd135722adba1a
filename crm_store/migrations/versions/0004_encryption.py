"""Personal fields under encryption, with blind indexes to find them by.

Up makes room; the values are encrypted afterwards, in batches (``crm_store.crypto.rekeying``). Down
decrypts them first, with the keyring in Alembic's attribute ``keyring``.
"""

import sqlalchemy as sa
from alembic import context, op

from crm_store.crypto.errors import NoDataKeys
from crm_store.crypto.fields import Field
from crm_store.crypto.rewriting import by_id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_LOOKED_UP = ("email", "phone")
_LENGTHS = {
    "customers": {"email": 254, "phone": 32, "street": 200, "postal_code": 20},
    "orders": {"ship_to": 200, "street": 200, "postal_code": 20},
    "conversations": {"last_text": 200},
    "interactions": {"summary": 500},
}
_TEXTS = {"messages": ("text",), "csats": ("comment",), "tickets": ("body",)}
_JSON = {
    "messages": ("payload", "nlu"),
    "conversations": ("handoff_brief",),
    "interactions": ("data",),
    "assistant_events": ("data",),
}
_BATCH = 1_000
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "data_keys",
        sa.Column("key_id", sa.String(16), primary_key=True),
        sa.Column("check_value", sa.String(16), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("complete_at", _TIME),
        sa.Column("unused_at", _TIME),
    )
    _change_types(to_text=True)
    for name in _LOOKED_UP:
        op.drop_index(f"ix_customers_{name}", "customers")
        _add_index_column(name)
        op.create_index(f"ix_customers_{name}_index", "customers", [f"{name}_index"])


def _add_index_column(name: str) -> None:
    cut_out = f"substr({name}, 6, 32)"
    if not _is_sqlite():
        computed = sa.Computed(cut_out, persisted=True)
        op.add_column("customers", sa.Column(f"{name}_index", sa.String(32), computed))
        return
    # SQLite adds no column that it would have to store. It keeps the text as it stands here, and
    # SQLAlchemy, where a later migration makes the table anew, reads one such column a line.
    op.execute(
        f"ALTER TABLE customers ADD COLUMN {name}_index VARCHAR(32)\n"
        f"GENERATED ALWAYS AS ({cut_out})\nVIRTUAL"
    )


def downgrade() -> None:
    _decrypt()
    for name in _LOOKED_UP:
        op.drop_index(f"ix_customers_{name}_index", "customers")
        op.drop_column("customers", f"{name}_index")
        op.create_index(f"ix_customers_{name}", "customers", [name])
    _change_types(to_text=False)
    op.drop_table("data_keys")


def _change_types(*, to_text: bool) -> None:
    """SQLite enforces no length, so there is nothing to change there."""
    if _is_sqlite():
        return
    for table, columns in _LENGTHS.items():
        for name, length in columns.items():
            limited = sa.String(length)
            op.alter_column(
                table,
                name,
                existing_type=limited if to_text else sa.Text(),
                type_=sa.Text() if to_text else limited,
            )


def _decrypt() -> None:
    connection, keyring = op.get_bind(), context.config.attributes.get("keyring")
    for table in _LENGTHS | _TEXTS | _JSON:
        texts = (*_LENGTHS.get(table, {}), *_TEXTS.get(table, ()))
        fields = [Field(table, name, seal=False) for name in texts]
        fields += [Field(table, n, is_json=True, seal=False) for n in _JSON.get(table, ())]
        rewriter = by_id(fields, connection.dialect.name)
        after = None
        while rows := rewriter.read(connection, "", after=after, limit=_BATCH):
            if keyring is None:
                raise NoDataKeys
            rewriter.write(connection, rewriter.settle(rows, keyring))
            after = rows[-1].key


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
