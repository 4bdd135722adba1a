"""The configuration that is trained: the shipped one, or stock Rasa's."""

import importlib.resources
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.evaluation.datasets.text import decoded
from bot.evaluation.errors import EvaluationFailed

Config = dict[str, Any]
Component = dict[str, Any]

CLASSIFIER = "TransformerIntentClassifier"
ANALYZER = "TransformerSentimentAnalyzer"


@dataclass(frozen=True)
class Override:
    """One option of one component; of all of that name, where there are several."""

    component: str
    option: str
    value: Any

    @classmethod
    def parse(cls, given: str) -> "Override":
        """From ``Component.option=value``, the value as YAML.

        Raises:
            ValueError: it has another form.
        """
        name, equals, value = given.partition("=")
        component, dot, option = name.rpartition(".")
        if not (equals and dot and component and option):
            raise ValueError(f"'{given}' is not Component.option=value")
        try:
            return cls(component, option, yaml.safe_load(value))
        except yaml.YAMLError as error:
            raise ValueError(f"the value in '{given}' is not YAML") from error


def shipped(path: Path) -> Config:
    """A config.yml as far as it is about understanding.

    Raises:
        EvaluationFailed: it cannot be read, or has no pipeline.
    """
    try:
        read = yaml.safe_load(decoded(path))
    except OSError as error:
        raise EvaluationFailed(f"{path}: {error.strerror or error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise EvaluationFailed(f"{path}{line}: not YAML") from error
    return _understanding(read, str(path))


def stock() -> Config:
    """What the installed Rasa trains where a config.yml names no pipeline: the peer."""
    # Found without importing it: Rasa's engine takes seconds.
    package = importlib.resources.files("rasa")
    path = package / "engine" / "recipes" / "config_files" / "default_config.yml"
    return _understanding(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)


def _understanding(read: Any, at: str) -> Config:
    pipeline = read.get("pipeline") if isinstance(read, dict) else None
    if not isinstance(pipeline, list) or not all(
        isinstance(item, dict) and isinstance(item.get("name"), str) for item in pipeline
    ):
        raise EvaluationFailed(f"{at}: there is no pipeline of named components in it")
    kept = {key: read[key] for key in ("recipe", "language") if key in read}
    return {**kept, "assistant_id": "evaluation", "pipeline": pipeline}


def overridden(configs: Sequence[Config], overrides: Sequence[Override]) -> list[Config]:
    """The configurations with the options set wherever a pipeline has the component.

    Raises:
        EvaluationFailed: no pipeline has it.
    """
    for override in overrides:
        if not any(_named(config, override.component) for config in configs):
            known = sorted({short_name(c) for config in configs for c in config["pipeline"]})
            raise EvaluationFailed(
                f"no pipeline has a component '{override.component}' "
                f"(there are: {', '.join(known)})"
            )
    return [{**config, "pipeline": list(_set(config, overrides))} for config in configs]


def _set(config: Config, overrides: Sequence[Override]) -> Iterator[Component]:
    for component in config["pipeline"]:
        names = (component["name"], short_name(component))
        told = {one.option: one.value for one in overrides if one.component in names}
        yield {**component, **told}


def has(config: Config, component: str) -> bool:
    """Whether the pipeline has the component."""
    return bool(_named(config, component))


def option(config: Config, component: str, name: str, default: Any) -> Any:
    """An option of a component as the configuration has it, or else the default."""
    return next((c[name] for c in _named(config, component) if name in c), default)


def short_name(component: Component) -> str:
    """The class of a component, without its module."""
    return str(component["name"].rpartition(".")[2])


def _named(config: Config, name: str) -> list[Component]:
    return [c for c in config["pipeline"] if name in (c["name"], short_name(c))]
