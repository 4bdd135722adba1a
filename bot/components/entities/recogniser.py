"""From a text to its entities: rules first, then the catalogue, then the tagger."""

from dataclasses import dataclass
from datetime import date

from bot.components.entities.catalogue import Catalogue
from bot.components.entities.contacts import emails, phones
from bot.components.entities.date_reading import Reference
from bot.components.entities.dates import find_dates
from bot.components.entities.folding import fold
from bot.components.entities.found import Found
from bot.components.entities.money import amounts
from bot.components.entities.reading import SHAPED, Reading, read
from bot.components.entities.settling import settle
from bot.components.entities.shapes import order_numbers, ticket_numbers
from bot.components.entities.tagger import TAGGED, Tagger

PRODUCT, CATEGORY = TAGGED


@dataclass(frozen=True, slots=True)
class Customs:
    """What differs from country to country.

    Attributes:
        region: where phone numbers without a country are (ISO 3166).
        currency: of what bare cents are (ISO 4217).
        day_first: whether 3/4 is the 3rd of April.
    """

    region: str = "DE"
    currency: str = "EUR"
    day_first: bool = True


def shapes(folded: str, customs: Customs, today: date) -> list[Found]:
    """What has a shape in a folded text: numbers, addresses, money, dates."""
    return settle(
        [
            *order_numbers(folded),
            *ticket_numbers(folded),
            *emails(folded),
            *phones(folded, customs.region),
            *amounts(folded, customs.currency),
            *find_dates(folded, Reference(today, customs.day_first)),
        ]
    )


def recognise(
    text: str, catalogue: Catalogue, tagger: Tagger, customs: Customs, today: date
) -> list[Found]:
    """The entities of a text, none inside another, in the order of the text."""
    folded = fold(text)
    found = shapes(folded, customs, today)
    reading = read(text, folded, found, catalogue)
    taken = [False] * len(reading.words)
    for mention in reading.mentions:
        taken[mention.first : mention.last] = [True] * (mention.last - mention.first)
        details = {"sku": mention.sku} if mention.sku else {}
        found.append(
            _found(PRODUCT, reading, (mention.first, mention.last), mention.value, details)
        )
    for entity, first, last in tagger.spans(reading):
        inside = range(first, last)
        # A shape or a name is certain; what the tagger says of the words around it is not.
        if not any(taken[place] or reading.marks[place] == SHAPED for place in inside):
            found.append(_found(entity, reading, (first, last), _said(reading, first, last), {}))
    return sorted(found, key=lambda one: one.start)


def _found(
    entity: str, reading: Reading, place: tuple[int, int], value: str, details: dict[str, str]
) -> Found:
    first, last = place
    start, end = reading.words[first].start, reading.words[last - 1].end
    return Found(entity, start, end, value, details)


def _said(reading: Reading, first: int, last: int) -> str:
    """The words as said; one with a typing error as the shop spells it."""
    words = reading.words[first:last]
    start, end = words[0].start, words[-1].end
    value = reading.text[start:end]
    for word, stem in zip(reversed(words), reversed(reading.stems[first:last]), strict=True):
        if stem != word.stem:
            value = value[: word.start - start] + stem + value[word.end - start :]
    return value
