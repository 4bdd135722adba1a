"""Made-up customers: names of many languages, reserved addresses and telephone numbers.

E-mails are at example.com, .org and .net (RFC 2606); telephone numbers are in ranges that
regulators keep free for fiction. Neither can reach anybody.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

_DOMAINS = ("example.com", "example.org", "example.net")
_PHONE_SHARE = 0.85
_NEWSLETTER_SHARE = 0.35
_JOINED_DAYS = 1_100
COLUMNS = (
    "id", "external_id", "name", "email", "phone", "locale", "street", "postal_code", "city",
    "country", "created_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A customer before they have ordered anything."""

    name: str
    email: str
    phone: str | None
    locale: str
    street: str
    postal_code: str
    city: str
    country: str
    newsletter: bool
    joined: int
    """Day number of the account's first day."""


@dataclass(frozen=True, slots=True)
class Group:
    """People of one country and language."""

    country: str
    locale: str
    given: list[tuple[str, str]]
    family: list[tuple[str, str]]
    cities: list[tuple[str, str]]
    streets: list[str]
    street: str
    phones: list[str]


class Population:
    """Draws people from the authored groups."""

    def __init__(self) -> None:
        text = (resources.files(__package__) / "people.toml").read_text(encoding="utf-8")
        data = tomllib.loads(text)["group"]
        self._groups = [_group(entry) for entry in data]
        weights = np.array([entry["weight"] for entry in data], dtype=float)
        self._shares = np.cumsum(weights / weights.sum())

    def draw(
        self, rng: np.random.Generator, *, first: int, number: int, today: int, locals_: int = 0
    ) -> Iterator[Person]:
        """``number`` people.

        Args:
            rng: where the chance comes from.
            first: the running number of the first of them.
            number: how many.
            today: no account is younger than the day before the day before.
            locals_: how many of the first come from the first group, with accounts of some age.
        """
        which = np.searchsorted(self._shares, rng.random(number)).tolist()
        which[:locals_] = [0] * locals_
        draws = rng.random((number, 8)).tolist()
        digits = rng.integers(0, 10, (number, 16)).tolist()
        for index in range(number):
            group = self._groups[min(which[index], len(self._groups) - 1)]
            if index < locals_:
                draws[index][6] *= 0.4
            yield _person(group, draws[index], digits[index], first + index, today)


def _person(group: Group, draw: list[float], digits: list[int], number: int, today: int) -> Person:
    given, given_latin = _pick(group.given, draw[0])
    family, family_latin = _pick(group.family, draw[1])
    city, postcode = _pick(group.cities, draw[2])
    street = group.street.format(
        street=_pick(group.streets, draw[3]), number=1 + int(draw[4] ** 2 * 120)
    )
    phone = _fill(_pick(group.phones, draw[5] / _PHONE_SHARE % 1), digits[8:])
    # Accounts gather towards the present, as the shop grows.
    age = int((1 - draw[6] ** 0.7) * _JOINED_DAYS)
    return Person(
        name=f"{given} {family}",
        email=f"{given_latin}.{family_latin}{number + 1}@{_DOMAINS[digits[0] % 3]}",
        phone=phone if draw[5] < _PHONE_SHARE else None,
        locale=group.locale,
        street=street,
        postal_code=_fill(postcode, digits),
        city=city,
        country=group.country,
        newsletter=draw[7] < _NEWSLETTER_SHARE,
        joined=today - 2 - age,
    )


def external_id(index: int) -> str:
    """The account id in the host shop of the customer with that running number, from 0."""
    return f"LP-{100_001 + index}"


def latin(name: str) -> str:
    """A name as it stands in an e-mail address: ``Groß-Müller`` is ``grossmueller``."""
    spelled = name.lower().translate(_SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plain)


_SPELLED = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "oe",
        "å": "aa",
        "æ": "ae",
        "ł": "l",
        "ı": "i",
    }
)


def _group(entry: dict[str, Any]) -> Group:
    return Group(
        country=entry["country"],
        locale=entry["locale"],
        given=[_named(name) for name in entry["given"]],
        family=[_named(name) for name in entry["family"]],
        cities=[(city, pattern) for city, pattern in entry["cities"]],
        streets=entry["streets"],
        street=entry["street"],
        phones=entry["phones"],
    )


def _named(name: str | list[str]) -> tuple[str, str]:
    return (name, latin(name)) if isinstance(name, str) else (name[0], name[1])


def _pick(items: list[Any], share: float) -> Any:
    return items[int(share * len(items))]


def _fill(pattern: str, digits: list[int]) -> str:
    left = iter(digits)
    return "".join(str(next(left)) if char == "#" else char for char in pattern)
