"""Telling an outage of the database from an error of ours."""

import errno

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

DATABASE_AWAY: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeoutError)
"""What the drivers raise when the database is gone, starting, full or not keeping up."""

_POSTGRESQL_FULL = "53100"  # disk_full
_SQLITE_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_WRITE"})


_OS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_full(error: Exception) -> bool:
    """Whether the database, or a file, had no space left to be written to."""
    if isinstance(error, OSError):
        return error.errno in _OS_FULL
    # Those of COPY come as the driver raises them.
    original = error.orig if isinstance(error, DBAPIError) else error
    return (
        getattr(original, "sqlstate", None) == _POSTGRESQL_FULL
        or getattr(original, "sqlite_errorname", None) in _SQLITE_FULL
    )
