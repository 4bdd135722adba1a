"""Reading the answers to a return's questions: which item, why, money or exchange."""

import re

from rapidfuzz import fuzz

from actions.context import Turn
from actions.reply import Button
from crm_store.models import Order, OrderLine
from crm_store.returns.service import returnable_quantity

REASONS = {
    "too_small": "Too small",
    "too_large": "Too large",
    "not_as_described": "Not as described",
    "damaged": "Damaged or faulty",
    "wrong_item": "Wrong item",
    "changed_mind": "Changed my mind",
}
RESOLUTIONS = {"refund": "Money back", "exchange": "Exchange"}
_SAME_WORD = 85
_BACK_TO_US = re.compile(
    r"\b(?:send\w*|sent|bring\w*|give|giving|take|ship\w*|post|mail)\b[^.?!]{0,40}?\bback\b"
)
_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


def item_buttons(order: Order, lines: list[OrderLine]) -> list[Button]:
    """A button for each line, and one more for all of its pieces where there are several."""
    buttons = []
    for line in lines:
        left = returnable_quantity(order, line)
        one = f"1 × {line.name}" if left > 1 else line.name
        buttons.append(Button(one, "inform", {"return_item": f"{line.position}:1"}))
        if left > 1:
            every = f"All {left} × {line.name}"
            buttons.append(Button(every, "inform", {"return_item": f"{line.position}:{left}"}))
    return buttons


def named_line(text: str, order: Order, lines: list[OrderLine]) -> str | None:
    """The line that a sentence names: by its place in the list, or by words of its name."""
    said = text.lower()
    if not lines:
        return None
    chosen: OrderLine | None = None
    for word, place in _WORDS.items():
        if re.search(rf"\b{word}\b", said) and place <= len(lines):
            chosen = lines[place - 1] if place > 0 else lines[-1]
            break
    if chosen is None and said.isdigit() and 1 <= int(said) <= len(lines):
        chosen = lines[int(said) - 1]
    if chosen is None:
        scored = [(_words_shared(said, line.name.lower()), line) for line in lines]
        best = max(score for score, _ in scored)
        best_lines = [line for score, line in scored if score == best]
        chosen = best_lines[0] if best and len(best_lines) == 1 else None
    if chosen is None:
        return None
    every = re.search(r"\b(all|both|everything)\b", said) is not None
    return f"{chosen.position}:{returnable_quantity(order, chosen) if every else 1}"


def item_said(turn: Turn, order: Order, lines: list[OrderLine]) -> str | None:
    """The line that a message speaks of by name, among others things that it says.

    Names recognised as such are believed first; a place ("the first day") is not one here.
    """
    if not lines or not turn.typed:
        return None
    named = [value for kind, value in turn.entities if kind in {"product", "category"}]
    for said in [*named, turn.typed]:
        scored = [(_words_shared(said.lower(), line.name.lower()), line) for line in lines]
        best = max(score for score, _ in scored)
        lines_named = [line for score, line in scored if score == best]
        if best and len(lines_named) == 1:
            every = re.search(r"\b(all|both)\b", turn.typed.lower()) is not None
            left = returnable_quantity(order, lines_named[0])
            return f"{lines_named[0].position}:{left if every else 1}"
    return None


def _words_shared(said: str, name: str) -> int:
    """How many words of a name are in a sentence, typing errors and endings forgiven."""
    spoken = re.findall(r"\w{3,}", said)
    return sum(
        any(fuzz.ratio(word, other) >= _SAME_WORD for other in spoken)
        for word in set(re.findall(r"\w{3,}", name))
    )


def reason_said(text: str) -> str | None:
    """The reason in a sentence, in the words of the buttons."""
    said = text.lower()
    for pattern, code in (
        (r"too (small|tight|short)|doesn'?t fit", "too_small"),
        (r"too (big|large|long|wide|loose)", "too_large"),
        (r"broke|damag|fault|defect|torn|ripp|crack|doesn'?t work|not work", "damaged"),
        (r"wrong (item|colou?r|product|one|article)|not what i ordered", "wrong_item"),
        (r"changed my mind|don'?t (want|need|like)|no longer (want|need)", "changed_mind"),
        (r"not as (described|pictured|expected)|looks different", "not_as_described"),
    ):
        if re.search(pattern, said):
            return REASONS[code]
    return None


def resolution_said(turn: Turn) -> str | None:
    """``refund`` or ``exchange``, chosen or typed."""
    chosen = turn.entity("return_resolution")
    if chosen in RESOLUTIONS:
        return chosen
    said = _BACK_TO_US.sub(" ", turn.typed.lower())
    if re.search(r"\b(exchange|swap|replace\w*|another|different|new one)\b", said):
        return "exchange"
    if re.search(r"\b(refund|money|back|reimburse\w*|cash)\b", said):
        return "refund"
    return None


def parse_item(value: str | None) -> tuple[int, int]:
    """Position and quantity of ``position:quantity``."""
    position, _, quantity = (value or "").partition(":")
    return int(position or 0), int(quantity or 1)
