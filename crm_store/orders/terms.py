"""What the shop promises about delivery; the knowledge articles say the same in words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

HOME = "DE"
STANDARD = "standard"
EXPRESS = "express"
EXPRESS_COUNTRIES = frozenset({HOME})
EXPRESS_UNTIL_HOUR = 14
"""Express orders before this hour, by the shop's clock, leave on the same working day."""
SHOP_TIME = "Europe/Berlin"
CUSTOMS_COUNTRIES = frozenset({"CH", "NO", "GB"})

STANDARD_FEE_MINOR = 490
EXPRESS_FEE_MINOR = 990
CUSTOMS_FEE_MINOR = 1_490
FREE_FROM_MINOR = 6_000

HOME_DAYS = (2, 4)
EU_DAYS = (3, 6)
CUSTOMS_DAYS = (4, 8)
EXPRESS_DAYS = (1, 1)

RETURN_DAYS = 30
REFUND_WORKING_DAYS = 5

RETURN_LABEL_MINOR = 590
"""Taken off the refund, except from countries where the label is free."""
FREE_LABEL_COUNTRIES = frozenset({"DE", "AT"})

# Standard VAT rates in hundredths of a percent. Exports (CH, NO, GB) leave without VAT.
VAT_BASIS_POINTS = {
    "AT": 2000, "BE": 2100, "BG": 2000, "HR": 2500, "CY": 1900, "CZ": 2100, "DK": 2500,
    "EE": 2400, "FI": 2550, "FR": 2000, "DE": 1900, "GR": 2400, "HU": 2700, "IE": 2300,
    "IT": 2200, "LV": 2100, "LT": 2100, "LU": 1700, "MT": 1800, "NL": 2100, "PL": 2300,
    "PT": 2300, "RO": 2100, "SK": 2300, "SI": 2200, "ES": 2100, "SE": 2500,
}  # fmt: skip
SHIPPING_COUNTRIES = frozenset(VAT_BASIS_POINTS) | CUSTOMS_COUNTRIES


def add_working_days(start: date, days: int) -> date:
    """The date ``days`` working days (Monday to Friday) after ``start``."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day


def counts_from(at: datetime, method: str) -> date:
    """The working day from which the delivery time of an order counts.

    That of the order itself; on weekends, and for express after the hour of dispatch, the next.
    """
    local = at.astimezone(ZoneInfo(SHOP_TIME))
    day = local.date()
    if day.weekday() >= 5 or (method == EXPRESS and local.hour >= EXPRESS_UNTIL_HOUR):
        return add_working_days(day, 1)
    return day


def working_days(method: str, country: str) -> tuple[int, int]:
    """The promised delivery time in working days, earliest and latest."""
    if method == EXPRESS:
        return EXPRESS_DAYS
    if country in CUSTOMS_COUNTRIES:
        return CUSTOMS_DAYS
    return HOME_DAYS if country == HOME else EU_DAYS


def shipping_fee_minor(method: str, items_minor: int, country: str) -> int:
    """What delivery to a country costs for goods of that value."""
    if method == EXPRESS:
        return EXPRESS_FEE_MINOR
    if country in CUSTOMS_COUNTRIES:
        return CUSTOMS_FEE_MINOR
    return 0 if items_minor >= FREE_FROM_MINOR else STANDARD_FEE_MINOR


def return_refund_minor(goods_minor: int, country: str) -> int:
    """What goes back for returned goods, once the label is paid for."""
    label = 0 if country in FREE_LABEL_COUNTRIES else RETURN_LABEL_MINOR
    return max(0, goods_minor - label)


def vat_included_minor(total_minor: int, country: str) -> int:
    """The VAT contained in a gross amount; 0 for exports."""
    rate = VAT_BASIS_POINTS.get(country, 0)
    # Rounded half up, in integers.
    return (2 * total_minor * rate + 10_000 + rate) // (2 * (10_000 + rate))
