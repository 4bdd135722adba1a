"""Seeded times: seconds since 1970 (UTC) as integers, and the shop's calendar over them."""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

HOUR = 3_600
DAY = 86_400
HISTORY_DAYS = 730
_EPOCH = date(1970, 1, 1)
# Orders by month: outdoor people buy before summer, and everybody buys before Christmas.
_MONTHS = (0.70, 0.75, 0.95, 1.15, 1.35, 1.35, 1.20, 1.00, 0.85, 0.85, 1.25, 1.45)
# From Monday: the sofa on Sunday evening sells best.
_WEEKDAYS = (1.10, 1.00, 0.95, 0.95, 0.90, 0.95, 1.25)
# The shop grows by a third a year.
_GROWTH = 0.33
_HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 10, 9, 8, 8, 8, 9, 11, 13, 14, 12, 8, 4)


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


def start_of(day: int) -> int:
    """The first second of a day number."""
    return day * DAY


class Calendar:
    """Days of the shop's history and the working days around them."""

    def __init__(self, today: date) -> None:
        self.today = day_number(today)
        self.first = self.today - HISTORY_DAYS
        self.now = start_of(self.today)
        """Seeding stops at the first second of ``today``: nothing lies in the future."""
        days = [today - timedelta(days=HISTORY_DAYS - index) for index in range(HISTORY_DAYS)]
        weights = np.array(
            [
                _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * (1 + _GROWTH) ** (index / 365)
                for index, day in enumerate(days)
            ]
        )
        self._shares = np.concatenate([[0.0], np.cumsum(weights / weights.sum())])
        hours = np.array(_HOURS, dtype=float)
        self._hours = np.cumsum(hours / hours.sum())

    def order_times(
        self, rng: np.random.Generator, not_before: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """One time for each entry of ``not_before`` (day numbers), seasons and hours in mind."""
        low = self._shares[np.clip(not_before - self.first, 0, HISTORY_DAYS - 1)]
        share = low + rng.random(len(not_before)) * (1 - low)
        day = np.clip(np.searchsorted(self._shares, share, side="right") - 1, 0, HISTORY_DAYS - 1)
        hour = np.searchsorted(self._hours, rng.random(len(not_before)))
        second = rng.integers(0, HOUR, len(not_before))
        times: NDArray[np.int64] = (self.first + day) * DAY + np.minimum(hour, 23) * HOUR + second
        return times

    def hour_of_day(self, share: float) -> int:
        """The hour that stands at this share of all that people do in a day."""
        return min(int(np.searchsorted(self._hours, share)), 23)

    @staticmethod
    def is_working(day: int) -> bool:
        """Monday to Friday; 1 January 1970 was a Thursday."""
        return (day + 3) % 7 < 5

    @classmethod
    def working_day(cls, day: int, after: int) -> int:
        """The day ``after`` working days later; with 0, the next working day or this one."""
        while not cls.is_working(day):
            day += 1
            if after and cls.is_working(day):
                after -= 1
        # Whole weeks at once, then the rest day by day.
        weeks, after = divmod(after, 5)
        day += 7 * weeks
        while after:
            day += 1
            if cls.is_working(day):
                after -= 1
        return day
