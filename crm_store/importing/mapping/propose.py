"""Proposing a mapping from the columns' names and values, with a certainty for each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from crm_store.importing.cleaning.date_order import Contradiction, day_comes_first
from crm_store.importing.fields import Field, Kind, Target
from crm_store.importing.mapping.evidence import TELLING, contradicts, fit, sample_of
from crm_store.importing.mapping.model import ColumnMapping, Mapping
from crm_store.importing.reading import ReadingOptions

CERTAIN = 0.8
_LEAST = 0.45
_BY_NAME = 0.95
_BY_VALUES = 0.7
_NAMED_SHEETS = 10
_SPLIT = re.compile(r"[\s_\-./:#]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column is thought to be."""

    column: str
    field: str | None
    certainty: float
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping for a file, and how certain each of its parts is.

    Attributes:
        mapping: to use or to edit.
        guesses: a line a column, columns that are left out among them.
        doubts: what must be settled before rows can be imported, in words.
    """

    mapping: Mapping
    guesses: list[Guess]
    doubts: list[str] = field(default_factory=list)

    @property
    def is_certain(self) -> bool:
        """Whether it can be used as it is."""
        return not self.doubts

    def remarks(self) -> list[str]:
        """A line for each guess and doubt, for whoever reads the file."""
        lines = [f"DOUBTFUL: {doubt}" for doubt in self.doubts]
        lines += [
            f"{guess.column[:60]} -> {guess.field or 'left out'}"
            + (f" ({guess.certainty:.0%}, {guess.reason})" if guess.field else "")
            for guess in self.guesses
        ]
        return [line.replace("\n", " ").replace("\r", " ") for line in lines]


def propose(
    target: Target,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    reading: ReadingOptions | None = None,
    region: str | None = None,
    currency: str | None = None,
    sheets: Sequence[str] = (),
) -> Proposal:
    """A mapping of the columns to the target's fields.

    Args:
        target: what the rows are.
        header: the columns' names.
        rows: a sample.
        reading: what was said about the file; goes into the mapping.
        region: of phone numbers and dates, where it is known.
        currency: of amounts, where it is known.
        sheets: names of the workbook's sheets, the one that the rows are from first; named where
            something is doubtful, since another one may be meant.

    Raises:
        BadMapping: there is no such region or currency.
    """
    columns = [[row[at] for row in rows] for at in range(len(header))]
    guesses = _assign(target, header, columns)
    mapped = {guess.column: ColumnMapping(field=guess.field) for guess in guesses if guess.field}
    given = {} if reading is None else _given(reading)
    said = {"region": region, "currency": currency or "EUR"}
    mapping = Mapping.read({"target": target.name, "columns": mapped} | said | given)
    doubts = _doubts(target, guesses)
    doubts += _date_doubts(target, guesses, dict(zip(header, columns, strict=True)), region)
    if doubts and len(sheets) > 1:
        others = ", ".join(repr(name) for name in sheets[1 : _NAMED_SHEETS + 1])
        more = (
            f" and {len(sheets) - 1 - _NAMED_SHEETS} more"
            if len(sheets) > _NAMED_SHEETS + 1
            else ""
        )
        doubts.append(
            f"sheet: {sheets[0]!r} was read; there are also {others}{more} "
            "(say which with --sheet, in a mapping with `sheet`)"
        )
    return Proposal(mapping, guesses, doubts)


def _assign(target: Target, header: Sequence[str], columns: Sequence[Sequence[Any]]) -> list[Guess]:
    """Give each field the column that fits it best, the surest pairs first."""
    scored: list[tuple[float, int, Field, str]] = []
    for at, name in enumerate(header):
        texts = sample_of(columns[at])
        for one in target.fields:
            certainty, reason = _score(one, name, texts)
            if certainty >= _LEAST:
                scored.append((certainty, at, one, reason))
    scored.sort(key=lambda entry: (-entry[0], entry[1]))
    taken: dict[int, Guess] = {}
    used: set[str] = set()
    for certainty, at, one, reason in scored:
        if at in taken or one.name in used:
            continue
        rivals = [
            score for score, other, rival, _ in scored
            if rival is one and other != at and other not in taken and score >= certainty - 0.02
        ]  # fmt: skip
        if rivals and certainty < _BY_NAME:
            guess = Guess(header[at], one.name, 0.6, "another column looks the same")
        else:
            guess = Guess(header[at], one.name, round(certainty, 2), reason)
        taken[at] = guess
        used.add(one.name)
    return [taken.get(at, Guess(name, None, 0.0, "nothing fits")) for at, name in enumerate(header)]


def _score(field: Field, name: str, texts: Sequence[str]) -> tuple[float, str]:
    by_name = _name_score(field, name)
    share = fit(field, texts)
    if by_name >= _LEAST:
        own_name = plain_name(name) == field.name.replace("_", " ")
        if share is None or (share < 0.8 and own_name and not contradicts(field, texts)):
            return by_name, "by its name"
        if share >= 0.8:
            return min(1.0, by_name + 0.05), "by its name and values"
        if share >= 0.4:
            return by_name * (0.55 + 0.45 * share), "by its name; some values do not fit"
        return by_name * 0.5, "by its name, but its values do not fit"
    if field.kind in TELLING and share is not None and share >= 0.85 and len(texts) >= 2:
        return _BY_VALUES, "by its values"
    return 0.0, ""


def _name_score(field: Field, name: str) -> float:
    plain = plain_name(name)
    if not plain:
        return 0.0
    names = (field.name.replace("_", " "), *field.names)
    if plain in names:
        # Of two fields with the same name the first synonym is the one that is meant.
        return _BY_NAME - 0.001 * names.index(plain)
    squeezed = plain.replace(" ", "")
    if any(one.replace(" ", "") == squeezed for one in names):
        return _BY_NAME - 0.03
    best = max(fuzz.token_sort_ratio(plain, one) for one in names) / 100
    if best >= 0.88:
        return 0.8 * best
    words = set(plain.split())
    if any(len(one) > 3 and set(one.split()) < words for one in names):
        return 0.55
    return 0.0


def plain_name(name: str) -> str:
    """A column's name in small letters, its words apart: ``customer_eMail``: customer e mail."""
    spaced = _CAMEL.sub(" ", name.strip().replace("(2)", ""))
    return " ".join(word for word in _SPLIT.split(spaced.casefold()) if word)


