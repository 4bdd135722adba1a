"""What the tagger looks at around each word.

Words of the catalogue appear as their kind ("a noun, plural"), not as themselves, so that what is
learnt from "my tent" holds for a canoe that the shop takes in next year.
"""

from collections.abc import Sequence

from bot.components.entities.reading import GOES_ON, SHAPED, Reading

_DETERMINING = (
    "my the a an this that these those your any which some our his her what no one two both new"
    " same another such other more second"
)
_HAVING = "bought got ordered received have own sent came arrived returned returning"
_DETERMINERS, _HAD = frozenset(_DETERMINING.split()), frozenset(_HAVING.split())
_REACH = 3


def features(reading: Reading, frequent: frozenset[str]) -> list[list[str]]:
    """Attributes of each word, as text; ``frequent`` are the words that stand for themselves."""
    lows = [word.low for word in reading.words]
    count = len(lows)
    plural = [
        low.endswith("s") and low != stem for low, stem in zip(lows, reading.stems, strict=True)
    ]
    kinds = [_kind(reading, place, plural[place], frequent) for place in range(count)]
    padded = ["<"] * _REACH + kinds + [">"] * _REACH
    signs = _signs(reading)
    had = not _HAD.isdisjoint(lows)
    shouted = reading.text.isupper()
    rows = []
    for place in range(count):
        before3, before2, before, here, after, after2, after3 = padded[place : place + 7]
        mark, low = reading.marks[place], lows[place]
        determiner = _determiner(lows, place)
        head = _head_is_plural(reading, plural, place)
        row = [
            "bias", f"0={here}", f"-1={before}", f"-2={before2}", f"-3={before3}", f"+1={after}",
            f"+2={after2}", f"+3={after3}", f"-1,0={before}|{here}", f"0,1={here}|{after}",
            f"-2,-1={before2}|{before}", f"+1,2={after}|{after2}",
            f"-1,0,1={before}|{here}|{after}", f"-2,-1,0={before2}|{before}|{here}",
            f"w={low}", f"st={reading.stems[place]}", f"s={low[-3:]}", f"m={mark}",
            f"d={determiner}", f"d,0={determiner}|{here}",
            f"h={head}|{mark[:1]}|{determiner}", f"<{signs[place]}", f">{signs[place + 1]}",
        ]  # fmt: skip
        if mark:
            about = f"{mark[0]}{head}"
            row += [
                f"f={lows[0]}|{about}",
                f"f2={'_'.join(lows[:2])}|{about}",
                f"had={had}|{about}",
            ]
        start = reading.words[place].start
        if place and not shouted and low != "i" and reading.text[start].isupper():
            row += ["cap", f"cap|{before}"]
        if count == 1:
            row.append("alone")
        rows.append(row)
    return rows


def _kind(reading: Reading, place: int, plural: bool, frequent: frozenset[str]) -> str:
    mark, low = reading.marks[place], reading.words[place].low
    if mark:
        return f"{mark}s" if plural and mark != SHAPED else mark
    if low[0].isdigit():
        return "#"
    return low if low in frequent else f"~{low[-3:]}"


def _signs(reading: Reading) -> list[str]:
    """What stands before, between and behind the words: the first sign, or nothing."""
    ends = [0, *(word.end for word in reading.words)]
    starts = [*(word.start for word in reading.words), len(reading.text)]
    return [reading.text[end:start].strip()[:1] for end, start in zip(ends, starts, strict=True)]


def _determiner(lows: Sequence[str], place: int) -> str:
    for low in reversed(lows[max(0, place - _REACH) : place]):
        if low in _DETERMINERS:
            return low
        if low[0].isdigit():
            return "#"
    return ""


def _head_is_plural(reading: Reading, plural: Sequence[bool], place: int) -> bool:
    """Whether the last word of the noun that the word is in is a plural."""
    while place + 1 < len(plural) and reading.marks[place + 1].endswith(GOES_ON):
        place += 1
    return plural[place]
