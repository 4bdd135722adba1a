"""A button chosen by typing: its title again, its number, or its place among the others."""

import re
from collections.abc import Sequence

from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.replies import buttons_of

_PLACES = (
    ("1", "1st", "one", "first"),
    ("2", "2nd", "two", "second"),
    ("3", "3rd", "three", "third"),
    ("4", "4th", "four", "fourth"),
    ("5", "5th", "five", "fifth"),
    ("6", "6th", "six", "sixth"),
    ("7", "7th", "seven", "seventh"),
    ("8", "8th", "eight", "eighth"),
    ("9", "9th", "nine", "ninth"),
    ("10", "10th", "ten", "tenth"),
)
_PLACE_OF = {word: place for place, words in enumerate(_PLACES) for word in words}
_LAST = "last"
_SAID = re.compile(
    r"(?:the )?(?:(?:option|number|button|no|nr) ?)?(?P<place>\w+)(?: (?:one|option|button))?",
)
_POLITE = re.compile(
    r"^(?:ok |okay |yes |i want |i'll take |take |choose )|(?: please| pls| thanks)$"
)
_NOISE = re.compile(r"[^\w' ]+")


def typed_choice(text: str, tracker: DialogueStateTracker) -> str | None:
    """The payload of the button that the customer means, of those that the bot offered last.

    Only a message that says nothing else is a choice: "2", "the second one", "Talk to a person".

    Returns:
        ``/intent{...}``; None when the message is none, or there is nothing to choose from.
    """
    buttons = _offered(tracker)
    if not buttons:
        return None
    said = _plain(text)
    for button in buttons:
        if said == _plain(button["title"]):
            return button["payload"]
    place = _place(_POLITE.sub("", said), len(buttons))
    return None if place is None else buttons[place]["payload"]


def _offered(tracker: DialogueStateTracker) -> Sequence[dict[str, str]]:
    """The newest buttons since the customer's last message."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return ()
        if isinstance(event, BotUttered) and (buttons := buttons_of(event.data or {})):
            return buttons
    return ()


def _place(said: str, count: int) -> int | None:
    match = _SAID.fullmatch(said)
    if not match:
        return None
    word = match["place"]
    place = count - 1 if word == _LAST else _PLACE_OF.get(word)
    return place if place is not None and place < count else None


def _plain(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text.casefold()).split())
