"""What each check finds, and what it lets pass."""

import lint_project
import numpy as np
import pytest
from lint_project import told

from bot.lint import counts, duplicates, entities, labels, near_duplicates, sentiment, uniformity


def _block(intent, *examples):
    lines = "".join(f"    - {example}\n" for example in examples)
    return f"- intent: {intent}\n  examples: |\n{lines}"


def _nlu(*blocks):
    return "nlu:\n" + "".join(blocks)


def _lines(findings):
    return [(finding.line, finding.code) for finding in findings]


def test_labels_that_the_domain_does_not_know(tmp_path):
    nlu = _nlu(
        _block("greet", "hello [you](person)", "hi"), _block("gret", "hey", "hiya"),
        _block("order_status/late", "where is it", "late"),
    )  # fmt: skip
    rules = "rules:\n- rule: a\n  steps:\n  - or:\n    - intent: greet\n    - intent: gone\n"
    read = lint_project.read(tmp_path, nlu=nlu, rules=rules)
    assert told(labels.check_unknown(read)) == [
        ("nlu.yml", 6, "error", "intent-unknown"),
        ("rules.yml", 6, "error", "intent-unknown"),
        ("nlu.yml", 4, "error", "entity-unknown"),
    ]


def test_intents_of_the_domain_that_nothing_teaches(tmp_path):
    read = lint_project.read(tmp_path, nlu=_nlu(_block("greet", "hello", "hi")))
    found = list(labels.check_untaught(read))
    assert told(found) == [("domain.yml", 2, "warning", "intent-untaught")]
    assert found[0].subject == "order_status"


def test_single_and_few_examples_over_all_blocks_of_an_intent(tmp_path):
    many = [f"hello {number}" for number in range(8)]
    nlu = _nlu(
        _block("greet", *many[:4]), _block("order_status", "where"), _block("bye", "bye", "cu"),
        _block("greet", *many[4:]),
    )  # fmt: skip
    read = lint_project.read(tmp_path, nlu=nlu)
    assert told(counts.check_single(read)) == [("nlu.yml", 10, "error", "intent-single")]
    assert told(counts.check_few(read)) == [("nlu.yml", 13, "warning", "intent-few")]


def test_duplicates_across_intents_are_seen_through_case_marks_and_values(tmp_path):
    nlu = _nlu(
        _block("greet", "What's up?", "where is [KF-1234567](order_number)", "???", "👋"),
        _block("order_status", "whats   UP", "Where is [kf 7654321](order_number)!", "...", "👍"),
        _block("greet", "what's up"),
    )
    assert _lines(duplicates.check(lint_project.read(tmp_path, nlu=nlu))) == [
        (10, "duplicate"),
        (11, "duplicate"),
    ]


def test_near_duplicates_by_letters_and_by_meaning(tmp_path):
    texts = ["when will my parcel come", "When will my parcel come??", "is it here yet", "yes"]
    read = lint_project.read(tmp_path, nlu=_nlu(_block("order_status", *texts)))
    assert _lines(near_duplicates.check(read, None)) == [(5, "near-duplicate")]
    vectors = np.eye(4, dtype=np.float32)
    vectors[3] = vectors[2]
    assert _lines(near_duplicates.check(read, vectors)) == [
        (5, "near-duplicate"),
        (7, "near-duplicate"),
    ]


def test_uniform_intents(tmp_path):
    things = ["tent", "mat", "lamp", "rope", "stove", "boots", "jacket", "poles"]
    varied = ["hi", "hello you", "good day", "hey", "moin", "greetings to all", "yo", "servus"]
    repeated = [f"could you tell me where my {thing} is" for thing in things]
    started = [f"i need {thing} {other}" for thing, other in zip(things, varied, strict=True)]
    nlu = _nlu(_block("greet", *varied), _block("a", *repeated), _block("b", *started))
    read = lint_project.read(tmp_path, nlu=nlu)
    found = list(uniformity.check(read, None))
    assert [finding.subject for finding in found] == ["a", "b"]
    assert "word pairs" in found[0].text
    assert "begin with 'i need'" in found[1].text
    vectors = np.tile(np.array([1, 0], dtype=np.float32), (len(read.nlu.examples), 1))
    assert [finding.subject for finding in uniformity.check(read, vectors)] == ["greet", "a", "b"]
    turned = np.eye(len(read.nlu.examples), dtype=np.float32)
    assert [finding.subject for finding in uniformity.check(read, turned)] == ["a", "b"]


