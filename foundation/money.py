"""Money as integer minor units plus an ISO 4217 currency; floats never touch an amount."""

_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}


def format_money(amount_minor: int, currency: str) -> str:
    """Money for people to read: ``format_money(129900, "EUR") == "€1,299.00"``."""
    sign = "-" if amount_minor < 0 else ""
    major, minor = divmod(abs(amount_minor), 100)
    amount = f"{major:,}.{minor:02d}"
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{amount}" if symbol else f"{sign}{amount} {currency}"
