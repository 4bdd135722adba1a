"""SQLite's one write lock: waiting for it, and letting those who wait have it."""

import sqlite3
import time
from typing import Any

_LOOK_SECONDS = 0.002
_GAP_SECONDS = 2 * _LOOK_SECONDS


def begin_writing(connection: Any, *, seconds: float) -> None:
    """Begin a transaction as soon as no other process writes.

    SQLite's own waiting sleeps up to 100 ms between two looks, and misses the moment between two
    transactions of an import for seconds on end.

    Args:
        connection: SQLAlchemy's, without a transaction.
        seconds: to wait at most.

    Raises:
        OperationalError: the lock was not let go of in time.
    """
    driver = connection.connection.driver_connection
    deadline = time.monotonic() + seconds
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < deadline:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(_LOOK_SECONDS)
        # What goes wrong here is raised as SQLAlchemy raises everything else.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {round(seconds * 1_000)}")


def give_way() -> None:
    """Between two transactions of many: long enough that whoever waits looks."""
    time.sleep(_GAP_SECONDS)
