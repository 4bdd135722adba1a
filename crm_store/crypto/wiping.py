"""Plain text that encryption left behind in SQLite's file."""

from crm_store.database import Database


def wipe_free_pages(database: Database) -> None:
    """Write SQLite's file anew, without the former contents of what was rewritten.

    PostgreSQL keeps them until it has vacuumed and written over them; docs/security.md says how to
    be rid of them sooner.
    """
    if not database.is_sqlite:
        return
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()
