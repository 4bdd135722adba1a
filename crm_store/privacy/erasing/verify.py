"""The check after an erasure: does anything in the database still name the person?

Every text column of every table is searched, encrypted values by decrypting them. What is found is
counted, never quoted.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table, Text, Uuid, case, cast, func, or_, select
from sqlalchemy.orm import Session

from crm_store.crypto.sealed import PREFIX
from crm_store.database import Database
from crm_store.models import Base
from crm_store.models.encrypted import EncryptedJson, EncryptedText
from crm_store.privacy.identifiers import Identifiers

_BATCH = 2_000
_ESCAPED = str.maketrans({"%": "/%", "_": "/_", "/": "//"})
Step = Callable[[], None]


@dataclass
class Findings:
    """Rows that still hold an identifier, by ``table.column``.

    Attributes:
        certain: of an e-mail address, phone number, street or account number of the person.
        possible: of their name, which others may bear.
    """

    certain: Counter[str] = field(default_factory=Counter)
    possible: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, dict[str, int]]:
        """For the receipt."""
        return {"certain": dict(self.certain), "possible": dict(self.possible)}


def find_remains(database: Database, identifiers: Identifiers, *, step: Step) -> Findings:
    """Search the whole database; ``step`` is called between tables and batches."""
    findings = Findings()
    for found, needles in (
        (findings.certain, identifiers.certain),
        (findings.possible, identifiers.possible),
    ):
        if not needles:
            continue
        for table in Base.metadata.sorted_tables:
            step()
            with database.reading() as session:
                found.update(_plain(session, table, needles))
                found.update(_sealed(session, table, needles, step))
    return findings


def _plain(session: Session, table: Table, needles: Sequence[str]) -> dict[str, int]:
    """One pass over the table counts each column's rows that hold a needle."""
    columns = [column for column in table.columns if _is_text(column)]
    if not columns:
        return {}
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    counts = [
        func.sum(case((or_(*_holding(column, needles, is_sqlite=is_sqlite)), 1), else_=0))
        for column in columns
    ]
    row = session.execute(select(*counts).select_from(table)).one()
    return {
        f"{table.name}.{column.name}": int(number)
        for column, number in zip(columns, row, strict=True)
        if number
    }


def _holding(column: Column[Any], needles: Sequence[str], *, is_sqlite: bool) -> Iterator[Any]:
    text = cast(column, Text)
    for needle in needles:
        # SQLite's JSON writes letters beyond ASCII as escapes.
        for form in {needle, json.dumps(needle)[1:-1]}:
            pattern = f"%{form.translate(_ESCAPED)}%"
            # LIKE ignores the case of ASCII on SQLite by itself; lower() there is slow.
            yield text.like(pattern, escape="/") if is_sqlite else text.ilike(pattern, escape="/")


def _sealed(session: Session, table: Table, needles: Sequence[str], step: Step) -> Counter[str]:
    """Encrypted values come back decrypted, and are searched here."""
    found: Counter[str] = Counter()
    folded = [needle.casefold() for needle in needles]
    for column in table.columns:
        if not isinstance(column.type, EncryptedText | EncryptedJson):
            continue
        stored = cast(column, Text)
        values = session.scalars(
            select(column)
            .where(or_(stored.like(f"{PREFIX}%"), stored.like(f'"{PREFIX}%')))
            .execution_options(yield_per=_BATCH)
        )
        for number, value in enumerate(values):
            if number % _BATCH == 0:
                step()
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if any(needle in text.casefold() for needle in folded):
                found[f"{table.name}.{column.name}"] += 1
    return found


def _is_text(column: Column[Any]) -> bool:
    """Whether people's words may stand in it; keys and enums are ours."""
    kind = column.type
    if isinstance(kind, Enum | Uuid):
        return False
    return isinstance(kind, String | JSON | EncryptedText | EncryptedJson)
