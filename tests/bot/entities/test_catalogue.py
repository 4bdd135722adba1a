"""Products in a message: names of their own, everyday names, typing errors, parts of a name."""

import pytest

from bot.components.entities.catalogue import Catalogue, ProductName
from bot.components.entities.folding import fold
from bot.components.entities.words import words_of

NAMES = {
    "BPK-1": "Mosspath 18 backpack",
    "BPK-2": "Mosspath 25 backpack",
    "BPK-3": "Longstrider 45 trekking backpack",
    "BPK-4": "Longstrider 55 trekking backpack",
    "TNT-1": "Fernhollow 2 tent",
    "TNT-2": "Fernhollow 3 tent",
    "TNT-3": "Broadmeadow 4 family tent",
    "TNT-4": "Broadmeadow 5 family tent",
    "SLP-1": "Winterwren 0 down sleeping bag",
    "SLP-2": "Winterwren −6 down sleeping bag",
    "RUN-1": "Breezeling women's running shorts",
    "RUN-2": "Breezeling two-in-one running shorts",
    "LMP-1": "Cricket FM camping radio",
    "LMP-2": "Cricket crank camping radio",
    "KID-1": "Little Badger 6 kids' backpack",
    "KID-2": "Little Badger 10 kids' backpack",
    "KIT-1": "Hearthfox 0.75 vacuum flask",
    "BRA-1": "Vaskar Brentano 30 backpack",
    "BRA-2": "Vaskar Skarvoll jacket",
    "BRA-3": "Vaskar Mulgor tent",
}
KINDS = ["Backpacks", "backpack", "rucksack", "sleeping bag", "Tents & shelters", "tent", "kids"]
EVERYDAY_WORDS = (
    "is the in stock a little badger cricket two one down family women men radio running for and"
    " packet please i want my of kids tent sleeping bag match winter back path moss"
)
EVERYDAY = frozenset(EVERYDAY_WORDS.split())


@pytest.fixture(scope="module")
def catalogue():
    products = [ProductName(name, sku) for sku, name in NAMES.items()]
    return Catalogue(products, KINDS, EVERYDAY)


def mentions(catalogue, text):
    """[(what was said, the value, the SKU), ...]"""
    words = words_of(fold(text))
    found = catalogue.mentions(catalogue.stems(words))
    return [
        (text[words[one.first].start : words[one.last - 1].end], one.value, one.sku)
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "said", "value", "sku"),
    [
        # A name, whole and in part, is one product or several.
        ("is Mosspath 18 backpack in", "Mosspath 18 backpack", "Mosspath 18 backpack", "BPK-1"),
        ("mosspath 25", "mosspath 25", "Mosspath 25 backpack", "BPK-2"),
        ("my mosspath", "mosspath", "Mosspath", ""),
        ("a MOSSPATH backpack", "MOSSPATH backpack", "Mosspath backpack", ""),
        ("mosspath backpack 18", "mosspath backpack 18", "Mosspath 18 backpack", "BPK-1"),
        ("hearthfox 0.75", "hearthfox 0.75", "Hearthfox 0.75 vacuum flask", "KIT-1"),
        ("winterwren -6", "winterwren -6", "Winterwren −6 down sleeping bag", "SLP-2"),
        ("the women's Breezeling", "women's Breezeling",
         "Breezeling women's running shorts", "RUN-1"),
        # Plurals; a number before a name counts pieces.
        ("mosspath backpacks", "mosspath backpacks", "Mosspath backpack", ""),
        ("two fernhollow 3 tents", "fernhollow 3 tents", "Fernhollow 3 tent", "TNT-2"),
        ("2 fernhollow tents", "fernhollow tents", "Fernhollow tent", ""),
        # Typing errors.
        ("mospath bakpack", "mospath bakpack", "Mosspath backpack", ""),
        ("the longstridr 55", "longstridr 55", "Longstrider 55 trekking backpack", "BPK-4"),
        ("wintewren sleping bag", "wintewren sleping bag", "Winterwren sleeping bag", ""),
        ("moss path 25", "moss path 25", "Mosspath 25 backpack", "BPK-2"),
        ("mosspath25l", "mosspath25", "Mosspath 25 backpack", "BPK-2"),
        # Small words do not belong to a name unless they join two of its words.
        ("breezeling in blue", "breezeling", "Breezeling", ""),
        ("breezeling two-in-one", "breezeling two-in-one",
         "Breezeling two-in-one running shorts", "RUN-2"),
        # Everyday names need a second word of the name.
        ("the cricket radio", "cricket radio", "Cricket radio", ""),
        ("little badger", "little badger", "Little Badger", ""),
        ("littlebadger 6", "littlebadger 6", "Little Badger 6 kids' backpack", "KID-1"),
        # A brand before several kinds of things: its lines are names, too.
        ("the brentano", "brentano", "Vaskar Brentano 30 backpack", "BRA-1"),
        ("something by vaskar", "vaskar", "Vaskar", ""),
    ],
)  # fmt: skip
def test_names(catalogue, text, said, value, sku):
    assert mentions(catalogue, text) == [(said, value, sku)]


@pytest.mark.parametrize(
    "text",
    ["a cricket match", "a little backpack", "two in one", "my packet", "the sleeping bag",
     "18 45 0.75", "moss", "", "down", "fern"],
)  # fmt: skip
def test_no_names(catalogue, text):
    assert mentions(catalogue, text) == []


def test_several_names(catalogue):
    assert [
        sku for *_, sku in mentions(catalogue, "mosspath 18 or longstrider 45, not the 55")
    ] == [
        "BPK-1",
        "BPK-3",
    ]


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("any tents", ["tent"]),
        ("a sleeping bag for kids", ["sleeping bag", "kids"]),
        ("sleping bags", ["sleeping bag"]),
        ("a rucksak", ["rucksack"]),
        ("family tents", ["family tent"]),
        ("the vacuum", []),
    ],
)
def test_nouns_are_the_shops_and_how_its_names_end(catalogue, text, nouns):
    stems = catalogue.stems(words_of(fold(text)))
    assert [noun.value for noun in catalogue.nouns(stems)] == nouns


def test_a_word_that_everybody_knows_is_no_typing_error(catalogue):
    assert catalogue.stems(words_of("packet back")) == ["packet", "back"]


def test_an_empty_catalogue_names_nothing():
    nothing = Catalogue([], [], frozenset())
    words = words_of("mosspath 18 backpack")
    assert nothing.stems(words) == ["mosspath", "18", "backpack"]
    assert nothing.mentions(nothing.stems(words)) == []
    assert nothing.nouns(nothing.stems(words)) == []
