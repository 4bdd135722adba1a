"""Intents with too few examples to be learnt."""

from collections.abc import Iterator

from bot.lint.findings import Finding, error, warning
from bot.lint.project import Project

_LEARNABLE = 2
_ENOUGH = 8


def check_single(project: Project) -> Iterator[Finding]:
    """Intents with one example: none is left to calibrate on."""
    for intent, members in project.nlu.by_intent().items():
        if 0 < len(members) < _LEARNABLE:
            example = project.nlu.examples[members[0]]
            said = f"the intent '{intent}' has a single example; it needs two, better {_ENOUGH}"
            yield error(example.file, example.line, "intent-single", said, intent)


def check_few(project: Project) -> Iterator[Finding]:
    """Intents with so few examples that others will be taken for them."""
    for intent, members in project.nlu.by_intent().items():
        if _LEARNABLE <= len(members) < _ENOUGH:
            example = project.nlu.examples[members[0]]
            said = f"the intent '{intent}' has {len(members)} examples; {_ENOUGH} are better"
            yield warning(example.file, example.line, "intent-few", said, intent)
