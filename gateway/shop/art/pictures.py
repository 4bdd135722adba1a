"""A product's picture: which motif, in which colour, on which backdrop."""

import re
from collections.abc import Callable

from gateway.shop.art import carry, gear, shelter, sport, wear
from gateway.shop.art.tones import Tones, tones_for

_NOUN_WORDS = 3

Motif = Callable[[Tones], str]

_BY_WORD: tuple[tuple[str, Motif], ...] = (
    ("tarp|shelter|awning|hammock", shelter.tarp),
    ("bivvy bag|tipi|ultralight tent|four season tent", shelter.ridge_tent),
    ("tent", shelter.dome_tent),
    ("pillow", shelter.pillow),
    ("mat|pad|mattress|towel", shelter.rolled_mat),
    ("quilt|liner|sleeping bag", shelter.sleeping_bag),
    ("carrier|stroller", sport.child_carrier),
    ("headlamp", gear.headlamp),
    ("torch|flashlight|bike light", gear.torch),
    ("lantern|lamp|lights|light", gear.lantern),
    ("radio|beacon", gear.radio),
    ("power|charger|solar|battery", gear.power_bank),
    ("watch|gps|compass|computer", gear.watch),
    ("stove|burner|grill", gear.stove),
    ("mug|cup|press", gear.mug),
    ("roll top backpack|dry bag|dry pack", carry.roll_top),
    ("pack|backpack|daypack|rucksack", carry.backpack),
    ("bottle|flask|filter|reservoir", gear.bottle),
    ("cutlery|spork|spoon|knife", gear.cutlery),
    ("pot|pan|cookset|kettle|bowl|cool box|cooler", gear.pot),
    ("sandals|slippers", wear.sandal),
    ("boots|wellies", wear.boot),
    ("shoes|runners|trainers", wear.trail_shoe),
    ("socks", wear.socks),
    ("gaiters", wear.gaiters),
    ("shorts", wear.shorts),
    ("gloves|mittens", wear.gloves),
    ("cap|hat|beanie|headband", wear.cap),
    ("trousers|pants|tights|leggings", wear.trousers),
    ("jacket|parka|poncho|shell|coat|suit", wear.jacket),
    ("shirt|tee|top|singlet|baselayer|jersey|vest|fleece", wear.shirt),
    ("helmet", sport.helmet),
    ("rope|cord|sling|slackline", sport.rope),
    ("harness", sport.harness),
    ("carabiner|quickdraw|belay", sport.carabiner),
    ("pump|tool|repair|multitool", sport.pump),
    ("lock", sport.padlock),
    ("pannier|bikepacking bag|saddlebag", carry.panniers),
    ("bike|bicycle", sport.bicycle),
    ("poles|sticks", sport.poles),
    ("wheeled bag|suitcase", carry.suitcase),
    ("duffel bag|duffel", carry.duffel),
    ("pouch|wallet|belt|cubes|chalk bag|wash bag|shoulder bag", carry.pouch),
    ("bag", carry.duffel),
)
_BY_CATEGORY: dict[str, Motif] = {
    "tents": shelter.dome_tent,
    "backpacks": carry.backpack,
    "sleeping": shelter.sleeping_bag,
    "cooking": gear.pot,
    "footwear": wear.boot,
    "jackets": wear.jacket,
    "climbing": sport.carabiner,
    "cycling": sport.bicycle,
    "running": wear.trail_shoe,
    "lighting": gear.lantern,
    "kids": sport.bear_backpack,
    "travel": carry.duffel,
}
_PATTERNS = tuple((re.compile(rf"\b(?:{words})\b"), motif) for words, motif in _BY_WORD)


def product_picture(*, category: str, slug: str, colour: str = "") -> str:
    """The picture as an SVG document; the same for the same product.

    Args:
        category: the category's slug.
        slug: the product's; what kind of thing it is stands in its last words.
        colour: like ``moss-green``; unknown or empty, the slug decides.
    """
    words = " ".join(slug.split("-")[-_NOUN_WORDS:])
    tones = tones_for(colour.split("-"), seed=slug)
    body = _motif(category, words)(tones)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">
<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{tones.sky}"/>
<stop offset="1" stop-color="{tones.ground}"/></linearGradient></defs>
<rect width="400" height="300" fill="url(#s)"/>
<path d="M0 216 L72 132 L128 190 L196 104 L278 198 L332 146 L400 214 V300 H0Z" fill="{tones.ground}"
 opacity=".55"/>
<path d="M0 250 Q110 226 210 244 T400 236 V300 H0Z" fill="{tones.ground}"/>
<ellipse cx="200" cy="256" rx="150" ry="13" fill="{tones.deep}" opacity=".18"/>
{body}</svg>"""


def _motif(category: str, words: str) -> Motif:
    if category == "kids" and words.endswith(("backpack", "kit")):
        return sport.bear_backpack
    # English names the thing last: what ends nearest the end decides, and the longer phrase of two.
    found = [
        (match.end(), match.end() - match.start(), number)
        for number, (pattern, _) in enumerate(_PATTERNS)
        for match in pattern.finditer(words)
    ]
    if found:
        return _PATTERNS[max(found)[2]][1]
    return _BY_CATEGORY.get(category, carry.backpack)