def _doubts(target: Target, guesses: Iterable[Guess]) -> list[str]:
    best = {guess.field: guess for guess in guesses if guess.field}
    doubts = []
    for group in (*target.required, *target.for_new):
        found = [best[name] for name in group if name in best]
        if not found:
            doubts.append(f"{' or '.join(group)}: no column looks like it")
        elif all(guess.certainty < CERTAIN for guess in found):
            guess = max(found, key=lambda one: one.certainty)
            doubts.append(
                f"{guess.field}: is it the column {guess.column[:60]!r}? ({guess.reason})"
            )
    return doubts


def _date_doubts(
    target: Target,
    guesses: Iterable[Guess],
    columns: dict[str, Sequence[Any]],
    region: str | None,
) -> list[str]:
    doubts = []
    for guess in guesses:
        field = target.field(guess.field) if guess.field else None
        if field is None or field.kind is not Kind.MOMENT:
            continue
        try:
            cells = sample_of(columns[guess.column])
            decided = day_comes_first(cells, region)
        except Contradiction:
            doubts.append(f"{field.name}: some dates have the day first, others the month")
            continue
        if decided is None and any(re.match(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}", c) for c in cells):
            if all(_same_either_way(cell) for cell in cells):
                continue
            doubts.append(
                f"{field.name}: nothing tells whether the day or the month comes first; "
                "say `day_first` in the mapping or name the region"
            )
    return doubts


def _same_either_way(cell: str) -> bool:
    match = re.match(r"(\d{1,2})[-/](\d{1,2})[-/]", cell)
    return match is None or int(match.group(1)) == int(match.group(2))


def _given(reading: ReadingOptions) -> dict[str, Any]:
    return {
        name: value
        for name in ("format", "delimiter", "encoding", "header", "sheet")
        if (value := getattr(reading, name)) is not None
    }
