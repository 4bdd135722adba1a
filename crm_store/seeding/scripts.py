"""The authored chats of ``chats.toml``: read once, filled with a customer's own facts.

A script is a talk with a line each for what is said or done::

    > order_status -0.1 | where is my order {number}      the customer, intent and valence
    * delivery_delayed | It's taking too long             the customer chooses a button
    < action_order_status | It is on its way. #order      the assistant, the actions that ran
    < action_answer_faq | %shipping-costs                 the assistant says an article's summary
    ! asked_for_person                                    to the queue, with the reason
    @ Hi {first}, …                                       a person

``{…}`` is filled from the customer's order; where it names something that the assistant would have
recognised, it becomes an entity, as does ``[these words](category)``. ``#order``, ``#product``,
``#person`` and ``#ticket`` at the end add what the assistant shows with such an answer.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal

Speaker = Literal["customer", "button", "bot", "handoff", "agent"]
Piece = tuple[str, bool, str | None]
"""A text or the name of a fact, whether it is the latter, and the entity that it makes."""

_SPEAKERS: dict[str, Speaker] = {
    ">": "customer",
    "*": "button",
    "<": "bot",
    "!": "handoff",
    "@": "agent",
}
_ENTITIES = {
    "number": "order_number",
    "ticket": "ticket_number",
    "product": "product",
    "line": "product",
    "noun": "product",
    "other": "product",
    "shelf": "category",
    "price": "amount",
    "total": "amount",
    "refund": "amount",
}
_PIECE = re.compile(r"\{(\w+)\}|\[([^\]]+)\]\((\w+)\)")
_TAGS = re.compile(r"(?:\s#\w+)+$")
_RANKED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a talk."""

    speaker: Speaker
    pieces: tuple[Piece, ...]
    intent: str = ""
    valence: float = 0.0
    actions: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """An authored talk, and when it fits."""

    name: str
    when: str
    """The kind of occasion."""
    weight: float
    about: frozenset[str]
    """Reasons of the occasion that it is for; empty for all."""
    left_open: str | None
    """``queue`` or ``bot``: how the talk stands at the end, when it is not over."""
    csat: tuple[int, ...]
    lines: tuple[Line, ...]

    @property
    def has_person(self) -> bool:
        """Whether somebody of the team speaks."""
        return any(line.speaker == "agent" for line in self.lines)


@dataclass(frozen=True, slots=True)
class ScriptBook:
    """Every script, and which intents are mistaken for which."""

    scripts: tuple[Script, ...]
    rivals: Mapping[str, tuple[str, ...]]
    """For each intent, the four that come next in the ranking."""


@lru_cache(maxsize=1)
def load_scripts() -> ScriptBook:
    """Every authored script.

    Raises:
        ValueError: a line cannot be read; the message names its script.
    """
    text = (resources.files(__package__) / "chats.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return ScriptBook(
        scripts=tuple(_script(entry) for entry in data["script"]),
        rivals=_rivals(list(data["families"].values())),
    )


def fill(pieces: tuple[Piece, ...], facts: Mapping[str, str]) -> tuple[str, list[dict[str, Any]]]:
    """The text with its entities, shaped as the assistant returns them.

    Raises:
        KeyError: the customer has no such fact.
    """
    text = ""
    entities: list[dict[str, Any]] = []
    for said, is_fact, entity in pieces:
        value = facts[said] if is_fact else said
        if entity is not None:
            start = len(text)
            entities.append(
                {"entity": entity, "value": value, "start": start, "end": start + len(value)}
            )
        text += value
    return text, entities


def _script(entry: dict[str, Any]) -> Script:
    try:
        lines = tuple(_line(row) for row in entry["talk"].strip().splitlines())
    except (KeyError, ValueError) as problem:
        raise ValueError(f"chats.toml: {entry.get('name')}: {problem}") from problem
    return Script(
        name=entry["name"],
        when=entry["when"],
        weight=float(entry.get("weight", 1.0)),
        about=frozenset(entry.get("about", ())),
        left_open=entry.get("open"),
        csat=tuple(entry.get("csat", ())),
        lines=lines,
    )


def _line(row: str) -> Line:
    speaker, rest = _SPEAKERS[row[0]], row[1:].strip()
    if speaker == "agent":
        return Line(speaker, _pieces(rest))
    if speaker == "handoff":
        return Line(speaker, (), intent=rest)
    head, text = (part.strip() for part in rest.split("|", 1))
    if speaker == "customer":
        if not head:  # said to a person: nothing was understood by a machine
            return Line(speaker, _pieces(text))
        intent, valence = head.split()
        return Line(speaker, _pieces(text), intent=intent, valence=float(valence))
    if speaker == "button":
        return Line(speaker, _pieces(text), intent=head)
    actions = tuple(name.strip() for name in head.split(",") if name.strip())
    tags = _TAGS.search(text)
    if tags:
        text = text[: tags.start()]
    return Line(
        speaker,
        () if text.startswith("%") else _pieces(text),
        actions=actions,
        tags=frozenset(tags.group().replace("#", "").split()) if tags else frozenset(),
        article=text[1:] if text.startswith("%") else None,
    )


def _pieces(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    done = 0
    for found in _PIECE.finditer(text):
        if found.start() > done:
            pieces.append((text[done : found.start()], False, None))
        fact, words, entity = found.groups()
        pieces.append((fact, True, _ENTITIES.get(fact)) if fact else (words, False, entity))
        done = found.end()
    if done < len(text):
        pieces.append((text[done:], False, None))
    return tuple(pieces)


def _rivals(families: list[list[str]]) -> dict[str, tuple[str, ...]]:
    rivals = {}
    for family in families:
        for at, intent in enumerate(family):
            # Within the family first; then what anything may be mistaken for.
            near = [*family[at + 1 :], *family[:at], "out_of_scope", "help", "inform", "complaint"]
            others = dict.fromkeys(name for name in near if name != intent)
            rivals[intent] = tuple(others)[: _RANKED - 1]
    return rivals
