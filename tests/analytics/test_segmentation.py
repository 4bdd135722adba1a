import numpy as np

from analytics.segmentation.local import LocalSegmenter
from analytics.segmentation.naming import name_segments
from analytics.segmentation.rfm import rfm_scores
from tests.analytics.segmenter_contract import check_segmenter, features_of, four_kinds


def test_local_segmenter_keeps_the_contract() -> None:
    check_segmenter(LocalSegmenter())


def test_names_say_what_sets_a_group_apart() -> None:
    features = four_kinds()
    found = LocalSegmenter().fit_predict(features)
    profiles = name_segments(features, rfm_scores(features), found.labels)
    names = {profile.label: profile.name for profile in profiles}
    best, gone, unhappy, _ = (names[int(found.labels[40 * kind])] for kind in range(4))
    assert best == "Champions"
    assert gone == "Dormant"
    assert unhappy.endswith("needing a person")
    assert len(set(names.values())) == len(names)
    assert sum(profile.size for profile in profiles) == 160


def test_a_handful_of_unusual_customers_is_no_segment() -> None:
    rng = np.random.default_rng(2)
    rows = np.abs(rng.normal([60, 5, 50_000, 0, 0, 0], [40, 3, 30_000, 0, 0, 0], (800, 6)))
    rows[:3, 3:] = [[9, -0.9, 5]] * 3
    found = LocalSegmenter().fit_predict(features_of(rows))
    assert np.bincount(found.labels).min() >= 8
