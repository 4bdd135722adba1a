"""Applying a batch; a row that the database itself refuses costs that row alone."""

from dataclasses import fields

import psycopg
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from crm_store.importing.cleaning.table import CleanBatch, Reject
from crm_store.importing.upsert import Outcome, Upserter
from crm_store.outages import DATABASE_AWAY

REFUSED = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError)
"""SQLAlchemy's, and those of COPY, which are not wrapped."""
CUT_SHORT: tuple[type[Exception], ...] = (*DATABASE_AWAY, psycopg.OperationalError, OSError)
"""The same of a database that is gone or full; and of the reject file, whose disk may be full."""


def apply_batch(session: Session, upserter: Upserter, batch: CleanBatch) -> Outcome:
    """Bring the batch into the store, in one piece; when it raises, the batch is to be rolled back.

    Raises:
        REFUSED: a row breaks a rule of the schema, or somebody else was at the same key.
    """
    whole = _copy(batch, 0, len(batch.numbers))
    whole.made = batch.made
    return upserter.apply(session, whole)


def apply_in_parts(session: Session, upserter: Upserter, batch: CleanBatch) -> Outcome:
    """The same by halves, until what is refused is single rows; those are rejected.

    Cleaning should leave nothing that the schema refuses; this is for what it does not know of.
    """
    outcome = Outcome()
    waiting = [(0, len(batch.numbers))]
    while waiting:
        start, end = waiting.pop(0)
        if start == end:
            continue
        try:
            with session.begin_nested():
                part = upserter.apply(session, _copy(batch, start, end))
        except REFUSED:
            middle = (start + end) // 2
            if end - start > 1:
                waiting[:0] = [(start, middle), (middle, end)]
                continue
            refused = Reject(batch.numbers[start], "", "the store refused it", batch.raw[start])
            part = Outcome(rejects=[refused])
        for field in fields(Outcome):
            setattr(outcome, field.name, getattr(outcome, field.name) + getattr(part, field.name))
    return outcome


def _copy(batch: CleanBatch, start: int, end: int) -> CleanBatch:
    """A part of the batch; upserters change rows, and it may be done once more."""
    return CleanBatch(
        read=end - start,
        numbers=batch.numbers[start:end],
        rows=batch.rows.part(start, end),
        raw=batch.raw.starting_at(start),
        tally=batch.tally,
    )
