import numpy as np
import pytest
from scipy.special import log_softmax

from bot.components import calibration


def overconfident(count=5000, seed=5):
    """Logits whose softmax is right; then the same three times too sure."""
    random = np.random.default_rng(seed)
    logits = random.normal(scale=2.0, size=(count, 4))
    chances = np.exp(log_softmax(logits, axis=1))
    targets = np.array([random.choice(4, p=row) for row in chances])
    return log_softmax(3 * logits, axis=1), targets


def test_the_temperature_is_found():
    logs, targets = overconfident()
    (weight,) = calibration.fit_weights([logs], targets)
    assert weight == pytest.approx(1 / 3, abs=0.05)
    honest = calibration.combine([logs], [weight])
    right = honest.argmax(1) == targets
    before = np.exp(logs)
    assert calibration.expected_calibration_error(honest.max(1), right) < 0.03
    assert calibration.expected_calibration_error(before.max(1), right) > 0.15


def test_a_useless_opinion_gets_no_weight():
    logs, targets = overconfident()
    noise = log_softmax(np.random.default_rng(1).normal(size=logs.shape), axis=1)
    good, useless = calibration.fit_weights([logs, noise], targets)
    assert good > 0.2
    assert useless < 0.1


def test_with_few_examples_all_opinions_weigh_the_same():
    logs, targets = overconfident(10)
    assert calibration.fit_weights([logs, logs], targets) == (0.5, 0.5)


def test_calibration_error_by_hand():
    confidences = np.array([0.95, 0.95, 0.55, 0.55])
    right = np.array([True, True, True, False])
    # One bin is sure at 0.95 and right at 1.0, the other at 0.55 and 0.5.
    assert calibration.expected_calibration_error(confidences, right) == pytest.approx(0.05)
