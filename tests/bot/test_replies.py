from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.replies import reply, turn_events

SAID = UserUttered(
    "where is KF-1234567",
    {"name": "order_status", "confidence": 0.9},
    [{"entity": "order_number", "value": "KF-1234567", "start": 9, "end": 19, "extractor": "x"}],
    parse_data={
        "intent": {"name": "order_status", "confidence": 0.9},
        "intent_ranking": [{"name": f"i{n}", "confidence": 0.1} for n in range(9)],
        "entities": [{"entity": "order_number", "value": "KF-1234567", "start": 9, "end": 19}],
        "sentiment": {"label": "negative", "score": 0.8, "valence": -0.7},
    },
    metadata={"turn_id": "t1"},
)


def test_one_utterance_is_one_message():
    card = {"kind": "order", "title": "KF-1234567", "facts": []}
    utterance = BotUttered(
        "Here it is.\n\nAnything else?",
        {"buttons": [{"title": "No", "payload": "/deny"}], "custom": {"cards": [card]}},
    )
    answer = reply([SAID, utterance, BotUttered("Bye."), ActionExecuted("action_listen")])
    assert answer["messages"] == [
        {
            "text": "Here it is.\n\nAnything else?",
            "payload": {"cards": [card], "buttons": [{"title": "No", "payload": "/deny"}]},
        },
        {"text": "Bye.", "payload": None},
    ]


def test_what_was_understood():
    nlu = reply([SAID])["nlu"]
    assert (nlu["intent"], nlu["confidence"]) == ("order_status", 0.9)
    assert len(nlu["ranking"]) == 5
    assert nlu["entities"] == [
        {"entity": "order_number", "value": "KF-1234567", "start": 9, "end": 19}
    ]
    assert nlu["sentiment"]["valence"] == -0.7


def test_actions_without_listening():
    names = ("action_session_start", "action_lookup", "action_listen", "utter_bye")
    assert reply([SAID, *map(ActionExecuted, names)])["actions"] == ["action_lookup", "utter_bye"]


def test_a_handoff_of_this_turn():
    wish = {"reason": "asked", "brief": {"topic": "order"}}
    assert reply([SAID, SlotSet("handoff", wish)])["handoff"] == wish
    assert reply([SAID, SlotSet("handoff", "asked")])["handoff"] == {
        "reason": "asked",
        "brief": None,
    }
    assert reply([SAID, SlotSet("handoff", wish), SlotSet("handoff", None)])["handoff"] is None
    assert reply([SAID])["handoff"] is None


def test_a_turn_ends_where_the_next_begins():
    second = UserUttered("bye", metadata={"turn_id": "t2"})
    tracker = DialogueStateTracker.from_events("c", [SAID, BotUttered("a"), second], slots=[])
    assert [type(event) for event in turn_events(tracker, "t1")] == [UserUttered, BotUttered]
    assert turn_events(tracker, "t2") == [second]
    assert turn_events(tracker, "t3") is None
