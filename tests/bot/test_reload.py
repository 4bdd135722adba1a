"""A model that is trained anew takes its place while conversations go on."""

import asyncio
import os
import shutil
import tarfile
import threading
import time
import uuid
import weakref
from pathlib import Path
from types import SimpleNamespace

import pytest
import rasa
from rasa.core.agent import Agent
from running_assistant import ROOT, Assistant, free_port, listening
from small_assistant import DOMAIN, RULES, train, write

from bot.agents import ModelUnusable, load_model
from bot.reload import ModelWatch
from bot.serve import load_agent

# What the model before has and the small model lacks: a form with its slot, and a last word.
BEFORE_DOMAIN = (
    DOMAIN.replace("responses:", "responses:\n  utter_ask_thing: [{text: \"Which thing?\"}]")
    .replace("responses:", "responses:\n  utter_else: [{text: \"Anything else?\"}]")
    .replace(
        "slots:", "slots:\n  thing: {type: text, mappings: [{type: from_text, conditions: "
        "[{active_loop: ask_form, requested_slot: thing}]}]}"
    )
    + "forms:\n  ask_form: {required_slots: [thing]}\n"
)  # fmt: skip
BEFORE_RULES = RULES.replace(
    "{action: action_lookup}", "{action: action_lookup}, {action: utter_else}"
).replace("{action: action_hand_over}", "{action: ask_form}, {active_loop: ask_form}")


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    folder = tmp_path_factory.mktemp("before")
    return train(folder, domain=BEFORE_DOMAIN, rules=BEFORE_RULES)


