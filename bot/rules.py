"""Rasa's rules, looked up instead of tried one by one.

For each prediction Rasa works out the states of the whole conversation and compares every rule with
them, a quarter of what the assistant does in a turn. No rule looks back further than it is long,
and the last action and intent alone rule most of them out.
"""

from collections import defaultdict
from typing import Any

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_End = tuple[str | None, str | None]
"""The last action and the intent that a rule asks for at its end; None where it asks for none."""


class PreparedRules(RulePolicy):
    """A trained policy with its rules sorted by how they end; predictions stay the same."""

    def __init__(self, policy: RulePolicy) -> None:
        """Takes over everything of a loaded policy; nothing is loaded a second time."""
        vars(self).update(vars(policy))
        tables = [self.lookup.get(name, {}) for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)]
        self._ends = [(table, self._by_end(table)) for table in tables]
        lengths = [len(self._rule_key_to_state(key)) for table in tables for key in table]
        self._longest = max(lengths, default=1)

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        states = last_states(tracker, domain, self._longest)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        ends = next((ends for table, ends in self._ends if table is lookup), None)
        if ends is None or not states:
            return super()._get_possible_keys(lookup, states)
        action, intent = _end(states[-1])
        places = {(a, i) for a in (action, None) for i in (intent, None)}
        near = {key: lookup[key] for place in places for key in ends.get(place, ())}
        return super()._get_possible_keys(near, states)

    def _by_end(self, lookup: dict[str, str]) -> dict[_End, list[str]]:
        found: dict[_End, list[str]] = defaultdict(list)
        for key in lookup:
            found[_end(self._rule_key_to_state(key)[-1])].append(key)
        return found


def last_states(tracker: DialogueStateTracker, domain: Domain, most: int) -> list[State]:
    """The last of ``domain.states_for_tracker_history(tracker)``, without making the others."""
    applied = tracker.applied_events()
    skipped = sum(isinstance(event, ActionExecuted) for event in applied) + 1 - most
    states: list[State] = []
    prior = tracker.init_copy()
    for event in applied:
        if isinstance(event, ActionExecuted):
            skipped -= 1
            if skipped < 0:
                states.append(_state(prior, domain))
        prior.update(event)
    states.append(_state(prior, domain))
    return states


def _state(tracker: DialogueStateTracker, domain: Domain) -> State:
    return domain._clean_state(domain.get_active_state(tracker))


def _end(state: State) -> _End:
    """Of a rule: what has to be so. Of a conversation: what is so."""
    return _asked(state, PREVIOUS_ACTION, ACTION_NAME), _asked(state, USER, INTENT)


def _asked(state: State, part: str, name: str) -> str | None:
    value = state.get(part, {}).get(name)
    return str(value) if value and value != SHOULD_NOT_BE_SET else None
