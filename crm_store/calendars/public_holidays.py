"""Public holidays by country and subdivision, from the ``holidays`` library."""

from datetime import date
from functools import lru_cache

import holidays

from foundation.errors import Invalid


def require_known(country: str | None, subdivision: str | None) -> None:
    """Let only pass what the library knows.

    Raises:
        Invalid: no such country, or it has no such subdivision.
    """
    if country is None:
        if subdivision is not None:
            raise Invalid("subdivision: needs its country")
        return
    known = supported()
    if country not in known:
        raise Invalid("country: no holidays are known for it; use its code of two letters")
    if subdivision is not None and subdivision not in known[country]:
        raise Invalid(f"subdivision: {country} has {', '.join(known[country]) or 'none'}")


@lru_cache(maxsize=1)
def supported() -> dict[str, list[str]]:
    """Subdivisions by country, both as ISO 3166 codes."""
    known = holidays.list_supported_countries(include_aliases=False)
    return {code: sorted(parts) for code, parts in sorted(known.items()) if len(code) == 2}


@lru_cache(maxsize=512)
def holidays_of_year(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    """Holidays of a year with their names, the days off in lieu included."""
    found = holidays.country_holidays(country, subdiv=subdivision, years=year, expand=False)
    return {day: name for day, name in found.items() if day.year == year}
