"""The same words under two intents: nothing can be learnt from such a pair."""

from collections.abc import Iterator

from bot.lint.examples import Example
from bot.lint.findings import Finding, error
from bot.lint.project import Project
from bot.lint.wording import normalised


def check(project: Project) -> Iterator[Finding]:
    """Examples that, but for case, punctuation and entity values, are another intent's too."""
    first: dict[str, Example] = {}
    for example in project.nlu.examples:
        words = normalised(example.text, example.spans)
        other = first.setdefault(words, example)
        if other.intent != example.intent:
            said = (
                f"'{example.text}' under '{example.intent}' is also under '{other.intent}' "
                f"({other.file}:{other.line})"
            )
            yield error(example.file, example.line, "duplicate", said, example.text)
