"""The events of a conversation, kept short without losing what the dialogue knows."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
)
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


def shortened(
    sender_id: str, events: Sequence[Event], slots: Iterable[Slot], *, most: int, keep: int
) -> list[Event]:
    """The events when there are at most ``most``, else the last turns, about ``keep`` events.

    What happened before is replaced by what it led to, in the form in which Rasa itself begins a
    new session: the slots, the form that is under way, whether the assistant is paused. A session
    that has ended was already carried over that way and is dropped.
    """
    last_session = _start_of_last_session(events)
    current = list(events[last_session:])
    if len(current) <= most:
        return current
    cut = _cut(current, len(current) - keep)
    if cut is None:
        return current
    before = DialogueStateTracker.from_events(sender_id, current[:cut], slots)
    moment = current[cut].timestamp
    opening: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=moment),
        SessionStarted(timestamp=moment),
    ]
    opening += [
        SlotSet(slot.name, slot.value, timestamp=moment)
        for slot in before.slots.values()
        if slot.value != slot.initial_value
    ]
    if before.active_loop is not None and before.active_loop.name:
        opening.append(ActiveLoop(before.active_loop.name, timestamp=moment))
    if before.is_paused():
        opening.append(ConversationPaused(timestamp=moment))
    return opening + current[cut:]


def _start_of_last_session(events: Sequence[Event]) -> int:
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], SessionStarted):
            first = index - 1
            # "action_session_start" is logged before what it did.
            if first >= 0 and _is_action(events[first], ACTION_SESSION_START_NAME):
                return first
            return index
    return 0


def _cut(events: Sequence[Event], earliest: int) -> int | None:
    """Where a turn begins, at or after ``earliest``: at the listening before the message."""
    for index, (event, following) in enumerate(pairwise(events)):
        if (
            index >= earliest
            and _is_action(event, ACTION_LISTEN_NAME)
            and isinstance(following, UserUttered)
        ):
            return index
    return None


def _is_action(event: Event, name: str) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == name
