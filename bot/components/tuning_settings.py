"""How the upper layers of the encoder are tuned; apart, since a server reads it without torch."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.components.errors import TrainingDataUnusable

MANY = 3000
"""From here on two views of each example take too long, and gain nothing."""

_FEW = 1500
_PASSES = 16_000
"""Examples, counted in every epoch, after which tuning gains no more."""


@dataclass(frozen=True)
class TuningSettings:
    """Options of ``tuning:`` in config.yml; what is None follows the number of examples.

    Attributes:
        epochs: at most so many; early stopping may take fewer.
        patience: epochs without a lower held-out loss before it stops.
        learning_rate: of the layers, at its peak; the prototypes' is ``prototype_rate`` times it.
        scale: of the cosines before the softmax.
        contrast: weight of the contrastive term, whose temperature is ``contrast_temperature``.
        consistency: weight of the agreement between two passes; 0 makes one pass.
        token_dropout: share of the tokens hidden in training, against misspelt and missing words.
        warm_up: share of the steps in which the learning rate rises.
        threads: processor threads; 0 takes what training may use, see `training_threads`.
    """

    epochs: int | None = None
    patience: int = 3
    learning_rate: float | None = None
    prototype_rate: float = 20.0
    batch_size: int = 64
    dropout: float | None = None
    token_dropout: float = 0.0
    scale: float = 20.0
    contrast: float = 1.0
    contrast_temperature: float = 0.1
    consistency: float | None = None
    warm_up: float = 0.1
    weight_decay: float = 0.01
    seed: int = 7
    threads: int = 0

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> "TuningSettings":
        """From config.yml.

        Raises:
            TrainingDataUnusable: an option that does not exist.
        """
        known = {field.name for field in fields(cls)}
        unknown = sorted(set(given) - known)
        if unknown:
            raise TrainingDataUnusable(f"config.yml: tuning has no option '{unknown[0]}'")
        return cls(**given)

    def fitting(self, examples: int) -> "TuningSettings":
        """The same with every open option filled in for so many examples.

        Few of them are gone over often, gently and with much of each hidden; more need less.
        """
        few = examples < _FEW
        epochs = max(5, min(20, round(_PASSES / max(examples, 1))))
        return replace(
            self,
            epochs=self.epochs or epochs,
            learning_rate=self.learning_rate or (5e-5 if few else 1e-4),
            dropout=self.dropout if self.dropout is not None else (0.2 if few else 0.1),
            consistency=(
                self.consistency
                if self.consistency is not None
                else (1.0 if examples < MANY else 0.0)
            ),
        )

    @property
    def peak(self) -> float:
        """The learning rate, once it is filled in."""
        if self.learning_rate is None:
            raise ValueError("The settings are not filled in")
        return self.learning_rate
