"""Times as the texts that each database takes them in."""

from datetime import UTC, datetime


def moment_text(moment: datetime, dialect: str) -> str:
    """A time in UTC, as ``UtcDateTime`` has it on SQLite and PostgreSQL reads it.

    Raises:
        ValueError: it does not say its time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone reached the store")
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    return text if dialect == "sqlite" else f"{text}+00"
