"""How the models' types are compared with a database's."""

from typing import Any

from sqlalchemy import String

from crm_store.models.encrypted import EncryptedText


def types_differ(
    context: Any, _found: Any, _wanted: Any, found_type: Any, wanted_type: Any
) -> bool | None:
    """For Alembic's ``compare_type``; None leaves the answer to Alembic.

    An encrypted text needs room. SQLite enforces no length, so there an older VARCHAR has it.
    """
    is_sqlite = context.dialect.name == "sqlite"
    if is_sqlite and isinstance(wanted_type, EncryptedText) and isinstance(found_type, String):
        return False
    return None
