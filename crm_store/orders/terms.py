"""What the shop promises about delivery; the knowledge articles say the same in words."""

from datetime import date, timedelta

STANDARD = "standard"
EXPRESS = "express"
STANDARD_FEE_MINOR = 490
EXPRESS_FEE_MINOR = 990
FREE_FROM_MINOR = 6_000
STANDARD_DAYS = (2, 4)
EXPRESS_DAYS = (1, 1)
CUSTOMS_DAYS = 2
"""Working days more where a parcel crosses customs."""
RETURN_DAYS = 30
REFUND_WORKING_DAYS = 5

CUSTOMS_COUNTRIES = frozenset({"CH", "NO", "GB"})
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


def working_days(method: str, country: str) -> tuple[int, int]:
    """The promised delivery time in working days, earliest and latest."""
    earliest, latest = EXPRESS_DAYS if method == EXPRESS else STANDARD_DAYS
    customs = CUSTOMS_DAYS if country in CUSTOMS_COUNTRIES else 0
    return earliest + customs, latest + customs


def shipping_fee_minor(method: str, items_minor: int) -> int:
    """What delivery costs for goods of that value."""
    if method == EXPRESS:
        return EXPRESS_FEE_MINOR
    return 0 if items_minor >= FREE_FROM_MINOR else STANDARD_FEE_MINOR


def vat_included_minor(total_minor: int, country: str) -> int:
    """The VAT contained in a gross amount; 0 for exports."""
    rate = VAT_BASIS_POINTS.get(country, 0)
    # Rounded half up, in integers.
    return (2 * total_minor * rate + 10_000 + rate) // (2 * (10_000 + rate))
