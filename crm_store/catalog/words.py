"""Words as the search compares them: lower case, without accents, without plural endings.

The caches hold the catalog's own texts, which every search reads again.
"""

import re
import unicodedata
from functools import lru_cache

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_WORD = re.compile(r"[a-z0-9]+(?:[.,]\d+)?")
# What people type around the thing that they look for.
_STOP_WORDS = """
    a about after also am an and another any anything are as at available be been best big brand
    buy by can carry cheap cheaper color colour come could did do does don euro euros eur find for
    from get give good got great have hello hey hi how i if im in interested is isn it item items
    its just know let like list look looking me more most my need new nice of off offer offers
    ok on one or order our out over per please price product products s sale sell show some
    something still stock such suggest t tell thank thanks that the them there these thing things
    this those to too under up us want wanted was we well what whats when where which will with
    would yes you your
"""


@lru_cache(maxsize=8_192)
def stem(word: str) -> str:
    """A word without its English plural: ``tents`` is ``tent``, ``batteries`` is ``battery``."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=8_192)
def words(text: str) -> tuple[str, ...]:
    """The stems in a text, in order, stop words included."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = _THOUSANDS.sub("", plain)
    return tuple(stem(word.replace(",", ".")) for word in _WORD.findall(plain))


@lru_cache(maxsize=8_192)
def telling_words(text: str) -> tuple[str, ...]:
    """The stems that say what is looked for, each once, in order."""
    found = dict.fromkeys(words(text))
    return tuple(word for word in found if word not in _STOP_STEMS)


_STOP_STEMS = frozenset(stem(word) for word in _STOP_WORDS.split())
