import pytest
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.choices import typed_choice

TITLES = ("Where is my order?", "Return something", "Talk to a person")


def offered(*titles, then=()):
    buttons = [
        {"title": title, "payload": f"/choice_{number}"}
        for number, title in enumerate(titles, start=1)
    ]
    events = [
        UserUttered("hi"),
        BotUttered("How can I help?", {"buttons": buttons}),
        BotUttered("Take your time."),
        *then,
    ]
    return DialogueStateTracker.from_events("c", events)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("#2", 2),
        ("2.", 2),
        ("no. 3", 3),
        ("Option 1", 1),
        ("number two please", 2),
        ("the second one", 2),
        ("The 3rd", 3),
        ("first one!", 1),
        ("ok the last one", 3),
        ("talk to a person", 3),
        ("  WHERE IS MY ORDER ", 1),
    ],
)
def test_a_choice_by_typing(text, number):
    assert typed_choice(text, offered(*TITLES)) == f"/choice_{number}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "0",
        "the fourth one",
        "the second one is broken",
        "2 tents",
        "first of all, hello",
        "KF-1234567",
        "one moment",
        "no",
        "order",
    ],
)
def test_anything_else_is_read_as_usual(text):
    assert typed_choice(text, offered(*TITLES)) is None


def test_only_what_was_offered_last():
    assert typed_choice("1", offered()) is None
    assert typed_choice("1", offered(*TITLES, then=[UserUttered("thanks")])) is None
    newer = BotUttered("Or?", {"buttons": [{"title": "Newer", "payload": "/newer"}]})
    assert typed_choice("1", offered(*TITLES, then=[newer])) == "/newer"
    assert typed_choice("2", offered(*TITLES, then=[newer])) is None
