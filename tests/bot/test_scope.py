import numpy as np
import pytest

from bot.components import scope


def distances(centre, count, seed=1):
    random = np.random.default_rng(seed)
    return random.normal(loc=centre, scale=0.1, size=(count, len(centre)))


def test_as_many_known_messages_are_refused_as_was_asked_for():
    known = distances([0.8, 0.9], 1000)
    guard = scope.fit(known, np.empty((0, 2)), false_reject=0.05)
    assert (guard.scores(known) < guard.threshold).mean() == pytest.approx(0.05, abs=0.002)


def test_what_is_far_is_outside_and_not_trusted():
    guard = scope.fit(distances([0.8], 200), np.empty((0, 1)), false_reject=0.02)
    far, near = guard.scores(np.array([[0.2], [0.85]]))
    assert far < guard.threshold < near
    assert guard.trust(np.array([far]))[0] < 0.1
    assert guard.trust(np.array([guard.threshold]))[0] == pytest.approx(0.5)
    assert guard.trust(np.array([near]))[0] > 0.9


def test_foreign_examples_decide_which_distance_counts():
    known, foreign = distances([0.8, 0.5], 300), distances([0.2, 0.5], 40, seed=2)
    guard = scope.fit(known, foreign, false_reject=0.02)
    assert guard.weights[0] > 0.9
    alike = scope.fit(known, foreign[:5], false_reject=0.02)
    assert alike.weights == (0.5, 0.5)


def test_energy_is_a_soft_maximum():
    found = scope.energy(np.array([[1.0, -np.inf], [2.0, 2.0]]))
    assert found == pytest.approx([1.0, 2.0 + np.log(2)])


def test_a_guard_survives_the_archive():
    guard = scope.fit(distances([0.8, 0.9], 50), np.empty((0, 2)), false_reject=0.02)
    assert scope.restored(scope.described(guard)) == guard
