"""One way to read the time, so that every timestamp in the system is aware and in UTC."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)
