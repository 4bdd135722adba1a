"""The reader keeps the line of each example, whatever style of YAML it stands in."""

import lint_project
import pytest
from lint_project import told

from bot.lint.markup import Span, parse


def _examples(read):
    return [(example.line, example.intent, example.text) for example in read.nlu.examples]


def test_each_example_has_its_line_intent_text_and_spans(tmp_path):
    read = lint_project.read(tmp_path)
    assert _examples(read) == [
        (5, "greet", "hello"),
        (6, "greet", "good morning"),
        (9, "order_status", "where is KF-1234567"),
        (10, "order_status", "has my tent been sent"),
    ]
    assert [example.spans for example in read.nlu.examples[2:]] == [
        (Span(9, 19, "order_number"),),
        (Span(7, 11, "product"),),
    ]
    assert read.findings == []


def test_a_list_of_texts_and_comments_around_blocks_keep_their_lines(tmp_path):
    nlu = """
    # a comment, and a blank line

    nlu:
      - intent: greet
        examples:
          - text: hello
          - text: |
              good [tent](product) to you
            metadata: {sentiment: fine}
      # another one
      - intent: order_status
        examples: |-

          - where is it
    """
    read = lint_project.read(tmp_path, nlu=nlu)
    assert _examples(read) == [
        (6, "greet", "hello"),
        (8, "greet", "good tent to you"),
        (14, "order_status", "where is it"),
    ]
    assert told(read.findings) == [("nlu.yml", 13, "error", "example-skipped")]


def test_a_folded_or_quoted_block_has_the_line_where_it_begins(tmp_path):
    nlu = 'nlu:\n- intent: greet\n  examples: "- hello\\n- hi"\n'
    assert _examples(lint_project.read(tmp_path, nlu=nlu)) == [
        (3, "greet", "hello"),
        (3, "greet", "hi"),
    ]


@pytest.mark.parametrize(
    ("nlu", "line", "code"),
    [
        ("", 1, "file-empty"),
        ("# nothing yet\n", 1, "file-empty"),
        ('version: "3.1"\nnlu:\n', 2, "file-empty"),
        ("nlu: []\n", 1, "file-empty"),
        ("- just\n- a list\n", 1, "file-unreadable"),
        ("nlus:\n- intent: greet\n", 1, "file-unused"),
        ("nlu:\n- intent: greet\n  examples: |\n   - a\n  - b\n", 5, "file-unreadable"),
        ('nlu:\n- intent: "greet\n', 3, "file-unreadable"),
        ("nlu:\n- intent: greet\n  intent: order\n", 3, "file-unreadable"),
        ("nlu:\n- intention: greet\n", 2, "item-unknown"),
        ("nlu:\n- intent: greet\n  examples: |\n    hello\n    - hi\n", 4, "example-skipped"),
        ("nlu:\n- intent: greet\n  examples: |\n    - hello\n    -\n", 5, "example-empty"),
        ("nlu:\n- intent: greet\n", 2, "intent-empty"),
        ("nlu:\n- regex: order_number\n  examples: |\n    - KF(\n", 4, "regex-invalid"),
        ('nlu:\n- intent: greet\n  examples: |\n    - [x]{"entity": }\n', 4, "annotation-invalid"),
    ],
)
def test_what_rasa_refuses_or_skips_is_named(tmp_path, nlu, line, code):
    assert ("nlu.yml", line, "error", code) in told(lint_project.read(tmp_path, nlu=nlu).findings)


def test_a_file_that_is_no_text_is_named_with_its_line(tmp_path):
    paths = lint_project.write(tmp_path)
    paths["nlu"].write_bytes(b"nlu:\n- intent: greet\n  examples: |\n    - caf\xe9\n")
    read = lint_project.project.read(paths["config"], paths["domain"], [paths["nlu"]])
    assert told(read.findings) == [("nlu.yml", 4, "error", "file-unreadable")]


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path):
    paths = lint_project.write(tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    read = lint_project.project.read(paths["config"], tmp_path / "no.yml", [paths["nlu"], empty])
    assert told(read.findings) == [
        ("no.yml", 1, "error", "file-missing"),
        ("empty", 1, "error", "file-missing"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        "a [blue tent](product) for [two](number:2)",
        'from [Rome]{"entity": "city", "role": "from"} to [Bonn]{"entity": "city"}',
        '[pack][{"entity": "product"}, {"entity": "category"}]',
        "[x](product)",
        "nothing at all",
        "a ] b [ c",
        "[tent] (product)",
    ],
)
def test_annotation_is_read_as_rasa_reads_it(raw):
    from rasa.shared.nlu.training_data.entities_parser import (
        find_entities_in_training_example,
        replace_entities,
    )

    ours = parse(raw)
    assert ours.text == replace_entities(raw)
    theirs = find_entities_in_training_example(raw)
    assert [(span.start, span.end, span.entity) for span in ours.spans] == [
        (found["start"], found["end"], found["entity"]) for found in theirs
    ]


def test_brackets_that_rasa_takes_for_text_are_left_over():
    assert [parse(raw).left_over for raw in ("[tent] (product)", "[tent](", "[tent](product)")] == [
        True, True, False,
    ]  # fmt: skip
