from analytics.segmentation.local import LocalSegmenter
from analytics.segmentation.naming import name_segments
from analytics.segmentation.rfm import rfm_scores
from tests.analytics.segmenter_contract import check_segmenter, four_kinds


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
    assert unhappy.endswith("needing care")
    assert len(set(names.values())) == len(names)
    assert sum(profile.size for profile in profiles) == 160
