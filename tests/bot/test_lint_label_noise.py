"""Confident learning finds the labels that were turned, and little else."""

import numpy as np

from bot.lint import label_noise
from bot.lint.confident import doubts, out_of_fold
from bot.lint.examples import Block, Example, NluData
from bot.lint.project import Project


def _clusters(per_class=60, classes=4, width=0.25, seed=1):
    """Unit vectors around well separated centres, and their classes."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), per_class)
    points = np.eye(classes, 16)[labels] + generator.normal(0, width, (len(labels), 16))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), labels


def test_turned_labels_are_found_and_the_true_one_is_suggested():
    vectors, true = _clusters()
    given = true.copy()
    turned = {3: 2, 70: 0, 130: 1, 131: 3, 200: 0}
    for index, label in turned.items():
        given[index] = label
    probabilities = out_of_fold(vectors, given, folds=4, repeats=2, seed=7)
    found = {doubt.index: doubt for doubt in doubts(probabilities, given)}
    assert set(turned) <= set(found)
    assert len(found) <= 2 * len(turned)
    assert all(found[index].suggested == true[index] for index in turned)
    assert all(found[index].given == label for index, label in turned.items())


def test_clean_labels_are_not_doubted():
    vectors, labels = _clusters(width=0.1)
    assert doubts(out_of_fold(vectors, labels, folds=4, repeats=1, seed=7), labels) == []


def test_the_joint_counts_of_the_papers_method_by_hand():
    # Thresholds: class 0: mean(.9, .8, .1) = .6; class 1: mean(.9, .7) = .8. The third example is
    # of class 0 by its label and confidently of class 1; the last reaches no threshold.
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.1, 0.9], [0.3, 0.7]])
    (doubt,) = doubts(probabilities, np.array([0, 0, 0, 1, 1]))
    assert (doubt.index, doubt.given, doubt.suggested) == (2, 0, 1)
    assert (doubt.given_probability, doubt.suggested_probability) == (0.1, 0.9)


def test_every_run_says_the_same():
    vectors, labels = _clusters(width=0.4)
    first = out_of_fold(vectors, labels, folds=4, repeats=2, seed=7)
    assert np.array_equal(first, out_of_fold(vectors, labels, folds=4, repeats=2, seed=7))


def _project(tmp_path, names):
    file = tmp_path / "nlu.yml"
    examples = [Example(file, 1 + line, name, f"text {line}") for line, name in enumerate(names)]
    blocks = [Block(file, 1, name) for name in dict.fromkeys(names)]
    return Project(nlu=NluData(examples, blocks))


def test_the_finding_names_both_labels_and_how_sure_the_model_is(tmp_path):
    vectors, labels = _clusters(width=0.15)
    names = [f"intent_{label}" for label in labels]
    names[10] = "intent_3"
    # An intent with fewer examples than folds is left alone.
    names[:2] = ["rare", "rare"]
    found = list(label_noise.check_intents(_project(tmp_path, names), vectors))
    assert [(finding.line, finding.severity, finding.subject) for finding in found] == [
        (11, "warning", "text 10")
    ]
    assert "is labelled 'intent_3' (0.0" in found[0].text
    assert "looks like 'intent_0' (0.9" in found[0].text


def test_a_single_label_cannot_be_doubted(tmp_path):
    vectors, labels = _clusters(classes=1)
    project = _project(tmp_path, ["greet"] * len(labels))
    assert list(label_noise.check_intents(project, vectors)) == []
