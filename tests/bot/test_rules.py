"""Rules that are looked up say the same as rules that are tried one by one."""

import random
from pathlib import Path

import pytest
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rules import PreparedRules, last_states

MODEL = Path(__file__).parents[2] / "models" / "kefu.tar.gz"
VALUES = ("done", "given_up", "order_status", "refund_status", True, False, None, ["KF-1234567"])


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The rules and the domain of the assistant as it is shipped."""
    storage, metadata = LocalModelStorage.from_model_archive(
        tmp_path_factory.mktemp("model"), MODEL
    )
    name = next(
        node.resource.name
        for node in metadata.predict_schema.nodes.values()
        if node.uses is RulePolicy and node.resource
    )
    policy = RulePolicy.load(
        RulePolicy.get_default_config(),
        storage,
        Resource(name),
        ExecutionContext(GraphSchema({})),
    )
    return policy, metadata.domain


def conversations(domain, count):
    """Conversations with everything that rules look at, in any order."""
    rng = random.Random(7)
    forms, actions, slots = (
        domain.form_names,
        domain.action_names_or_texts,
        [slot.name for slot in domain.slots],
    )
    for number in range(count):
        tracker = DialogueStateTracker.from_events(f"c{number}", [], domain.slots)
        for _ in range(rng.randrange(12)):
            tracker.update(ActionExecuted("action_listen"))
            tracker.update(UserUttered("said", {"name": rng.choice(domain.intents)}))
            for _ in range(rng.randrange(3)):
                tracker.update(
                    rng.choice(
                        [
                            SlotSet(rng.choice(slots), rng.choice(VALUES)),
                            ActiveLoop(rng.choice([*forms, None])),
                            LoopInterrupted(rng.random() < 0.5),
                            UserUtteranceReverted(),
                            SessionStarted(),
                        ]
                    )
                )
            for _ in range(rng.randrange(3)):
                tracker.update(ActionExecuted(rng.choice([*forms, *actions])))
        yield tracker


def test_the_same_rules_apply(trained):
    policy, domain = trained
    prepared = PreparedRules(policy)
    applied = 0
    for tracker in conversations(domain, 400):
        all_states = policy._prediction_states(tracker, domain)
        states = prepared._prediction_states(tracker, domain)
        for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
            expected = policy._get_possible_keys(policy.lookup[name], all_states)
            assert prepared._get_possible_keys(prepared.lookup[name], states) == expected
            applied += len(expected)
    assert applied > 50  # else the conversations say nothing about rules


def test_the_last_states_are_those_of_rasa(trained):
    _, domain = trained
    for tracker in conversations(domain, 100):
        for most in (1, 2, 5, 1000):
            assert (
                last_states(tracker, domain, most)
                == (domain.states_for_tracker_history(tracker)[-most:])
            )
