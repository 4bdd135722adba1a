"""Every figure against one that was worked out by hand."""

import pytest

from bot.evaluation.examples import Example
from bot.evaluation.figures import mean, ratio, spread
from bot.evaluation.judging import judge
from bot.evaluation.labels import IntentNames
from bot.evaluation.metrics.calibration import expected_calibration_error, reliability
from bot.evaluation.metrics.entities import entity_figures
from bot.evaluation.metrics.intents import accuracy_figures, confusions, per_class
from bot.evaluation.metrics.scope import scope_figures
from bot.evaluation.metrics.timing import latency_figures
from bot.evaluation.metrics.tone import tone_figures
from bot.evaluation.readings import Reading


def parsed(top, confidence=0.9, *, intent=None, scope=None, others=()):
    """A parse result as Rasa gives it; with the fallback in front when ``intent`` is that."""
    ranking = [{"name": top, "confidence": confidence}]
    ranking += [{"name": name, "confidence": value} for name, value in others]
    final = intent or top
    if final == "nlu_fallback":
        ranking.insert(0, {"name": final, "confidence": 0.3})
    row = next(row for row in ranking if row["name"] == final)
    found = {"intent": row, "intent_ranking": ranking, "entities": []}
    return Reading.parsed({**found, "scope": scope} if scope else found)


def judged(*rows, foreign="oos"):
    labels = {label for label, _ in rows}
    names = IntentNames(labels, foreign_label=foreign, foreign_intent="out_of_scope")
    examples = [Example(f"text {n}", label) for n, (label, _) in enumerate(rows)]
    return judge(examples, [reading for _, reading in rows], names)


CLOSED = (
    ("a", parsed("a")),
    ("a", parsed("a", 0.2, intent="nlu_fallback")),
    ("a", parsed("b")),
    ("b", parsed("b", scope={"inside": False, "score": -1.0})),
)


def test_a_closed_test_counts_the_likeliest_intent_and_the_act():
    figures = accuracy_figures(judged(*CLOSED))
    assert figures["accuracy"] == figures["top_intent_accuracy"] == 3 / 4
    # The second and the fourth were refused.
    assert figures["in_scope_accuracy"] == 1 / 4
    assert figures["false_reject"] == 2 / 4
    assert figures["oos_recall"] is None
    # a: precision 1, recall 2/3, F1 4/5; b: precision 1/2, recall 1, F1 2/3.
    assert figures["macro_f1"] == pytest.approx((4 / 5 + 2 / 3) / 2)


OPEN = (
    *CLOSED,
    ("oos", parsed("out_of_scope")),
    ("oos", parsed("a", 0.1, intent="nlu_fallback")),
    ("oos", parsed("a", scope={"inside": False, "score": -1.0})),
    ("oos", parsed("b")),
)


def test_an_open_test_counts_what_is_done():
    figures = accuracy_figures(judged(*OPEN))
    assert figures["oos_recall"] == 3 / 4
    assert figures["in_scope_accuracy"] == 1 / 4
    assert figures["accuracy"] == 4 / 8
    # oos: precision 3/5, recall 3/4, F1 2/3; a: precision 1, recall 1/3, F1 1/2; b: 0.
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)


def test_confusions_are_counted_with_an_example():
    assert confusions(judged(*CLOSED)) == [
        {"label": "a", "taken_for": "b", "count": 1, "example": "text 2"}
    ]
    found = {(row["label"], row["taken_for"]): row["count"] for row in confusions(judged(*OPEN))}
    assert found == {("a", "nlu_fallback"): 1, ("a", "b"): 1, ("b", "oos"): 1, ("oos", "b"): 1}


def test_the_weakest_label_is_first():
    rows = per_class(judged(*CLOSED))
    assert [row["label"] for row in rows] == ["b", "a"]
    assert rows[0] == {"label": "b", "precision": 0.5, "recall": 1.0, "f1": pytest.approx(2 / 3),
                       "support": 1}  # fmt: skip


