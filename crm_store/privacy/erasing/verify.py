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

from crm_store.crypto.lookup import required_keyring
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
        certain: of an e-mail address, phone number or account number of the person.
        possible: of their name or street, which others may share.
    """

    certain: Counter[str] = field(default_factory=Counter)
    possible: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, dict[str, int]]:
        """For the receipt."""
        return {"certain": dict(self.certain), "possible": dict(self.possible)}


@dataclass(frozen=True)
class _Wanted:
    """Texts to look for, and where to count what holds one."""

    found: Counter[str]
    needles: tuple[str, ...]

    def occurs_in(self, folded: str) -> bool:
        return any(needle.casefold() in folded for needle in self.needles)


def find_remains(database: Database, identifiers: Identifiers, *, step: Step) -> Findings:
    """Search the whole database; ``step`` is called between tables and batches."""
    findings = Findings()
    wanted = [
        _Wanted(findings.certain, identifiers.certain),
        _Wanted(findings.possible, identifiers.possible),
    ]
    wanted = [one for one in wanted if one.needles]
    for table in Base.metadata.sorted_tables if wanted else ():
        step()
        with database.reading() as session:
            _search_plain(session, table, wanted)
            for column in table.columns:
                if isinstance(column.type, EncryptedText) and column.type.indexed:
                    _search_indexed(session, column, wanted)
                elif isinstance(column.type, EncryptedText | EncryptedJson):
                    _search_sealed(session, column, wanted, step)
    return findings


def _search_plain(session: Session, table: Table, wanted: Sequence[_Wanted]) -> None:
    """One pass over the table counts each column's rows that hold a needle."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    searched = [(column, one) for column in table.columns if _is_text(column) for one in wanted]
    if not searched:
        return
    counts = [
        func.sum(case((or_(*_holding(column, one.needles, is_sqlite=is_sqlite)), 1), else_=0))
        for column, one in searched
    ]
    row = session.execute(select(*counts).select_from(table)).one()
    for (column, one), number in zip(searched, row, strict=True):
        if number:
            one.found[f"{table.name}.{column.name}"] += int(number)


def _holding(column: Column[Any], needles: Sequence[str], *, is_sqlite: bool) -> Iterator[Any]:
    text = cast(column, Text)
    for needle in needles:
        # SQLite's JSON writes letters beyond ASCII as escapes.
        for form in {needle, json.dumps(needle)[1:-1]}:
            pattern = f"%{form.translate(_ESCAPED)}%"
            # LIKE ignores the case of ASCII on SQLite by itself; lower() there is slow.
            yield text.like(pattern, escape="/") if is_sqlite else text.ilike(pattern, escape="/")


def _search_indexed(session: Session, column: Column[Any], wanted: Sequence[_Wanted]) -> None:
    """Whole values are found by their blind index."""
    name = f"{column.table.name}.{column.name}"
    keyring = required_keyring(session.get_bind().dialect)
    index = column.table.c[f"{column.name}_index"]
    for one in wanted:
        digests = [digest for needle in one.needles for digest in keyring.indexes(needle, name)]
        number = session.scalar(
            select(func.count()).select_from(column.table).where(index.in_(digests))
        )
        if number:
            one.found[name] += number


def _search_sealed(
    session: Session, column: Column[Any], wanted: Sequence[_Wanted], step: Step
) -> None:
    """Encrypted values come back decrypted, and are searched here."""
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
        folded = text.casefold()
        for one in wanted:
            if one.occurs_in(folded):
                one.found[f"{column.table.name}.{column.name}"] += 1


def _is_text(column: Column[Any]) -> bool:
    """Whether people's words may stand in it; keys and enums are ours."""
    kind = column.type
    if isinstance(kind, Enum | Uuid):
        return False
    return isinstance(kind, String | JSON | EncryptedText | EncryptedJson)
