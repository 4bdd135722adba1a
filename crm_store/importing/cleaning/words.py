"""Words that stand for something else: yes and no, one of a few choices, languages, currencies."""

import re
from collections.abc import Mapping

from crm_store.importing.cleaning.rules import BadValue, Tally, rule

_YES = frozenset(
    [
        "1",
        "true",
        "t",
        "yes",
        "y",
        "ja",
        "j",
        "wahr",
        "oui",
        "si",
        "sí",
        "x",
        "on",
        "active",
        "aktiv",
        "是",
        "真",
        "有",
        "✓",
        "subscribed",
    ]
)
_NO = frozenset(
    [
        "0",
        "false",
        "f",
        "no",
        "n",
        "nein",
        "falsch",
        "non",
        "off",
        "inactive",
        "inaktiv",
        "否",
        "假",
        "没有",
        "unsubscribed",
    ]
)
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}|Hans|Hant))?(?:[.@].*)?")
_LANGUAGES = {
    "english": "en", "englisch": "en", "英语": "en", "英文": "en", "german": "de",
    "deutsch": "de", "德语": "de", "chinese": "zh", "chinesisch": "zh", "中文": "zh",
    "french": "fr", "französisch": "fr", "français": "fr", "spanish": "es", "spanisch": "es",
    "italian": "it", "italienisch": "it", "dutch": "nl", "polish": "pl",
}  # fmt: skip


@rule("yes_no")
def clean_boolean(cell: object, tally: Tally) -> bool:
    """Read yes and no in their many writings."""
    if isinstance(cell, bool):
        return cell
    word = str(cell).casefold().removesuffix(".0")
    if word in _YES or word in _NO:
        tally["yes_no"] += 1
        return word in _YES
    raise BadValue("neither yes nor no")


@rule("choice")
def clean_choice(text: str, choices: Mapping[str, str], tally: Tally) -> str:
    """Read one of the store's choices, by any of its names."""
    found = choices.get(" ".join(re.split(r"[\s_\-]+", text.casefold())))
    if found is None:
        raise BadValue(f"none of {', '.join(sorted(set(choices.values())))}")
    if found != text:
        tally["choice"] += 1
    return found


@rule("locale")
def clean_locale(text: str, tally: Tally) -> str:
    """Write languages as a code, with the country where it is given."""
    found = _LANGUAGES.get(text.casefold())
    if found is None:
        match = _LOCALE.fullmatch(text)
        if match is None:
            raise BadValue("not a language code")
        found = match.group(1).lower()
        if match.group(2):
            region = match.group(2)
            found += "-" + (region.upper() if len(region) == 2 else region.title())
    if found != text:
        tally["locale"] += 1
    return found


@rule("currency_code")
def clean_currency(text: str, tally: Tally) -> str:
    """Write currencies as their ISO 4217 code."""
    from_symbol = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "￥": "CNY", "元": "CNY"}
    code = from_symbol.get(text) or ("EUR" if text.casefold() == "euro" else text.upper())
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise BadValue("not a currency code")
    if code != text:
        tally["currency_code"] += 1
    return code
