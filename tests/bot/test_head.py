import numpy as np
import pytest

from bot.components import head, scope


def clouds(sizes, *, seed=3, dimensions=8):
    """Unit vectors around one corner per label."""
    random = np.random.default_rng(seed)
    vectors, labels = [], []
    for place, (label, size) in enumerate(sizes.items()):
        centre = np.zeros(dimensions)
        centre[place] = 1.0
        vectors.append(centre + random.normal(scale=0.15, size=(size, dimensions)))
        labels += [label] * size
    stacked = np.concatenate(vectors)
    return (stacked / np.linalg.norm(stacked, axis=1, keepdims=True)).astype(np.float32), labels


@pytest.mark.parametrize("sizes", [{"a": 12, "b": 12}, {"a": 12, "b": 9, "c": 1}])
def test_learns_what_is_apart_and_sums_to_one(sizes):
    vectors, labels = clouds(sizes)
    trained, report = head.fit(vectors, labels, head.HeadSettings(folds=3), progress="test")
    probabilities = trained.probabilities(vectors)
    assert probabilities.shape == (len(labels), len(sizes))
    assert np.allclose(probabilities.sum(axis=1), 1.0)
    found = [trained.labels[index] for index in probabilities.argmax(axis=1)]
    assert np.mean([a == b for a, b in zip(found, labels, strict=True)]) > 0.95
    assert report.accuracy > 0.9


def test_same_seed_same_head():
    vectors, labels = clouds({"a": 10, "b": 10, "c": 10})
    first, _ = head.fit(vectors, labels, head.HeadSettings(), progress="test")
    second, _ = head.fit(vectors, labels, head.HeadSettings(), progress="test")
    assert np.array_equal(first.weights, second.weights)
    assert first.temperature == second.temperature


def test_a_class_of_one_is_never_held_out():
    targets = np.array([0, 0, 0, 0, 1])
    folds = head.fold_numbers(targets, 2, seed=1)
    assert folds[4] == -1
    assert sorted(folds[:4]) == [0, 0, 1, 1]


def test_scope_refuses_about_as_many_known_messages_as_asked():
    vectors, labels = clouds({"a": 200, "b": 200})
    guard = scope.fit(vectors, labels, false_reject=0.05, folds=4, seed=1)
    refused = np.mean([not guard.judge(vector).inside for vector in vectors])
    assert 0.0 < refused < 0.1


def test_scope_tells_what_is_foreign_and_what_it_was_nearest_to():
    vectors, labels = clouds({"a": 50, "b": 50})
    guard = scope.fit(vectors, labels, false_reject=0.02, folds=4, seed=1)
    foreign = np.zeros(8, dtype=np.float32)
    foreign[7] = 1.0
    judged = guard.judge(foreign)
    assert not judged.inside
    assert judged.trust < 0.1
    known = guard.judge(vectors[0])
    assert known.inside
    assert known.nearest == "a"
    assert known.trust > 0.5
