"""What a customer can say of an order, in words, on the day of the chat."""

from datetime import date, timedelta
from functools import lru_cache

from crm_store.seeding.lives import CARRIERS
from crm_store.seeding.occasions import Course, Occasion, promised_day
from crm_store.seeding.people import Person
from crm_store.seeding.shelves import CURRENCY, ProductDraft, Shelf
from crm_store.seeding.times import DAY
from foundation.money import format_money

_EPOCH = date(1970, 1, 1)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_WEEKDAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_SENTENCE_CHARS = 200


class Wares:
    """The catalog as chats speak of it; products go by their position, as baskets do."""

    def __init__(
        self, shelves: list[Shelf], product_ids: list[str], category_ids: list[str]
    ) -> None:
        self.drafts: list[ProductDraft] = [p for shelf in shelves for p in shelf.products]
        self.product_ids = product_ids
        self._category_ids = category_ids
        self._shelf_of = [at for at, shelf in enumerate(shelves) for _ in shelf.products]
        self._first = [self._shelf_of.index(at) for at in range(len(shelves))]
        self._sizes = [len(shelf.products) for shelf in shelves]

    def category_id(self, product: int) -> str:
        """The category of a product."""
        return self._category_ids[self._shelf_of[product]]

    def other(self, product: int) -> int:
        """Another product of the same shelf, if there is one: the next kind, or the first."""
        shelf = self._shelf_of[product]
        first, size = self._first[shelf], self._sizes[shelf]
        line = self.drafts[product].line
        for step in range(1, size):
            near = first + (product - first + step) % size
            if self.drafts[near].line != line:
                return near
        return first


def main_product(occasion: Occasion) -> int:
    """The product that the talk is about: the one that comes back, else the first."""
    course = occasion.course
    line = course.back.line if course is not None and course.back is not None else 0
    return occasion.basket[line]


def facts_of(occasion: Occasion, person: Person, wares: Wares, at: int) -> dict[str, str]:
    """Everything that a script may name, by its placeholder."""
    product = main_product(occasion)
    draft, other = wares.drafts[product], wares.drafts[wares.other(product)]
    facts = {
        "first": person.name.split()[0],
        "city": person.city,
        "product": draft.name,
        "line": draft.line,
        "noun": draft.noun,
        "price": format_money(draft.price_minor, CURRENCY),
        "description": _first_sentence(draft.description),
        "shelf": _several(draft.noun),
        "other": other.name,
        "other_price": format_money(other.price_minor, CURRENCY),
    }
    if occasion.course is not None:
        facts |= _order_facts(occasion.course, occasion.reason, at // DAY)
    return facts


def day_text(day: int, today: int) -> str:
    """``Tue 24 Nov``; with the year when it is not this one."""
    value = _EPOCH + timedelta(days=day)
    text = f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}"
    same_year = value.year == (_EPOCH + timedelta(days=today)).year
    return text if same_year else f"{text} {value.year}"


def _order_facts(course: Course, reason: str, today: int) -> dict[str, str]:
    made, placed = course.made, course.placed
    pieces = sum(item.quantity for item in course.items)
    promised = promised_day(course)
    facts = {
        "number": made.number,
        "total": format_money(placed.total_minor, CURRENCY),
        "placed": day_text(placed.at // DAY, today),
        "pieces": f"{pieces} {'item' if pieces == 1 else 'items'}",
        "contents": ", ".join(f"{item.quantity} × {item.name}" for item in course.items[:3]),
        "carrier": CARRIERS[placed.at % len(CARRIERS)],
        "promised": day_text(promised, today),
        "promised_said": _LONG_WEEKDAYS[(promised + 3) % 7],
        "reason": _lower(reason),
        "failure": reason.lower(),
    }
    if made.ticket_number is not None:
        facts["ticket"] = made.ticket_number
    if course.life.parcels:
        facts |= _parcel_facts(course, promised, today)
    if course.back is not None and made.return_number is not None:
        back = course.back
        # An exchange or a rejected return has no refund, and no script of theirs names one.
        facts |= {
            "return": made.return_number,
            "item": course.items[back.line].name,
            "price": format_money(course.items[back.line].unit_price_minor, CURRENCY),
            "refund": format_money(back.refund_minor, CURRENCY),
        }
        if back.refunded_at is not None:
            facts["refunded"] = day_text(back.refunded_at // DAY, today)
    return facts


def _parcel_facts(course: Course, promised: int, today: int) -> dict[str, str]:
    parcel = course.life.parcels[0]
    expected = max(parcel.expected_on or promised, today)
    late = max(1, expected - promised)
    facts = {
        "expected": _on(expected, today),
        "expected_day": day_text(expected, today),
        "late": f"{late} {'day' if late == 1 else 'days'}",
    }
    if course.life.delivered_at is not None:
        facts["delivered"] = day_text(course.life.delivered_at // DAY, today)
    return facts


def _on(day: int, today: int) -> str:
    if day == today:
        return "today"
    return "tomorrow" if day == today + 1 else f"on {day_text(day, today)}"


def _several(noun: str) -> str:
    """``tents`` of ``tent``; what is a pair already stays as it is."""
    if noun.endswith("s"):
        return noun
    return f"{noun}es" if noun.endswith(("ch", "sh")) else f"{noun}s"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


@lru_cache(maxsize=512)
def _first_sentence(text: str) -> str:
    sentence = text.split(". ", 1)[0].rstrip(".") + "."
    return sentence if len(sentence) <= _SENTENCE_CHARS else sentence[: _SENTENCE_CHARS - 1] + "…"