@pytest.fixture(scope="module")
def actions():
    with listening(free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def running(before, actions, tmp_path_factory):
    """It serves a copy of the model before, and looks often."""
    var = tmp_path_factory.mktemp("var")
    served = Path(shutil.copy(before, var / "served.tar.gz"))
    one = Assistant(served, var, actions.server_address[1], turn_seconds=60, look_every=0.2)
    one.start()
    yield one
    one.kill()


@pytest.fixture
def assistant(running, before, actions):
    """The same for each test, with the model before in service and an empty log."""
    actions.mode = "works"
    actions.calls.clear()
    replace(running, before)
    until(lambda: texts(running.turn(new_turn(), "where is my order")[1])[-1] == "Anything else?")
    actions.calls.clear()
    running.log.write_text("")
    return running


def new_turn():
    return uuid.uuid4().hex


def replace(assistant, archive):
    """As `kefu train` does: at once."""
    made = assistant.var / "made.tar.gz"
    if isinstance(archive, bytes):
        made.write_bytes(archive)
    else:
        shutil.copy(archive, made)
    made.replace(assistant.model)


def until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def model_id(assistant):
    return assistant.get("ready")[1]["model_id"]


def lines(assistant, with_text):
    return [line for line in assistant.log.read_text().splitlines() if with_text in line]


def texts(answer):
    return [message["text"] for message in answer["messages"]]


def test_answers_go_on_while_a_model_takes_the_place_of_another(assistant, actions, small_model):
    old, statuses, stop = model_id(assistant), [], threading.Event()

    def talk(number):
        turn = 0
        while not stop.is_set():
            turn += 1
            asked = f"{number}-{turn}"
            status, answer = assistant.turn(asked, "hello", conversation=f"many{number}")
            statuses.append((status, texts(answer)))

    actions.let_go.clear()
    # A turn that is in the middle of an action of the old model when it goes.
    running = {}
    actions.mode = "waits"
    waiting = threading.Thread(
        target=lambda: running.update(answer=assistant.turn("r1", "where is my order"))
    )
    waiting.start()
    until(lambda: actions.calls)
    talking = [threading.Thread(target=talk, args=(number,)) for number in range(3)]
    for thread in talking:
        thread.start()
    replace(assistant, small_model)
    until(lambda: model_id(assistant) != old)
    # The same conversation waits for its running turn, whichever model will answer it.
    second = {}
    queued = threading.Thread(
        target=lambda: second.update(answer=assistant.turn("r2", "where is my order"))
    )
    queued.start()
    time.sleep(0.5)
    assert len(actions.calls) == 1
    actions.let_go.set()
    for thread in (waiting, queued):
        thread.join(30)
    stop.set()
    for thread in talking:
        thread.join(30)
    assert {(status, *said) for status, said in statuses} == {(200, "Hello!")}
    assert texts(running["answer"][1]) == ["Looked up in r1.", "Anything else?"]
    assert texts(second["answer"][1]) == ["Looked up in r2."]
    [line] = lines(assistant, "in service")
    assert f"{assistant.model} is in service now" in line


def test_a_conversation_survives_another_domain(assistant, small_model):
    old = model_id(assistant)
    for conversation in ("asked", "filled"):
        _, answer = assistant.turn("f1", "I want to send this back", conversation=conversation)
        assert texts(answer) == ["Which thing?"]
    _, answer = assistant.turn("f2", "the green one", conversation="filled")
    loops = [e["name"] for e in assistant.saved("filled") if e["event"] == "active_loop"]
    assert loops == ["ask_form", None]
    replace(assistant, small_model)
    until(lambda: model_id(assistant) != old)
    for conversation in ("asked", "filled"):
        status, answer = assistant.turn("n1", "where is my order", conversation=conversation)
        assert (status, texts(answer)) == (200, ["Looked up in n1."])
        _, answer = assistant.turn("n2", "bye", conversation=conversation)
        assert texts(answer) == ["Bye."]
    said = [e["text"] for e in assistant.saved("asked") if e["event"] == "user"]
    assert said == ["I want to send this back", "where is my order", "bye"]


def cut(archive):
    return archive.read_bytes()[:-5_000]


def damaged(archive):
    """A part is cut short inside of an archive that is whole."""
    made = archive.with_name("damaged.tar.gz")
    with tarfile.open(archive) as old, tarfile.open(made, "w:gz") as new:
        for member in old:
            file = old.extractfile(member) if member.isfile() else None
            if file is not None and member.name.endswith("arrays.safetensors"):
                member.size //= 2
            new.addfile(member, file)
    return made.read_bytes()


@pytest.mark.parametrize("spoil", [cut, damaged, lambda _: b"not an archive", lambda _: b""])
def test_an_archive_that_cannot_be_used_leaves_the_old_model(assistant, small_model, spoil):
    old = model_id(assistant)
    replace(assistant, spoil(small_model))
    until(lambda: lines(assistant, "stays in service"))
    assert model_id(assistant) == old
    assert texts(assistant.turn("b1", "where is my order")[1])[-1] == "Anything else?"
    [line] = lines(assistant, "stays in service")
    assert f"{assistant.model} cannot be used: " in line
    assert "Traceback" not in assistant.log.read_text()
    # And it is not the end of watching.
    replace(assistant, small_model)
    until(lambda: model_id(assistant) != old)
    assert texts(assistant.turn("b2", "where is my order")[1]) == ["Looked up in b2."]


def test_a_file_that_is_touched_or_gone_changes_nothing(assistant, before, small_model):
    old = model_id(assistant)
    os.utime(assistant.model)
    replace(assistant, before)
    time.sleep(2)
    assistant.model.unlink()
    until(lambda: lines(assistant, "is gone; the old model stays in service"))
    assert model_id(assistant) == old
    assert lines(assistant, "is in service now") == []
    replace(assistant, small_model)
    until(lambda: model_id(assistant) != old)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """What `endpoints.yml` reads."""
    for name, value in Assistant(None, tmp_path, 1).environment().items():
        monkeypatch.setenv(name, value)


def test_nothing_of_the_old_model_stays_in_memory(before, small_model, tmp_path, settings):
    model = tmp_path / "served.tar.gz"
    shutil.copy(before, model)

    async def swap():
        context = SimpleNamespace()
        watch = ModelWatch(model, seconds=0.05)
        context.agent = await load_agent(model, ROOT / "bot" / "endpoints.yml")
        old = weakref.ref(context.agent.processor.graph_runner)
        following = asyncio.create_task(watch.follow(context))
        shutil.copy(small_model, model)
        for _ in range(600):
            if context.agent.processor.graph_runner is not old():
                break
            await asyncio.sleep(0.05)
        following.cancel()
        return old

    assert asyncio.run(swap())() is None


def test_half_a_model_is_refused(small_model, tmp_path):
    files = write(tmp_path)
    made = rasa.train(
        domain=str(files["domain"]), config=str(files["config"]), training_files=str(files["nlu"]),
        output=str(tmp_path), fixed_model_name="nlu",
    ).model  # fmt: skip
    agent = Agent()
    with pytest.raises(ModelUnusable, match=r"nlu\.tar\.gz cannot be used: it was trained without"):
        load_model(agent, tmp_path / made)
    load_model(agent, small_model)
