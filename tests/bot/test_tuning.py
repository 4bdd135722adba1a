"""Tuning for real, on few sentences: it must learn, repeat itself and end in time."""

import numpy as np
import pytest
import torch

from bot.components.classifier import Prototypes
from bot.components.encoder import EncoderSpec, load_encoder
from bot.components.errors import TrainingDataUnusable
from bot.components.locate import PACKAGED
from bot.components.pretrained import Pretrained
from bot.components.prototypes import mean_vectors
from bot.components.top import ServedTop, export_top
from bot.components.tuning import Examples, tune, vectors_of
from bot.components.tuning_settings import TuningSettings

LIKED = ["I love it", "what a joy", "this made my day", "brilliant, thank you", "so happy with it"]
HATED = [
    "I hate it",
    "what a mess",
    "this ruined my day",
    "dreadful, never again",
    "so sad with it",
]
OTHER = ["seven", "the capital of Peru", "blue paint", "a bus timetable", "x + y = z"]


@pytest.fixture(scope="module")
def task():
    encoded = load_encoder(EncoderSpec()).everything([*LIKED, *HATED, *OTHER])
    targets = np.repeat([0, 1, 2], 5)
    means = mean_vectors(np.stack([one.pooled[-1] for one in encoded]), targets, 3)
    starts = Prototypes(means, scale=20.0, foreign=2, elsewhere=0.4)
    top = Pretrained.load(PACKAGED).top(0.1)
    return top, starts, Examples([one.states for one in encoded], targets), encoded


def settings(**given):
    return TuningSettings(**{"epochs": 6, "learning_rate": 2e-4, "threads": 1, **given}).fitting(15)


def test_classes_come_apart_and_the_original_is_not_touched(task):
    top, starts, examples, _ = task
    before = [parameter.clone() for parameter in top.parameters()]
    tuned = tune(top, starts, examples, settings(), progress="test")
    vectors = vectors_of(tuned.top, examples.states)
    logits = tuned.prototypes.logits(vectors)
    assert (logits[:10].argmax(1) == examples.targets[:10]).all()
    assert (logits[:, 2] == 20 * tuned.prototypes.elsewhere).all()
    cosines = vectors @ vectors.T
    assert cosines[:5, :5].mean() > cosines[:5, 5:10].mean() + 0.3
    assert all(torch.equal(a, b) for a, b in zip(before, top.parameters(), strict=True))


def test_the_same_seed_gives_the_same_layers(task):
    top, starts, examples, _ = task
    short = settings(epochs=1)
    one, two = (tune(top, starts, examples, short, progress="test") for _ in range(2))
    for a, b in zip(one.top.parameters(), two.top.parameters(), strict=True):
        assert torch.equal(a, b)


def test_it_stops_when_held_out_examples_get_no_better(task):
    top, starts, examples, _ = task
    # Held-out labels that contradict what is taught: every epoch makes them worse.
    wrong = Examples(examples.states[:10], 1 - examples.targets[:10])
    tuned = tune(
        top, starts, examples, settings(epochs=40, patience=1), held_out=wrong, progress="test"
    )
    assert tuned.epochs < 40


def test_the_served_graph_says_what_the_layers_say(task):
    top, starts, examples, encoded = task
    tuned = tune(top, starts, examples, settings(epochs=2), progress="test")
    served = ServedTop(export_top(tuned.top, encoded[0].states)).vectors(encoded)
    assert ((served * vectors_of(tuned.top, examples.states)).sum(1) > 0.97).all()


def test_an_unknown_option_is_named():
    with pytest.raises(TrainingDataUnusable, match="tuning has no option 'epoch'"):
        TuningSettings.read({"epoch": 3})
