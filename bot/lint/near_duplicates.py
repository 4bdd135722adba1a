"""Examples of an intent that say what another one says: they teach nothing, and flatter tests.

In cross-validation the one in the training folds answers for the one that is held out.
"""

from collections.abc import Iterator

from bot.lint.arrays import Vectors
from bot.lint.findings import Finding, warning
from bot.lint.project import Project
from bot.lint.wording import grams, similarity

_SAME_LETTERS = 0.88
_SAME_MEANING = 0.95


def check(project: Project, vectors: Vectors | None) -> Iterator[Finding]:
    """Examples all but equal to an earlier one of their intent, by letters or by meaning."""
    examples = project.nlu.examples
    letters = [grams(example.text) for example in examples]
    for members in project.nlu.by_intent().values():
        for position, index in enumerate(members):
            for other in members[:position]:
                alike = similarity(letters[index], letters[other])
                close = 0.0 if vectors is None else float(vectors[index] @ vectors[other])
                if alike >= _SAME_LETTERS or close >= _SAME_MEANING:
                    example, earlier = examples[index], examples[other]
                    said = (
                        f"'{example.text}' is nearly '{earlier.text}' ({earlier.file}:"
                        f"{earlier.line}): {max(alike, close):.2f}"
                    )
                    yield warning(example.file, example.line, "near-duplicate", said, example.text)
                    break
