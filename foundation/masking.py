"""Contacts and account numbers, replaced by what kind of thing they are.

Every log line goes through ``mask``, and so must every text that leaves the store to train a model.
It knows shapes, not names: a text without e-mail addresses, numbers of phones, cards and accounts
may still say who somebody is.
"""

import re

_KEPT = r"""
    (?P<uuid> \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b )
  | (?P<date>
        \b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?
      | \b\d\d?[./-]\d\d?[./-]\d{2,4}\b )
"""
# Chinese, Japanese and Korean are written without blanks around an address.
_WORD = r"[^\s@<>\"'(),:;=\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]+"
_EMAIL = rf"(?P<email> {_WORD}@{_WORD}\.[^\W\d_\u2e80-\u9fff\uac00-\ud7af]{{2,}} )"
_IBAN = r"(?P<iban> \b[a-z]{2}\d{2}(?:[ ]?[a-z0-9]{4}){2,7}(?:[ ]?[a-z0-9]{1,3})?\b )"
_CARD = r"(?P<card> (?<![\w.+-])[2-6]\d{3}(?:[ -]?\d){9,15}(?!\d) )"
_ORDER = r"(?P<order> \bkf-?\d{5,9}\b )"
_PHONE = r"""
    (?P<phone> (?<![\w.+-])(?:
        (?:\+|00)[1-9](?:[ ()/.–-]*\d){6,14}     # international
      | \(?0[1-9](?:[ ()/.–-]*\d){5,12}          # national, with the zero that most countries dial
      | \(?[2-9]\d\d\)?[ .-]\d{3}[ .-]\d{4}      # North American
    )(?!\d) )
"""
_FLAGS = re.IGNORECASE | re.VERBOSE
_NUMBERS = re.compile("|".join((_KEPT, _IBAN, _ORDER, _CARD, _PHONE)), _FLAGS)
# Looking for addresses costs ten times as much, and most texts have none.
_ALL = re.compile("|".join((_KEPT, _EMAIL, _IBAN, _ORDER, _CARD, _PHONE)), _FLAGS)
_SHORTEST_IBAN = 15


def mask(text: str, *, order_numbers: bool = False) -> str:
    """The text with ``[email]``, ``[phone]``, ``[card]`` and ``[iban]`` in the place of those.

    Numbers count as a card's or an account's only if their check digits are right. Dates, times,
    identifiers and amounts stay.

    Args:
        text: what somebody wrote, or a log line.
        order_numbers: replace these too, by ``[order]``.
    """
    pattern = _ALL if "@" in text else _NUMBERS
    return pattern.sub(_with_orders if order_numbers else _without_orders, text)


def _with_orders(found: re.Match[str]) -> str:
    return "[order]" if found.lastgroup == "order" else _without_orders(found)


def _without_orders(found: re.Match[str]) -> str:
    kind, said = found.lastgroup, found[0]
    if kind == "iban":
        return _without_iban(said)
    if kind in {"uuid", "date", "order"} or (kind == "card" and not _luhn(said)):
        return said
    return f"[{kind}]"


def _luhn(said: str) -> bool:
    digits = [int(c) for c in reversed(said) if c.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _without_iban(said: str) -> str:
    """The pattern may take the next words along: the longest beginning that is an account."""
    for end in range(len(said), _SHORTEST_IBAN - 1, -1):
        compact = said[:end].replace(" ", "").upper()
        if len(compact) < _SHORTEST_IBAN:
            break
        number = "".join(str(int(c, 36)) for c in compact[4:] + compact[:4])
        if int(number) % 97 == 1:
            return "[iban]" + said[end:]
    return said