def scored(label, score, top="a"):
    return label, parsed(top, scope={"inside": True, "score": score, "similarity": 9.0})


def test_recall_at_a_fixed_share_of_wrong_refusals():
    inside = [scored("a", n / 100) for n in range(100)]  # 0.00 … 0.99
    foreign = [scored("oos", score) for score in (-1.0, 0.005, 0.015, 0.045, 0.5)]
    found = scope_figures(judged(*inside, *foreign), false_rejects=(0.0, 0.01, 0.02, 0.05, 1.0))
    assert found["scored_by"] == "scope.score"
    assert [point["oos_recall"] for point in found["at_false_reject"]] == [0.2, 0.4, 0.6, 0.8, 1.0]
    right = [point["in_scope_accuracy"] for point in found["at_false_reject"]]
    assert right == [1.0, 0.99, 0.98, 0.95, 0.0]
    # Pairs in the right order: 100 + 99 + 98 + 95 + 49 (and one tie at 0.50) of 500.
    assert found["auroc"] == pytest.approx((100 + 99 + 98 + 95 + 49.5) / 500)


def test_without_a_guard_the_best_taught_intent_is_the_score():
    foreign = parsed("out_of_scope", 0.8, others=[("a", 0.15)])
    found = judged(("a", parsed("a", 0.7)), ("oos", foreign))
    assert found.scored_by == "confidence"
    assert [row.score for row in found.rows] == [0.7, 0.15]
    assert scope_figures(found)["auroc"] == 1.0


def test_a_message_without_a_scope_counts_as_the_least_in_scope():
    empty = Reading.parsed({"intent": {"name": None, "confidence": 0.0}, "entities": []})
    found = judged(scored("a", 0.4), scored("a", 0.6), ("oos", empty))
    assert [row.score for row in found.rows] == [0.4, 0.6, 0.4]
    assert found.rows[2].refused


def test_no_scope_figures_without_foreign_messages():
    assert scope_figures(judged(*CLOSED)) is None


def test_calibration():
    rows = reliability([0.05, 0.95, 0.96, 1.0, 0.5], [False, True, True, False, True], bins=10)
    assert [row["count"] for row in rows] == [1, 0, 0, 0, 1, 0, 0, 0, 0, 3]
    last = (0.95 + 0.96 + 1.0) / 3
    expected = (1 * 0.05 + 1 * 0.5 + 3 * abs(last - 2 / 3)) / 5
    assert expected_calibration_error(rows) == pytest.approx(expected)
    assert expected_calibration_error(reliability([], [])) is None
    assert len(reliability([0.3], [True])) == 15


def entity(start, end, name, value=None):
    found = {"start": start, "end": end, "entity": name}
    return found if value is None else {**found, "value": value}


def test_entities_by_span_type_and_value():
    text = "order KF 12 and a tent"
    gold = Example(text, "x", (entity(6, 11, "order", "KF-12"), entity(18, 22, "product", "tent")))
    found = [
        entity(6, 11, "order", "KF-12"),
        entity(6, 11, "order", "KF-12"),  # two extractors, one span
        entity(17, 22, "product", "tent"),  # one character too many
        entity(0, 5, "date", "order"),
    ]
    plain = Example("none", "x")
    figures = entity_figures(
        [gold, plain], [Reading("x", (), tuple(found)), Reading("x", (), (entity(0, 4, "order"),))]
    )
    rows = {row["entity"]: row for row in figures["per_entity"]}
    assert rows["order"]["precision"] == 1 / 2
    assert rows["order"]["recall"] == 1.0
    assert rows["product"]["f1"] == 0.0
    assert rows["date"]["support"] == 0
    # 1 hit, 3 extra (product, date, order), 1 missed.
    assert figures["micro"]["precision"] == 1 / 4
    assert figures["micro"]["recall"] == 1 / 2
    assert figures["micro"]["f1"] == pytest.approx(2 / 6)
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 0) / 2)
    # "tent" is annotated without a value of its own, and was missed anyway.
    assert (figures["value_match"], figures["values"]) == (1.0, 1)
    wrong = Reading("x", (), (entity(6, 11, "order", "12"),))
    assert entity_figures([gold], [wrong])["value_match"] == 0.0