@pytest.mark.parametrize(
    ("example", "code"),
    [
        ("a [tent ](product) please", "annotation-edge"),
        ("a [tent.](product)", "annotation-edge"),
        ("two [tent](product)s", "annotation-edge"),
        ("the re[tent](product)", "annotation-edge"),
        ("a [tent] (product)", "annotation-broken"),
        ("a [tent](", "annotation-broken"),
    ],
)
def test_annotation_that_is_broken_or_off_by_a_letter(tmp_path, example, code):
    read = lint_project.read(tmp_path, nlu=_nlu(_block("greet", "fine", example)))
    assert _lines(entities.check_edges(read)) == [(5, code)]


def test_annotation_that_only_looks_odd(tmp_path):
    examples = ["(the [tent](product))", "#[KF-1234567](order_number)", "kids' [tent](product)?"]
    read = lint_project.read(tmp_path, nlu=_nlu(_block("greet", *examples, "on [12.04.](product)")))
    assert list(entities.check_edges(read)) == []


_SHAPES = """- regex: order_number
  examples: |
    - (?<![\\w-])KF-?\\d{7}\\b
- regex: email
  examples: |
    - [\\w.]+@[\\w.]+
- regex: product
  examples: |
    - \\bmonday tent\\b
- regex: nothing_known
  examples: |
    - hello
"""


def test_shapes_left_bare(tmp_path):
    nlu = _nlu(
        _block(
            "greet", "hello a monday tent", "mail a.b@example.com", "[KF-1234567](order_number)"
        ),
        _block("order_status", "where is kf7654321", "it is [x@example.com](email)"),
        _SHAPES,
    )
    assert told(entities.check_forgotten(lint_project.read(tmp_path, nlu=nlu))) == [
        ("nlu.yml", 4, "warning", "entity-bare"),
        ("nlu.yml", 5, "error", "entity-bare"),
        ("nlu.yml", 9, "error", "entity-bare"),
    ]


def test_texts_annotated_here_and_bare_there(tmp_path):
    usual = [f"{start} [tent](product)" for start in ("a", "my", "the", "this")]
    rare = ["so [down](product)", "down here", "lie down", "it is down", "go down, please"]
    nlu = _nlu(_block("greet", *usual, "one Tent left", "tentative", "[red tent](product)", *rare))
    assert _lines(entities.check_consistency(lint_project.read(tmp_path, nlu=nlu))) == [
        (8, "entity-uneven"),
        (11, "entity-uneven"),
    ]


def test_sentiment_rows_that_repeat_or_contradict(tmp_path):
    rows = [
        "text,label,frustrated", "So so.,neutral,no", "SO SO.,neutral,no", "so so,negative,no",
        "so so!,neutral,no", "bravo,positive,yes", "enough,negative,yes",
    ]  # fmt: skip
    read = lint_project.read(tmp_path, sentiment="\n".join(rows))
    assert told(sentiment.check(read)) == [
        ("all.csv", 3, "warning", "sentiment-duplicate"),
        ("all.csv", 4, "error", "sentiment-contradiction"),
        ("all.csv", 6, "error", "sentiment-frustrated"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", 1, "the file is empty"),
        ("text,label\n", 1, "no usable row"),
        ("sentence,label\nfine,positive\n", 1, "the columns"),
        ("text,label\nfine,positive\n ,neutral\n", 3, "the text is empty"),
        ("text,label\nfine,good\n", 2, "'good' is none of"),
        ("text,label,frustrated\nbad,negative,maybe\n", 2, "neither yes nor no"),
        ("text,label\nwell, fine,positive\n", 2, "needs quotes"),
        ("text,label\nfine\n", 2, "1 cells where the header has 2"),
        ('text,label\n"two\nlines",neutral\nfine,good\n', 4, "'good' is none of"),
        ('text,label\nfine,positive\n"never closed,neutral\nbad,negative\n', 3, "no CSV"),
    ],
)
def test_sentiment_rows_that_cannot_be_used(tmp_path, content, line, said):
    found = [
        finding
        for finding in lint_project.read(tmp_path, sentiment=content).findings
        if finding.line == line and said in finding.text
    ]
    assert told(found)[0][:3] == ("all.csv", line, "error")
