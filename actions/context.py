"""What an action is told about the turn, read once from Rasa's tracker into plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from actions.values import SaidAmount, SaidDays, read_amounts, read_days
from foundation.errors import Invalid

NOT_UNDERSTOOD = frozenset({"nlu_fallback", "out_of_scope"})
_LISTEN = "action_listen"
_IMPATIENT = 0.7
"""Calibrated: seven in ten such messages are of somebody who loses patience."""

_STEP_DOWN = 0.1
_BAD = -0.5


class FormMoment(StrEnum):
    """Why a form's action runs now."""

    STARTED = "started"
    ANSWERED = "answered"
    RESUMED = "resumed"  # after something else was answered in between


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier message of the customer."""

    turn_id: str | None
    intent: str
    valence: float | None
    """None where nothing with a mood was said: a button, a bare number or name."""
    frustrated: float | None = None
    """How likely the customer is losing patience; None as for the valence."""
    made_sense: bool = True
    """False where the bot could only ask back. What a form read as an answer made sense."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the customer and what the conversation knows by now."""

    conversation_id: UUID
    turn_id: str | None
    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[tuple[str, str], ...] = ()
    amounts: tuple[SaidAmount, ...] = ()
    days: tuple[SaidDays, ...] = ()
    sentiment: str | None = None
    valence: float | None = None
    frustrated: float | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)
    past: tuple[Said, ...] = ()
    """The customer's messages since a person last had the conversation, this one last."""
    tried: tuple[str, ...] = ()
    """The bot's latest actions, oldest first."""
    done: tuple[str, ...] = ()
    """The actions that this message has caused already."""
    active_form: str | None = None
    form_moment: FormMoment = FormMoment.STARTED

    @property
    def message_id(self) -> UUID | None:
        """The customer's message as the store knows it; None outside the gateway."""
        return _uuid(self.turn_id)

    @property
    def is_button(self) -> bool:
        """Whether a button was chosen rather than something typed.

        The connector gives a button's title as the text; what it read from the payload is certain,
        and ranked against nothing.
        """
        return _is_certain(self.confidence, len(self.ranking))

    @property
    def typed(self) -> str:
        """What the customer typed; empty where a button was chosen."""
        return "" if self.is_button else self.text.strip()

    def entity(self, name: str) -> str | None:
        """The last value of an entity in this message."""
        return next((value for kind, value in reversed(self.entities) if kind == name), None)

    def all_of(self, name: str) -> list[str]:
        """Every value of an entity in this message, in the order said."""
        return [value for kind, value in self.entities if kind == name]

    def slot(self, name: str) -> str | None:
        """A slot's value as text; None where it is not set."""
        value = self.slots.get(name)
        if isinstance(value, list):
            value = value[-1] if value else None
        return None if value is None else str(value)

    def key(self, action: str) -> str:
        """The idempotency key of what ``action`` does in this turn."""
        return f"{self.turn_id or self.conversation_id}:{action}"

    @property
    def not_understood_before(self) -> int:
        """How many of the customer's messages just before this one made no sense to us."""
        count = 0
        for said in reversed(self.past[:-1]):
            if said.made_sense:
                break
            count += 1
        return count

    @property
    def out_of_patience(self) -> bool:
        """Whether this message is very likely one of somebody who loses patience."""
        return self.frustrated is not None and self.frustrated >= _IMPATIENT

    @property
    def still_out_of_patience(self) -> bool:
        """Whether that is so for two messages running: what the bot did in between was no help."""
        moods = [said.frustrated for said in self.past if said.frustrated is not None][-2:]
        return self.out_of_patience and len(moods) == 2 and min(moods) >= _IMPATIENT

    @property
    def mood_falling(self) -> bool:
        """Whether the last three messages with a mood got worse each time and ended badly.

        Small differences between friendly messages are noise, so both steps must be real ones.
        """
        moods = [said.valence for said in self.past if said.valence is not None][-3:]
        if len(moods) < 3 or self.valence is None:
            return False
        first, second, third = moods
        return (
            first - second >= _STEP_DOWN
            and second - third >= _STEP_DOWN
            and second < 0
            and third <= _BAD
        )


