"""Rows of a store to ask about: people, words, places in lists."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.harness.figures import BenchmarkFailed
from crm_store.models import Conversation, Customer, Message, Order, SearchEntry, SearchKind
from crm_store.search.folding import tokens
from crm_store.search.query import FTS5, TSQUERY, parse
from crm_store.search.sources import BY_KIND, SOURCES

_PEOPLE, _MESSAGES, _BUSY = 3_000, 4_000, 30
_FREQUENT, _MIDDLING = 200, 4


@dataclass(frozen=True)
class Sample:
    """Cases for the questions."""

    is_sqlite: bool
    names: list[str]
    beginnings: list[str]
    frequent_names: list[str]
    typos: list[str]
    emails: list[str]
    phones: list[str]
    numbers: list[str]
    busy_customers: list[UUID]
    deep_conversations: list[tuple[Any, UUID]]
    deep_customers: list[tuple[Any, UUID]]
    frequent: list[str]
    middling: list[str]
    rare: list[str]
    pairs: list[str]

    def expression(self, q: str, *, everything: bool = False) -> str:
        """The words in the language of the index, for customers or for every kind."""
        language = FTS5 if self.is_sqlite else TSQUERY
        sources = SOURCES if everything else [BY_KIND[SearchKind.CUSTOMER]]
        return language.expression(sources, parse(q))


def draw(session: Session, *, is_sqlite: bool, seed: int = 7) -> Sample:
    """Draw the cases; the same store and seed give the same ones."""
    chance = random.Random(seed)
    people = _at_random(session, Customer, SearchKind.CUSTOMER, _PEOPLE, chance)
    said = _at_random(session, Message, SearchKind.MESSAGE, _MESSAGES, chance)
    if len(people) < 20 or len(said) < 20:
        raise BenchmarkFailed("the store is too small to be measured")
    given = Counter(person.name.split()[0] for person in people)
    words = Counter(
        word for message in said for word in set(tokens(message.text)) if word.isalpha()
    )
    frequent = [word for word, _ in words.most_common(_FREQUENT) if len(word) > 4][:10]
    middling = [w for w, count in words.items() if count == _MIDDLING and len(w) > 3][:10]
    rare = [word for word, count in words.items() if count == 1 and len(word) > 5][:20]
    asked = people[:30]
    return Sample(
        is_sqlite=is_sqlite,
        names=[person.name for person in asked],
        beginnings=[person.name[:3] for person in asked if person.name.isascii()],
        frequent_names=[name for name, _ in given.most_common(8)],
        typos=[_misspelled(person.name, chance) for person in asked],
        emails=[person.email for person in asked if person.email],
        phones=[person.phone for person in asked if person.phone],
        numbers=list(session.scalars(select(Order.number).limit(30))),
        busy_customers=_busy(session),
        deep_conversations=_deep(session, Conversation, Conversation.last_message_at),
        deep_customers=_deep(session, Customer, Customer.created_at),
        frequent=frequent,
        middling=middling or rare,
        rare=rare,
        pairs=[" ".join(tokens(message.text)[:2]) for message in said[:20]],
    )


def _at_random(
    session: Session, model: Any, kind: SearchKind, number: int, chance: random.Random
) -> list[Any]:
    """Rows of a kind around random places of the index; a store of any size answers at once."""
    last = session.scalar(select(func.max(SearchEntry.entry))) or 0
    ids: set[UUID] = set()
    for _ in range(60):
        here = chance.randint(1, max(1, last))
        near = (
            select(SearchEntry.ref_id)
            .where(
                SearchEntry.entry >= here, SearchEntry.entry < here + 5_000,
                SearchEntry.kind == kind,
            )
            .limit(number // 40 + 1)
        )  # fmt: skip
        ids.update(session.scalars(near))
    rows = session.scalars(select(model).where(model.id.in_(sorted(ids)[:number]))).all()
    found = sorted(rows, key=lambda row: row.id)
    chance.shuffle(found)
    return found


def _busy(session: Session) -> list[UUID]:
    """Customers who order often, so that much is on their timelines."""
    lately = select(Order.customer_id).order_by(Order.placed_at.desc()).limit(20_000).subquery()
    often = (
        select(lately.c.customer_id)
        .group_by(lately.c.customer_id)
        .order_by(func.count().desc(), lately.c.customer_id)
        .limit(_BUSY)
    )
    return list(session.scalars(often))


def _deep(session: Session, model: Any, at: Any) -> list[tuple[Any, UUID]]:
    total = session.scalar(select(func.count()).select_from(model)) or 0
    rows = []
    for share in (0.1, 0.5, 0.9):
        place = select(at, model.id).order_by(at.desc(), model.id.desc())
        row = session.execute(place.offset(int(total * share)).limit(1)).one()
        rows.append((row[0], row[1]))
    return rows


def _misspelled(name: str, chance: random.Random) -> str:
    """Two letters of the longest word swapped."""
    words = name.split()
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    word = words[longest]
    at = chance.randrange(1, max(2, len(word) - 1))
    words[longest] = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    return " ".join(words)
