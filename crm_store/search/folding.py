"""One folding of text for both databases: what is compared when something is searched for.

Lower case, without accents, punctuation as spaces; scripts that are written without spaces are cut
into their characters. PostgreSQL folds by the function of ``crm_store.search.postgresql``, made
from the very tables below, SQLite by calling ``fold`` itself.
"""

import re
import unicodedata

MAX_CHARS = 20_000
"""Of one text; what lies behind is not found."""
MAX_TOKEN = 40

# Accents and points over letters, and what is invisible; not the vowel signs of Indic scripts.
MARKS = (
    r"\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    r"\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
    r"\ufe20-\ufe2f"
)
# What separates words; letters of ASCII are lower case by then.
SEPARATORS = (
    r"\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u00d7\u00f7\u02b0-\u02ff\u037e\u0387\u055a-\u055f\u0589"
    r"\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4"
    r"\u0964\u0965\u0e3f\u0e4f\u0e5a\u0e5b\u1680\u2000-\u206f\u20a0-\u20cf\u2100-\u2bff\u2e00-\u2e7f"
    r"\u3000-\u3004\u3007-\u3020\u3030\u303d\u303e\u303f\u30fb\ud7ff\ue000-\uf8ff\ufe10-\ufe1f"
    r"\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\ufff0-\uffff"
    r"\U0001f000-\U0001faff\U000e0000-\U0010ffff"
)
# Thai, Lao, Burmese, Khmer, kana, Han: no spaces between words, so that each character is one.
UNSPACED = (
    r"\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3006\u3021-\u302f\u3031-\u303c\u3041-\u30ff"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
SPELLED = {"ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"}
_PLAIN = {
    "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ł": "l", "Ł": "l", "ħ": "h",
    "Ħ": "h", "ŧ": "t", "Ŧ": "t", "ŋ": "n", "Ŋ": "n", "ı": "i", "ς": "σ",
}  # fmt: skip
# Greek, Cyrillic, Armenian, Georgian, Coptic, and the rest of the Latin letters.
_CASED = ((0x0180, 0x052F), (0x0531, 0x0556), (0x1C90, 0x1CBF), (0x2C80, 0x2CE3))


def _singles() -> dict[str, str]:
    """Letters that lower to one letter and that decomposition leaves as they are."""
    letters = (chr(code) for low, high in _CASED for code in range(low, high + 1))
    lowered = {
        letter: letter.lower()
        for letter in letters
        if len(letter.lower()) == 1
        and letter.lower() != letter
        and unicodedata.normalize("NFKD", letter) == letter
        and unicodedata.normalize("NFKD", letter.lower()) == letter.lower()
    }
    return lowered | _PLAIN


SINGLES = _singles()
_ASCII_UPPER = {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_LETTERS = str.maketrans(SINGLES | SPELLED | _ASCII_UPPER)
_MARK = re.compile(f"[{MARKS}]")
_SEPARATOR = re.compile(f"[\x00{SEPARATORS}]+")
_ASCII_SEPARATOR = re.compile("[^a-z0-9]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def normal(text: str) -> str:
    """The text lower-cased, without accents, its words apart by single spaces."""
    text = text[:MAX_CHARS]
    if text.isascii():
        return _ASCII_SEPARATOR.sub(" ", text.lower()).strip(" ")
    text = _MARK.sub("", unicodedata.normalize("NFKD", text)).translate(_LETTERS)
    return _SEPARATOR.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")


def tokens(text: str) -> list[str]:
    """The words of a text as they are indexed, characters of unspaced scripts one by one."""
    folded = normal(text)
    if len(folded) <= MAX_TOKEN and folded.isascii():
        return folded.split()
    return [token[:MAX_TOKEN] for token in _spaced(folded).split(" ") if token]


def runs(text: str) -> list[tuple[str, ...]]:
    """The words of a query; characters that stand together are one run, found as a phrase."""
    found: list[tuple[str, ...]] = []
    for word in normal(text).split(" "):
        phrase: list[str] = []
        for token in _spaced(word).split(" "):
            if not token:
                continue
            if _UNSPACED.fullmatch(token):
                phrase.append(token)
                continue
            if phrase:
                found.append(tuple(phrase))
                phrase = []
            found.append((token[:MAX_TOKEN],))
        if phrase:
            found.append(tuple(phrase))
    return found


def is_unspaced(token: str) -> bool:
    """Whether the token is a character of a script without spaces."""
    return _UNSPACED.fullmatch(token) is not None


def _spaced(text: str) -> str:
    return text if text.isascii() else _UNSPACED.sub(r" \g<0> ", text)