def read_turn(state: Mapping[str, Any], form: str | None = None) -> Turn:
    """The turn in a tracker state as Rasa sends it.

    Args:
        state: the webhook's ``tracker``.
        form: the form whose validation action is asking.

    Raises:
        Invalid: the sender is not a conversation of ours.
    """
    conversation_id = _uuid(state.get("sender_id"))
    if conversation_id is None:
        raise Invalid("sender_id: not a conversation")
    message = state.get("latest_message") or {}
    events = state.get("events") or []
    intent = message.get("intent") or {}
    sentiment = message.get("sentiment") or {}
    return Turn(
        conversation_id=conversation_id,
        turn_id=_turn_id(message) or _turn_id(_last_user_event(events)),
        text=str(message.get("text") or ""),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple(
            (str(item.get("name")), float(item.get("confidence") or 0.0))
            for item in message.get("intent_ranking") or []
        ),
        entities=tuple(_entities(message.get("entities") or [])),
        amounts=tuple(read_amounts(message.get("entities") or [])),
        days=tuple(read_days(message.get("entities") or [])),
        sentiment=sentiment.get("label"),
        valence=_number(sentiment.get("valence")),
        frustrated=_number(sentiment.get("frustrated")),
        slots=dict(state.get("slots") or {}),
        past=tuple(_all_said(_since_handoff(events))),
        tried=_tried(events),
        done=tuple(_done(events)),
        active_form=(state.get("active_loop") or {}).get("name"),
        form_moment=_form_moment(events, form) if form else FormMoment.STARTED,
    )


def _is_certain(confidence: float, ranked: int) -> bool:
    return confidence >= 1.0 and ranked <= 1


def _all_said(events: list[Mapping[str, Any]]) -> Iterable[Said]:
    said: Mapping[str, Any] | None = None
    did: set[str] = set()
    for event in events:
        if event.get("event") == "user":
            if said is not None:
                yield _said(said, did)
            said, did = event, set()
        elif event.get("event") == "action":
            did.add(str(event.get("name")))
    if said is not None:
        yield _said(said, did)


def _said(event: Mapping[str, Any], did: set[str]) -> Said:
    parse = event.get("parse_data") or {}
    intent = parse.get("intent") or {}
    name = str(intent.get("name") or "")
    ranking = parse.get("intent_ranking") or []
    chosen = _is_certain(float(intent.get("confidence") or 0.0), len(ranking))
    bare = name == "inform"
    sentiment = parse.get("sentiment") or {}
    return Said(
        turn_id=_turn_id(event),
        intent=name,
        valence=None if chosen or bare else _number(sentiment.get("valence")),
        frustrated=None if chosen or bare else _number(sentiment.get("frustrated")),
        made_sense="action_clarify" not in did
        and not ("action_inform" in did and not parse.get("entities")),
    )


def _since_handoff(events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What came after the last handoff: a mood that a person dealt with is not counted again."""
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        if event.get("event") == "slot" and event.get("name") == "handoff" and event.get("value"):
            return events[index + 1 :]
    return events


def _tried(events: list[Mapping[str, Any]]) -> tuple[str, ...]:
    names = [
        str(event.get("name"))
        for event in events
        if event.get("event") == "action"
        and str(event.get("name")).startswith(("action_", "utter_"))
        and event.get("name") not in {_LISTEN, "action_session_start", "action_deactivate_loop"}
    ]
    return tuple(dict.fromkeys(names[-8:]))


def _done(events: list[Mapping[str, Any]]) -> Iterable[str]:
    for event in reversed(events):
        if event.get("event") == "user":
            return
        if event.get("event") == "action":
            yield str(event.get("name"))


def _form_moment(events: list[Mapping[str, Any]], form: str) -> FormMoment:
    """Tell the form's start, an answer to it, and its return after an interruption apart.

    Rasa runs the same validation action for all three; the events since the customer's message
    differ: a start sets the loop, a return has another action (or a rejection) before it.
    """
    since: list[Mapping[str, Any]] = []
    for event in reversed(events):
        if event.get("event") == "user":
            break
        since.append(event)
    if any(e.get("event") == "active_loop" and e.get("name") == form for e in since):
        return FormMoment.STARTED
    others = [
        e
        for e in since
        if (e.get("event") == "action" and e.get("name") not in {form, _LISTEN})
        or e.get("event") == "action_execution_rejected"
    ]
    return FormMoment.RESUMED if others else FormMoment.ANSWERED


def _last_user_event(events: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    return next((event for event in reversed(events) if event.get("event") == "user"), {})


def _turn_id(message: Mapping[str, Any]) -> str | None:
    value = (message.get("metadata") or {}).get("turn_id")
    return str(value) if value else None


def _entities(found: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for entity in found:
        values = entity.get("value")
        for value in values if isinstance(values, list) else [values]:
            if value is not None and str(value).strip():
                yield str(entity.get("entity")), str(value).strip()


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
