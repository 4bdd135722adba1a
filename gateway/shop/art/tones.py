"""Colours of a picture: from one base colour to the tones that a flat drawing needs."""

import colorsys
import hashlib
from dataclasses import dataclass

_NAMED = {
    "black": "#3b4047",
    "graphite": "#454b52",
    "steel": "#76828c",
    "stone": "#8d9089",
    "midnight": "#283c66",
    "petrol": "#1f6a78",
    "hazel": "#8a6242",
    "ochre": "#c38a32",
    "natural": "#cbb994",
    "charcoal": "#4a5058",
    "grey": "#7c858d",
    "gray": "#7c858d",
    "slate": "#5a6b7b",
    "silver": "#9aa5ae",
    "white": "#d9dcd6",
    "sand": "#c8a877",
    "beige": "#c9b08a",
    "brown": "#8a5a3c",
    "olive": "#7a8044",
    "moss": "#6b7f4a",
    "forest": "#2f6b4a",
    "green": "#3f8a5a",
    "pine": "#2c6152",
    "teal": "#2b8a8a",
    "ocean": "#2a78a0",
    "lake": "#3d86a8",
    "sky": "#5aa5cf",
    "navy": "#2f4a7a",
    "blue": "#3a6fb0",
    "purple": "#7a5a9c",
    "plum": "#7c4668",
    "berry": "#a53f6a",
    "pink": "#cf6f8f",
    "red": "#c2453a",
    "rust": "#b5562f",
    "coral": "#dd7257",
    "orange": "#de8136",
    "amber": "#d99a2b",
    "mustard": "#c99a2e",
    "yellow": "#dfb23a",
    "lime": "#9bb53c",
}
_DEFAULTS = ("#2f6b4a", "#c2453a", "#2a78a0", "#de8136", "#5a6b7b", "#7a8044", "#a53f6a", "#c99a2e")


@dataclass(frozen=True, slots=True)
class Tones:
    """``base`` with lighter and darker neighbours, a contrasting ``accent``, and a backdrop."""

    light: str
    base: str
    dark: str
    deep: str
    accent: str
    sky: str
    ground: str


def tones_for(words: list[str], seed: str) -> Tones:
    """The tones of the colour that the words name, else of one chosen by the seed."""
    base = next((_NAMED[word] for word in words if word in _NAMED), None)
    if base is None:
        base = _DEFAULTS[hashlib.sha256(seed.encode()).digest()[0] % len(_DEFAULTS)]
    hue, _, saturation = colorsys.rgb_to_hls(*_rgb(base))
    warm = hue < 0.17 or hue > 0.85
    return Tones(
        light=_mix(base, "#ffffff", 0.28),
        base=base,
        dark=_mix(base, "#10151a", 0.26),
        deep=_mix(base, "#10151a", 0.52),
        accent="#2f6f7a" if warm and saturation > 0.25 else "#e08a3c",
        sky=_mix(base, "#f4f1ea", 0.84),
        ground=_mix(base, "#e6dfd2", 0.74),
    )


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _mix(colour: str, other: str, share: float) -> str:
    """``colour`` with a share of the other in it."""
    mixed = (
        round((a * (1 - share) + b * share) * 255)
        for a, b in zip(_rgb(colour), _rgb(other), strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)
