import numpy as np
import pytest
from clouds import clouds

from bot.components import head
from bot.components.errors import ModelDamaged


def fitted(sizes, folds=3):
    vectors, labels = clouds(sizes)
    names = sorted(sizes)
    targets = np.array([names.index(label) for label in labels])
    numbers = head.fold_numbers(targets, folds, seed=1)
    found = head.fit(vectors, targets, names, numbers, head.HeadSettings(), progress="test")
    return vectors, targets, numbers, found


@pytest.mark.parametrize("sizes", [{"a": 12, "b": 12}, {"a": 12, "b": 9, "c": 1}])
def test_learns_what_is_apart_and_sums_to_one(sizes):
    vectors, targets, numbers, found = fitted(sizes)
    logs = found.head.log_probabilities(vectors)
    assert logs.shape == (len(targets), len(sizes))
    assert np.allclose(np.exp(logs).sum(axis=1), 1.0)
    assert (logs.argmax(1) == targets).mean() > 0.95
    tested = numbers >= 0
    assert (found.unseen[tested].argmax(1) == targets[tested]).mean() > 0.9
    assert not found.unseen[~tested].any()


def test_same_examples_same_head():
    first, second = fitted({"a": 10, "b": 10})[3], fitted({"a": 10, "b": 10})[3]
    assert np.array_equal(first.head.weights, second.head.weights)
    assert first.strength == second.strength


def test_a_class_of_one_is_never_held_out():
    targets = np.array([0, 0, 0, 0, 1])
    folds = head.fold_numbers(targets, 2, seed=1)
    assert folds[4] == -1
    assert sorted(folds[:4]) == [0, 0, 1, 1]


def test_only_so_many_folds_hold_anything_out():
    folds = head.fold_numbers(np.zeros(20, dtype=int), 5, seed=1, used=1)
    assert sorted(folds) == [-1] * 16 + [0] * 4


def test_a_head_of_another_size_is_refused():
    arrays = {"weights": np.zeros((2, 8), np.float32), "bias": np.zeros(3, np.float32)}
    with pytest.raises(ModelDamaged, match="'intents' does not fit its labels"):
        head.LinearHead.restored(arrays, ["a", "b"], of="intents")
