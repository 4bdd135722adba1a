"""Countries by code or by name, in seven languages."""

import csv
from functools import cache
from importlib.resources import files

_ALIASES = {
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB", "northern ireland": "GB", "grossbritannien": "GB", "großbritannien": "GB",
    "us": "US", "u.s.": "US", "u.s.a.": "US", "usa": "US", "united states of america": "US",
    "america": "US", "amerika": "US", "vereinigte staaten": "US", "brd": "DE",
    "bundesrepublik deutschland": "DE", "czechia": "CZ", "tschechien": "CZ", "holland": "NL",
    "the netherlands": "NL", "österreich": "AT", "oesterreich": "AT", "schweiz": "CH",
    "suisse": "CH", "svizzera": "CH", "north macedonia": "MK", "nordmazedonien": "MK",
    "russian federation": "RU", "korea": "KR", "südkorea": "KR", "people's republic of china": "CN",
    "pr china": "CN", "prc": "CN", "中华人民共和国": "CN", "中国大陆": "CN", "台湾": "TW",
    "中国台湾": "TW", "中国香港": "HK", "viet nam": "VN", "uae": "AE", "ivory coast": "CI",
    "türkiye": "TR", "turkiye": "TR", "eire": "IE", "d": "DE", "a": "AT",
}  # fmt: skip


@cache
def country_codes() -> dict[str, str]:
    """Every known writing of a country, in small letters, with its ISO 3166 code of two letters."""
    table = files("crm_store").joinpath("countries.csv").read_text("utf-8")
    known: dict[str, str] = {}
    rows = list(csv.reader(table.splitlines()))[1:]
    for code, *names in rows:
        for name in names:
            if name:
                known.setdefault(name.casefold(), code)
    known |= {name.casefold(): code for name, code in _ALIASES.items()}
    return known | {code.casefold(): code for code, *_ in rows}