def test_no_entity_figures_where_nothing_is_annotated():
    assert entity_figures([Example("a", "x")], [Reading("x", (), (entity(0, 1, "y"),))]) is None


def test_tones():
    examples = [
        Example("a", "negative", valence=-1.0, frustrated=True),
        Example("b", "negative", valence=-0.5, frustrated=False),
        Example("c", "neutral", frustrated=False),
        Example("d", "positive"),
    ]
    tones = [
        {"label": "negative", "score": 0.9, "valence": -0.8, "frustrated": 0.9},
        {"label": "neutral", "score": 0.6, "valence": 0.0, "frustrated": 0.95},
        {"label": "neutral", "score": 1.0, "valence": 0.1, "frustrated": 0.4},
        {"label": "positive", "score": 1.0, "valence": 1.0, "frustrated": 0.0},
    ]
    figures = tone_figures(examples, tones)
    assert figures["accuracy"] == 3 / 4
    # negative: P 1, R 1/2, F1 2/3; neutral: P 1/2, R 1, F1 2/3; positive: 1.
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert figures["ece"] == pytest.approx((0.1 + 0.6 + 0 + 0) / 4)
    assert figures["valence_mae"] == pytest.approx((0.2 + 0.5) / 2)
    # 0.9 is more than 0.4 of the neutral one, and less than 0.95 of the other negative one.
    assert figures["frustrated_auroc"] == 0.5
    assert figures["frustrated_auroc_in_negative"] == 0.0
    # 0.9 and 0.95 fall into bins of their own.
    assert figures["frustrated_ece"] == pytest.approx((0.1 + 0.95 + 0.4) / 3)
    assert figures["frustrated_rows"] == 3
    assert figures["confusions"] == [
        {"label": "negative", "taken_for": "neutral", "count": 1, "example": "b"}
    ]


def test_a_lexicon_has_no_confidence_to_be_honest_about():
    figures = tone_figures([Example("a", "neutral")], [{"label": "neutral", "valence": 0.0}])
    assert figures["ece"] is None
    assert figures["frustrated_auroc"] is None


def test_remembered_texts_are_not_timed():
    timed = [
        Reading("x", (), milliseconds=float(n), busy_milliseconds=n / 2) for n in range(1, 101)
    ]
    found = latency_figures([*timed, Reading("x", (), milliseconds=1e6, again=True)])
    assert found["p50"] == 50.5
    assert found["p95"] == pytest.approx(95.05)
    assert found["mean"] == 50.5
    assert found["busy_p50"] == 25.25
    assert found["messages"] == 100


def test_means_spreads_and_ratios():
    repeats = [
        {"accuracy": 0.8, "oos": {"auroc": 0.9}, "rows": 10, "recall": None, "at": [{"r": 1.0}]},
        {"accuracy": 0.9, "oos": {"auroc": 0.7}, "rows": 10, "recall": 0.5, "at": [{"r": 0.0}]},
    ]  # fmt: skip
    found = mean(repeats)
    assert found["accuracy"] == pytest.approx(0.85)
    assert found["oos"]["auroc"] == pytest.approx(0.8)
    assert found["at"] == [{"r": 0.5}]
    assert found["rows"] == 10
    assert found["recall"] is None
    assert spread(repeats) == {"accuracy": pytest.approx(0.0707, abs=1e-4)}
    assert ratio(found, {"accuracy": 0.5, "oos": {"auroc": 0.4}}, ("accuracy", "oos.auroc", "x")) \
        == {"accuracy": pytest.approx(1.7), "oos.auroc": pytest.approx(2.0), "x": None}  # fmt: skip
