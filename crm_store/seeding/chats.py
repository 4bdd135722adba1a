"""Past conversations of the demo shop: about what happened to each customer, at plausible hours."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from crm_store.seeding.baskets import Numbers
from crm_store.seeding.facts import Wares, facts_of
from crm_store.seeding.library import load_articles
from crm_store.seeding.occasions import Occasion
from crm_store.seeding.people import Person
from crm_store.seeding.scripts import Script, load_scripts
from crm_store.seeding.telling import COLUMNS, DRAWS, Desk, Rows, Telling
from crm_store.seeding.times import DAY, HOUR, Calendar
from crm_store.seeding.writer import BulkWriter

GENERAL_SHARE = 0.045
"""Customers with a question that no order gave rise to."""
_OPENS, _CLOSES = 7, 17
"""The team's hours in UTC, Monday to Friday: within 8:00 to 20:00 in Freiburg all year."""
_RATED = 0.3
_EVENING = 3 * HOUR + HOUR // 2

Customer = tuple[str, Person]


class Chats:
    """Writes a batch's conversations."""

    def __init__(self, *, site_id: str, numbers: Numbers, wares: Wares, calendar: Calendar) -> None:
        book = load_scripts()
        self._desk = Desk(
            site_id=site_id,
            numbers=numbers,
            wares=wares,
            book=book,
            articles={article.slug: article for article in load_articles()},
            now=calendar.now,
        )
        self._calendar = calendar
        self._closed: dict[str, list[Script]] = defaultdict(list)
        self._open: list[Script] = []
        for script in book.scripts:
            (self._open if script.left_open else self._closed[script.when]).append(script)

    def write(
        self,
        writer: BulkWriter,
        rng: np.random.Generator,
        customers: list[Customer],
        told: list[Occasion],
        lasting: list[Occasion],
    ) -> None:
        """Write a conversation about each occasion of ``told``, and the open ones.

        Args:
            writer: where to.
            rng: where the chance comes from.
            customers: of the batch, by position.
            told: occasions that were written about.
            lasting: occasions that nobody has written about yet, for the open conversations.
        """
        rows: Rows = {table: [] for table in COLUMNS}
        draws = rng.random((len(told), DRAWS)).tolist()
        for occasion, draw in zip(told, draws, strict=True):
            self._past(rows, customers[occasion.customer], occasion, draw)
        open_draws = rng.random((len(self._open), DRAWS)).tolist()
        self._leave_open(rows, customers, lasting, open_draws)
        for table, columns in COLUMNS.items():
            writer.write(table, columns, rows[table])

    def _past(self, rows: Rows, customer: Customer, occasion: Occasion, draw: list[float]) -> None:
        luck = iter(draw)
        at = self._time(occasion, next(luck), next(luck))
        script = self._choose(occasion, _is_staffed(at), next(luck))
        if script is None:
            return
        telling = self._telling(rows, customer, occasion, script, at=at, luck=luck)
        telling.talk()
        rated, which = next(luck), next(luck)
        if script.csat and rated < _RATED:
            telling.rate(script.csat[int(which * len(script.csat))])
        telling.resolve(self._resolved_at(telling.at, next(luck)))
        telling.finish(resolved=True)

    def _leave_open(
        self,
        rows: Rows,
        customers: list[Customer],
        lasting: list[Occasion],
        draws: list[list[float]],
    ) -> None:
        """The last evening's conversations that nobody has closed, one customer each."""
        start = self._calendar.now - _EVENING
        waiting = 0
        busy: set[int] = set()
        for at, (script, draw) in enumerate(zip(self._open, draws, strict=True)):
            found = next(
                (
                    one
                    for one in lasting
                    if one.kind == script.when and one.low < start and one.customer not in busy
                ),
                None,
            )
            if found is None:
                continue
            busy.add(found.customer)
            waiting += script.left_open == "queue"
            # One after the other, so that the line's order is that of their positions.
            luck = iter(draw)
            begins = start + at * HOUR // 2 + int(next(luck) * HOUR / 4)
            customer = customers[found.customer]
            telling = self._telling(rows, customer, found, script, at=begins, luck=luck)
            telling.position = waiting
            telling.talk()
            telling.finish(resolved=False)

    def _telling(
        self,
        rows: Rows,
        customer: Customer,
        occasion: Occasion,
        script: Script,
        *,
        at: int,
        luck: Iterator[float],
    ) -> Telling:
        customer_id, person = customer
        facts = facts_of(occasion, person, self._desk.wares, at)
        return Telling(self._desk, rows, occasion, script, customer_id, facts, at, luck)

    def _time(self, occasion: Occasion, share: float, hour: float) -> int:
        """A moment of the occasion, at an hour at which people write."""
        high = min(occasion.high, self._desk.now - HOUR)
        span = max(1, high - occasion.low)
        at = occasion.low + int(share * span)
        if span < DAY:
            return at
        wished = at // DAY * DAY + self._calendar.hour_of_day(hour) * HOUR + at % HOUR
        return min(max(wished, occasion.low), high - 1)

    def _choose(self, occasion: Occasion, staffed: bool, luck: float) -> Script | None:
        """A script for the occasion; those with a person only while somebody is there."""
        fitting = [
            script
            for script in self._closed[occasion.kind]
            if (staffed or not script.has_person)
            and (not script.about or occasion.reason in script.about)
        ]
        rest = luck * sum(script.weight for script in fitting)
        for script in fitting:
            rest -= script.weight
            if rest < 0:
                return script
        return fitting[-1] if fitting else None

    def _resolved_at(self, end: int, luck: float) -> int:
        """When the team closes it: soon within its hours, else on the next morning of work."""
        at = end + 300 + int(luck * 1_500)
        if not _is_staffed(at):
            day = at // DAY + (at % DAY >= _CLOSES * HOUR)
            at = Calendar.working_day(day, 0) * DAY + _OPENS * HOUR + int(luck * HOUR)
        # History ends before the next morning: then somebody was still there.
        return at if at < self._desk.now else min(end + 600, self._desk.now - 1)


def _is_staffed(at: int) -> bool:
    return Calendar.is_working(at // DAY) and _OPENS * HOUR <= at % DAY < _CLOSES * HOUR
