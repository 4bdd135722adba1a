"""What the domain and the dialogue name: intents and entities, with their lines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml.nodes import Node, ScalarNode

from bot.lint.yaml_nodes import entries, items, line_of


@dataclass(frozen=True)
class Named:
    """A name and where it stands."""

    file: Path
    line: int
    name: str


@dataclass
class Domain:
    """The intents and entities that the assistant knows, by name."""

    intents: dict[str, Named] = field(default_factory=dict)
    entities: dict[str, Named] = field(default_factory=dict)

    def read(self, file: Path, root: Node) -> None:
        """Adds what a domain file names; Rasa merges the files of a folder too."""
        for key, _, value in entries(root):
            known = {"intents": self.intents, "entities": self.entities}.get(key)
            if known is not None:
                for named in _listed(file, value):
                    known.setdefault(named.name, named)


def intents_used(file: Path, node: Node) -> Iterator[Named]:
    """Every intent that a rule or a story waits for, wherever in it."""
    for key, _, value in entries(node):
        if key == "intent" and isinstance(value, ScalarNode):
            yield Named(file, line_of(value), value.value)
        else:
            yield from intents_used(file, value)
    for item in items(node):
        yield from intents_used(file, item)


def _listed(file: Path, node: Node) -> Iterator[Named]:
    """Names of a list whose members are `name` or `name: {settings}`."""
    for item in items(node):
        if isinstance(item, ScalarNode):
            yield Named(file, line_of(item), item.value)
        for name, key, _ in entries(item):
            yield Named(file, line_of(key), name)
