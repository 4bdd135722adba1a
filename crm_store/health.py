"""Whether the database answers."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from crm_store.database import Database


def is_answering(database: Database) -> bool:
    """Ask the database the smallest question; an error is an answer too, namely no."""
    try:
        with database.reading() as session:
            return session.scalar(select(1)) == 1
    except SQLAlchemyError:
        return False
