"""Labelled messages, whatever file they came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Entity = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One message and what is true of it.

    Attributes:
        label: the intent, or the tone when sentiment is measured.
        entities: annotated spans as Rasa writes them: entity, start, end, value.
        valence: in [-1, 1], where the file says it.
        frustrated: where the file says it.
        at: the file and line, or item, that it was read from.
    """

    text: str
    label: str
    entities: tuple[Entity, ...] = ()
    valence: float | None = None
    frustrated: bool | None = None
    at: str = ""


@dataclass(frozen=True)
class Shapes:
    """What Rasa's training files hold beside examples; a fold is trained with all of it."""

    regexes: tuple[dict[str, Any], ...] = ()
    lookups: tuple[dict[str, Any], ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """Examples and where they came from.

    Attributes:
        name: the file or folder, as it was given.
    """

    name: str
    examples: tuple[Example, ...]
    shapes: Shapes = Shapes()

    @property
    def labels(self) -> frozenset[str]:
        """The different labels."""
        return frozenset(example.label for example in self.examples)

    @property
    def has_entities(self) -> bool:
        """Whether spans are annotated at all."""
        return any(example.entities for example in self.examples)

    def of(self, indices: Iterable[int]) -> "Dataset":
        """The examples at these places, with the same shapes."""
        return replace(self, examples=tuple(self.examples[index] for index in indices))

    def relabelled(self, names: Mapping[str, str]) -> "Dataset":
        """Labels replaced where ``names`` has them, kept elsewhere."""
        return replace(
            self,
            examples=tuple(
                replace(example, label=names.get(example.label, example.label))
                for example in self.examples
            ),
        )


def same_text(text: str) -> str:
    """What two texts have in common that differ in case and spaces only."""
    return " ".join(text.casefold().split())
