"""What the shop sells, as it can be recognised in a message.

A product's name begins with a word of its own ("Mosspath 18 backpack"): that word, also with a
typing error, makes a mention certain, and the words around it that are in the same names belong to
it. Where a name begins with an everyday word ("Firefly front bike light") a second word of the name
must stand beside it. Nouns ("backpack", "sleeping bag") are only marked here: whether "tents" is a
kind of thing or those that were ordered is for the tagger to say.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.components.entities.folding import fold
from bot.components.entities.words import Word, words_of

_SIMILAR = 0.8
_SHORTEST_TYPO = 5
_LONGEST_NOUN = _LONGEST_LEAD = 3
_SHORTEST_JOINED = 6
_BRAND_NOUNS = 3
"""A first word before names of so many kinds of things is a brand, and the next one a name, too."""
_SMALL_WORDS = frozenset(("a", "and", "for", "in", "of", "on", "or", "the", "to", "with"))


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product as it is called; ``sku`` is empty where only the name is known."""

    name: str
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A product in a row of words: ``words[first:last]``, the name, and the SKU if it is one."""

    first: int
    last: int
    value: str
    sku: str


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of thing in a row of words: ``words[first:last]``, spelled as the shop does."""

    first: int
    last: int
    value: str


class Catalogue:
    """An index of names and nouns; made once for a catalogue, then only read."""

    def __init__(
        self, products: Sequence[ProductName], kinds: Iterable[str], everyday: frozenset[str]
    ) -> None:
        """Build the index.

        Args:
            products: everything that is sold.
            kinds: the names of categories and the words that customers use for them.
            everyday: words that mean something without the shop, and are no typing errors.
        """
        self.products = products
        self._everyday = everyday
        self._names = [words_of(fold(product.name)) for product in products]
        self._spelling: dict[str, str] = {}
        # Sets of products are whole numbers with a bit for each: narrowing them down is one "and".
        self._having: dict[str, int] = defaultdict(int)
        for number, (product, name) in enumerate(zip(products, self._names, strict=True)):
            for word in name:
                self._having[word.stem] |= 1 << number
                self._spelling.setdefault(word.stem, fold(product.name)[word.start : word.end])
        self._leads = self._find_leads()
        self._nouns = self._find_nouns(kinds)
        self._noun_words = {word for noun in self._nouns for word in noun}
        self._joined = self._find_joined()
        names = {word for lead in self._leads for word in lead} - everyday
        self._corrections = sorted(
            word for word in names | self._noun_words if len(word) >= _SHORTEST_TYPO
        )

    def stems(self, words: Sequence[Word]) -> list[str]:
        """The words' stems, those with typing errors put right if the shop has such a word."""
        return [self._corrected(word) for word in words]

    def mentions(self, stems: Sequence[str]) -> list[Mention]:
        """Products that are named beyond doubt, in the order of the words."""
        found: list[Mention] = []
        position = 0
        while position < len(stems):
            mention = self._mention_at(stems, position, found[-1].last if found else 0)
            if mention is None:
                position += 1
            else:
                found.append(mention)
                position = mention.last
        return found

    def nouns(self, stems: Sequence[str]) -> list[Noun]:
        """The longest nouns, in the order of the words."""
        found: list[Noun] = []
        position = 0
        while position < len(stems):
            for length in range(min(_LONGEST_NOUN, len(stems) - position), 0, -1):
                value = self._nouns.get(tuple(stems[position : position + length]))
                if value is not None:
                    found.append(Noun(position, position + length, value))
                    position += length
                    break
            else:
                position += 1
        return found

    @property
    def noun_stems(self) -> list[tuple[str, ...]]:
        """Every noun that is known, as its stems."""
        return list(self._nouns)

    def may_be_name(self, stem: str) -> bool:
        """Whether a name begins with this word, be it an everyday one."""
        return (stem,) in self._leads

    def is_known(self, stem: str) -> bool:
        """Whether this is an everyday word or one of the shop's."""
        return stem in self._everyday or stem in self._having or stem in self._noun_words

    def _corrected(self, word: Word) -> str:
        stem = word.stem
        if (
            len(stem) < _SHORTEST_TYPO
            or not stem.isalpha()
            or self.is_known(stem)
            or word.low in self._everyday
        ):
            return stem
        found = process.extractOne(
            stem, self._corrections, scorer=OSA.normalized_similarity, score_cutoff=_SIMILAR
        )
        return found[0] if found else stem

    def _mention_at(self, stems: Sequence[str], first: int, floor: int) -> Mention | None:
        lead = self._lead_at(stems, first)
        if lead is None:
            return None
        length, words = lead
        last = first + length
        products = reduce(int.__and__, (self._having[word] for word in words))
        said = list(words)
        # Words of the same names behind it, then before it; "in" counts only between two of them.
        ahead, reached = products, last
        while reached < len(stems) and (narrowed := ahead & self._having.get(stems[reached], 0)):
            ahead, reached = narrowed, reached + 1
            if stems[reached - 1] not in _SMALL_WORDS:
                said += stems[last:reached]
                products, last = ahead, reached
        # A number before a name counts pieces: "2 Fernhollow tents".
        while first > floor and (before := stems[first - 1]).isalpha():
            narrowed = products & self._having.get(before, 0)
            if not narrowed or before in _SMALL_WORDS:
                break
            products, first = narrowed, first - 1
            said.insert(0, before)
        if len(said) == 1 and said[0] in self._everyday:
            return None
        return self._mention(first, last, said, products)

    def _mention(self, first: int, last: int, said: list[str], products: int) -> Mention:
        if products.bit_count() == 1:
            product = self.products[products.bit_length() - 1]
            return Mention(first, last, product.name, product.sku)
        return Mention(first, last, " ".join(self._spelling[word] for word in said), "")

    def _lead_at(self, stems: Sequence[str], first: int) -> tuple[int, tuple[str, ...]] | None:
        """The beginning of a name: how many words it takes in the text, and which those are."""
        for length in range(min(_LONGEST_LEAD, len(stems) - first), 0, -1):
            words = tuple(stems[first : first + length])
            # "moss path" and "littlebadger" are names, too.
            lead = words if words in self._leads else self._joined.get("".join(words))
            if lead is not None:
                return length, lead
        return None

    def _find_leads(self) -> set[tuple[str, ...]]:
        """For each first word, what all the names with it have in common at their beginning."""
        groups: dict[str, list[list[str]]] = defaultdict(list)
        for name in self._names:
            if name:
                groups[name[0].stem].append([word.stem for word in name])
        leads = set()
        for first, names in groups.items():
            leads.add(_common_beginning(names))
            if len({name[-1] for name in names}) >= _BRAND_NOUNS:
                lines: dict[str, list[list[str]]] = defaultdict(list)
                for name in names:
                    if len(name) > 2 and name[1].isalpha() and name[1] not in self._everyday:
                        lines[name[1]].append(name[1:])
                leads.add((first,))
                leads.update(_common_beginning(line) for line in lines.values())
        return {lead for lead in leads if not lead[0].isdigit()}

    def _find_nouns(self, kinds: Iterable[str]) -> dict[tuple[str, ...], str]:
        """The words for categories, and how names end that more than one product shares."""
        nouns: dict[tuple[str, ...], str] = {}
        for kind in kinds:
            said = fold(kind)
            stems = tuple(word.stem for word in words_of(said))
            if 0 < len(stems) <= _LONGEST_NOUN:
                nouns.setdefault(stems, said)
        before: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for name in self._names:
            for length in range(1, min(_LONGEST_NOUN, len(name) - 1) + 1):
                ending = tuple(word.stem for word in name[-length:])
                if all(map(str.isalpha, ending)):
                    before[ending].add(name[-length - 1].stem)
        firsts = {lead[0] for lead in self._leads}
        for stems, others in before.items():
            # The "box" that is always a "cool box" is no noun by itself.
            if len(others) > 1 and stems[0] not in firsts:
                nouns.setdefault(stems, " ".join(self._spelling[word] for word in stems))
        return nouns

    def _find_joined(self) -> dict[str, tuple[str, ...]]:
        joined = {"".join(lead): lead for lead in self._leads}
        return {word: lead for word, lead in joined.items() if len(word) >= _SHORTEST_JOINED}


def _common_beginning(names: list[list[str]]) -> tuple[str, ...]:
    """What the names share from the first word on, without numbers and the noun at their end."""
    shared = []
    for position, word in enumerate(names[0][:-1] or names[0]):
        same = all(len(name) > position and name[position] == word for name in names)
        if position and (not same or not word.isalpha() or len(names) == 1):
            break
        shared.append(word)
    return tuple(shared[:_LONGEST_LEAD])
