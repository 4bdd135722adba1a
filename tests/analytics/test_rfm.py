import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analytics.segmentation.rfm import quintiles

numbers = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6))


def test_best_is_five() -> None:
    values = np.array([10.0, 20.0, 30.0, 40.0, 50.0])
    assert quintiles(values, high_is_good=True).tolist() == [1, 2, 3, 4, 5]
    assert quintiles(values, high_is_good=False).tolist() == [5, 4, 3, 2, 1]


def test_equal_values_score_alike() -> None:
    assert len(set(quintiles(np.zeros(7), high_is_good=True).tolist())) == 1


def test_nobody_has_no_scores() -> None:
    assert quintiles(np.empty(0), high_is_good=True).size == 0


@given(numbers)
def test_scores_follow_the_order_of_the_values(values: np.ndarray) -> None:
    scores = quintiles(values, high_is_good=True)
    assert scores.min() >= 1
    assert scores.max() <= 5
    order = np.argsort(values, kind="stable")
    assert (np.diff(scores[order]) >= 0).all()
