"""Texts that are made to keep a search busy: one may not hold up all the other customers."""

import re
import time
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import pytest

import actions
import crm_store
from crm_store.orders.numbers import normalise_order_number

# A third of what may be sent at once: a search that grows with the square or the cube of the
# length shows it already here, and ends.
_CHARS = 1_300
_SECONDS = 0.5
_NOT_SPOKEN_TO = re.compile(r"\.(?:__main__|migrations|seeding)\b")
_BITS = (
    "1", "0 ", "a", "a ", "a1 ", "abc 12345 ", "abc 1,", "T 1234567", "KF-12345 ", "K ", "(", "-",
    ".", "a.", "a@", "a.+-", "@", "+49 ", "1-", "1.1-", "€1 ", "111.", "\n", " \n", "ab 1\n",
    "address ", "Street 1/", "no ", "'", "and ", ", ",
)  # fmt: skip


def _patterns() -> Iterator[re.Pattern[str]]:
    for package in (actions, crm_store):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if _NOT_SPOKEN_TO.search(module.name):
                continue
            for value in vars(import_module(module.name)).values():
                if isinstance(value, re.Pattern):
                    yield value


@pytest.mark.parametrize("bit", _BITS)
def test_no_search_is_kept_busy(bit: str) -> None:
    body = (bit * _CHARS)[:_CHARS]
    for text in (body, f"abc 1{body}", f"{body}b"):
        for pattern in {*_patterns()}:
            started = time.thread_time()
            sum(1 for _ in pattern.finditer(text))
            pattern.fullmatch(text)
            assert time.thread_time() - started < _SECONDS, (pattern.pattern, text[:20])
        started = time.thread_time()
        normalise_order_number(text)
        assert time.thread_time() - started < _SECONDS
