"""The worker's training: Rasa's own, on exactly the examples of a job."""

import importlib
import time
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.exceptions import GraphComponentException
from rasa.model_training import train_nlu
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.evaluation.errors import EvaluationFailed
from bot.evaluation.pipeline import Component, Config, short_name

_STOCK_SEEDED = {"DIETClassifier", "ResponseSelector"}


def train(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Makes the model; its file's name and the seconds that took.

    Raises:
        EvaluationFailed: the configuration or the data cannot be trained.
    """
    config = _prepared(job["config"], job["seed"])
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    data = TrainingData(
        [Message.build(row["text"], row["intent"], row["entities"]) for row in job["examples"]],
        job["synonyms"],
        job["regexes"],
        job["lookups"],
    )
    # JSON, because in Rasa's YAML brackets and dashes of a text have meanings.
    nlu = folder / "nlu.json"
    nlu.write_text(data.nlu_as_json(), encoding="utf-8")
    begun = time.perf_counter()
    try:
        made = train_nlu(
            config=str(folder / "config.yml"),
            nlu_data=str(nlu),
            output=str(folder),
            fixed_model_name="model",
        )
    except (RasaException, GraphComponentException) as error:
        raise EvaluationFailed(f"training failed: {_one_line(error)}") from error
    if made is None:
        raise EvaluationFailed("training failed: Rasa made no model of the training data")
    return {"model": Path(made).name, "seconds": time.perf_counter() - begun}


def _one_line(error: BaseException) -> str:
    """What went wrong, and where when nobody foresaw it; Rasa wraps what a component raises."""
    said = str(error).strip().splitlines() or [type(error).__name__]
    cause = error.__cause__
    if isinstance(error, GraphComponentException) and cause is not None:
        reason = str(cause).strip().splitlines() or [""]
        return f"{said[0]} {type(cause).__name__}: {reason[0]}"
    return said[0]


def _prepared(config: Config, seed: int | None) -> Config:
    """The configuration with its seeds; an option that does not exist would change nothing."""
    pipeline = []
    for component in config["pipeline"]:
        known = _options(component)
        if known is not None:
            unknown = sorted(component.keys() - known.keys() - {"name"})
            if unknown:
                raise EvaluationFailed(
                    f"{short_name(component)} has no option '{unknown[0]}' "
                    f"(there are: {', '.join(sorted(known))})"
                )
        name = "seed" if known is not None and "seed" in known else None
        if component["name"] in _STOCK_SEEDED:
            name = "random_seed"
        pipeline.append(component if seed is None or name is None else {**component, name: seed})
    return {**config, "pipeline": pipeline}


def _options(component: Component) -> dict[str, Any] | None:
    """The options of one of our components and their defaults; None of Rasa's own."""
    module, _, name = component["name"].rpartition(".")
    if not module.startswith("bot."):
        return None
    try:
        found: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise EvaluationFailed(f"there is no component '{component['name']}'") from error
    return dict(found.get_default_config())
