import json

import pytest

from bot.problems import Problem
from bot.wire import read_conversation_ids, read_texts, read_turn

GOOD = {"turn_id": "t", "conversation_id": "c", "text": "hello"}


def test_a_good_turn():
    asked = read_turn(json.dumps({**GOOD, "metadata": {"locale": "en"}}).encode())
    assert (asked.turn_id, asked.text, asked.payload) == ("t", "hello", None)
    assert asked.metadata == {"locale": "en"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "bad_json"),
        (b"{", 400, "bad_json"),
        (b"[" * 60_000, 400, "bad_json"),
        (b'{"text": "\xff"}', 400, "bad_encoding"),
        (b"x" * 65_537, 413, "too_large"),
        (b"[]", 422, "invalid"),
    ],
)
def test_broken_bodies(body, status, code):
    with pytest.raises(Problem) as caught:
        read_turn(body)
    assert (caught.value.status, caught.value.code) == (status, code)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": ""}, "text is empty"),
        ({"text": " \n\t "}, "text is empty"),
        ({"text": None}, "text must be a string"),
        ({"text": 7}, "text must be a string"),
        ({"text": "a\ud800b"}, "text must be a string"),
        ({"text": "x" * 8_001}, "longer than 8000"),
        ({"turn_id": ""}, "turn_id is empty"),
        ({"conversation_id": "c" * 101}, "conversation_id is longer"),
        ({"payload": "order_status"}, "payload must begin"),
        ({"metadata": []}, None),
        ({"metadata": [1]}, "metadata must be an object"),
    ],
)
def test_fields_are_named(change, said):
    body = json.dumps({**GOOD, **change}).encode()
    if said is None:
        assert read_turn(body).metadata == {}
        return
    with pytest.raises(Problem) as caught:
        read_turn(body)
    assert caught.value.status == 422
    assert said in caught.value.detail


def test_a_button_needs_no_text():
    body = {**GOOD, "text": "", "payload": "/greet"}
    assert read_turn(json.dumps(body).encode()).payload == "/greet"


@pytest.mark.parametrize("texts", [None, [], "a", [1], ["a"] * 65, ["\udc00"]])
def test_texts_to_embed(texts):
    with pytest.raises(Problem):
        read_texts(json.dumps({"texts": texts}).encode())


def test_conversations_to_forget():
    assert read_conversation_ids(b'{"conversation_ids": ["a", "b"]}') == ["a", "b"]


@pytest.mark.parametrize("ids", [None, [], ["a"] * 101, [""], [1], "a"])
def test_what_cannot_be_forgotten(ids):
    with pytest.raises(Problem) as raised:
        read_conversation_ids(json.dumps({"conversation_ids": ids}).encode())
    assert raised.value.status == 422
