"""How Alembic reaches the database: over the connection that ``crm_store.migrate`` hands it."""

from alembic import context

from crm_store.migrations.comparing import types_differ
from crm_store.models import Base
from crm_store.search.objects import install, is_indexed, is_modelled, remove
from crm_store.search.rebuild import fill

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=types_differ,
    include_object=is_modelled,
    transaction_per_migration=False,
)
with context.begin_transaction():
    was_indexed = is_indexed(connection)
    remove(connection)
    context.run_migrations()
    install(connection)
    if is_indexed(connection) and not was_indexed:
        fill(connection)
