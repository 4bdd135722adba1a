"""Scores by rules."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_store.leads.rules import FACTS, Fact, Rule, load_rules, score
from foundation.errors import BadSettings

values: st.SearchStrategy[Fact] = st.one_of(
    st.none(), st.booleans(), st.integers(-99, 99), st.floats(-1, 1), st.sampled_from(["chat", ""])
)


@given(st.dictionaries(st.sampled_from(sorted(FACTS)), values))
def test_a_score_is_what_its_reasons_add_up_to(facts: dict[str, Fact]) -> None:
    found = score(facts, load_rules())
    total = sum(reason["points"] for reason in found.reasons)
    assert found.value == max(0, min(100, total))
    weights = [abs(reason["points"]) for reason in found.reasons]
    assert weights == sorted(weights, reverse=True)


def test_conditions() -> None:
    among = Rule(5, "r", "source", among=("chat", "phone"))
    assert among.holds({"source": "chat"})
    assert not among.holds({"source": "web"})
    at_least = Rule(5, "r", "chat_messages", at_least=4)
    assert at_least.holds({"chat_messages": 4})
    assert not at_least.holds({"chat_messages": 3})
    assert not at_least.holds({"chat_messages": "many"})
    assert not at_least.holds({})
    assert Rule(5, "r", "mood", at_most=-0.4).holds({"mood": -0.5})


@pytest.mark.parametrize(
    "text",
    [
        "rule = 1",
        "[[rule]]\npoints = 1",
        '[[rule]]\npoints = 101\nreason = "r"\nfact = "mood"\nat_least = 1',
        '[[rule]]\npoints = 1\nreason = ""\nfact = "mood"\nat_least = 1',
        '[[rule]]\npoints = 1\nreason = "r"\nfact = "star_sign"\nat_least = 1',
        '[[rule]]\npoints = 1\nreason = "r"\nfact = "mood"\nat_least = 1\nat_most = 2',
        '[[rule]]\npoints = 1\nreason = "r"\nfact = "mood"\nat_least = "1"',
        '[[rule]]\npoints = 1\nreason = "r"\nfact = "source"\nis = "chat"',
        '[[rule]]\npoints = true\nreason = "r"\nfact = "source"\nis = ["chat"]',
        '[other]\n[[rule]]\npoints = 1\nreason = "r"\nfact = "source"\nis = ["chat"]',
        "[[rule",
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(BadSettings, match=r"lead scoring: mine\.toml"):
        load_rules(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"none\.toml"):
        load_rules(tmp_path / "none.toml")
