import json
from pathlib import Path

import pytest

from bot.evaluation.datasets import Source, read
from bot.evaluation.errors import EvaluationFailed


def read_text(folder, name, content, *, splits=""):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(Source.parse(name + splits, relative_to=folder))


def pairs(dataset):
    return [(example.text, example.label) for example in dataset.examples]


TWO = [("where is it", "track"), ("hi, there", "greet")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'text,label\nwhere is it,track\n"hi, there",greet\n'),
        ("a.csv", 'sentence,intent\r\nwhere is it,track\r\n"hi, there",greet\r\n'),
        ("a.csv", 'id,Category,Text\n1,track,where is it\n2,greet,"hi, there"\n'),
        ("a.csv", "label;text\ntrack;where is it\n\ngreet;hi, there\n"),
        ("a.csv", b'\xef\xbb\xbftext,label\nwhere is it,track\n"hi, there",greet\n'),
        ("a.tsv", "text\tlabel\nwhere is it\ttrack\nhi, there\tgreet\n"),
        ("a.tsv", "text\tlabel\nwhere is it\ttrack\nhi, there\tgreet\n".encode("utf-16")),
        ("a.json", json.dumps([{"text": t, "label": label} for t, label in TWO])),
        ("a.json", json.dumps([[t, label] for t, label in TWO])),
        ("a.json", json.dumps({"text": [t for t, _ in TWO], "label": [label for _, label in TWO]})),
        ("a.jsonl", "".join(json.dumps({"sentence": t, "intent": i}) + "\n" for t, i in TWO)),
    ],
)
def test_the_same_from_every_kind_of_file(tmp_path, name, content):
    assert pairs(read_text(tmp_path, name, content)) == TWO


def test_splits_of_one_file_are_read_in_the_order_that_was_asked_for(tmp_path):
    content = {"train": [["a", "x"]], "oos_train": [["b", "oos"]], "test": [["c", "x"]]}
    found = read_text(tmp_path, "a.json", json.dumps(content), splits="#oos_train,train")
    assert pairs(found) == [("b", "oos"), ("a", "x")]


def test_a_file_with_a_hash_in_its_name_is_a_file(tmp_path):
    assert pairs(read_text(tmp_path, "a#b.csv", "text,label\nhi,greet\n")) == [("hi", "greet")]


def test_a_folder_of_parallel_lines(tmp_path):
    # A text may hold characters that Python counts among the ends of lines.
    (tmp_path / "seq.in").write_text("where is\u2028it\nhi\n\n", encoding="utf-8")
    (tmp_path / "label").write_text("track\ngreet\n")
    assert pairs(read(Source.parse(".", relative_to=tmp_path))) == [
        ("where is\u2028it", "track"),
        ("hi", "greet"),
    ]


RASA = """
version: "3.1"
nlu:
- intent: order_status
  examples: |
    - where is [KF 12](order_number:KF-12)
    - my [tent](product)
- intent: faq/hours
  examples: |
    - when are you open
- regex: order_number
  examples: |
    - KF \\d+
- lookup: product
  examples: |
    - tent
- synonym: tent
  examples: |
    - marquee
"""


def test_rasas_files_keep_entities_and_shapes(tmp_path):
    found = read_text(tmp_path, "nlu.yml", b"\xef\xbb\xbf" + RASA.encode())
    assert pairs(found) == [
        ("where is KF 12", "order_status"),
        ("my tent", "order_status"),
        ("when are you open", "faq/hours"),
    ]
    assert found.examples[0].entities == (
        {"start": 9, "end": 14, "value": "KF-12", "entity": "order_number"},
    )
    assert found.shapes.regexes == ({"name": "order_number", "pattern": "KF \\d+"},)
    assert found.shapes.lookups == ({"name": "product", "elements": ["tent"]},)
    assert found.shapes.synonyms["marquee"] == "tent"


def test_a_folder_of_rasas_files_is_one_data_set(tmp_path):
    folder = tmp_path / "data"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.yml").write_text(RASA)
    (folder / "deep" / "b.yaml").write_text('version: "3.1"\nnlu:\n- intent: x\n  examples: |\n'
                                            "    - ex\n")  # fmt: skip
    (folder / "sentences.csv").write_text("not for Rasa")
    assert len(read(Source.parse("data", relative_to=tmp_path)).examples) == 4


def test_rasas_json(tmp_path):
    example = {"text": " - [x](y) | z\n", "intent": "odd", "entities": []}
    content = json.dumps({"rasa_nlu_data": {"common_examples": [example]}})
    assert pairs(read_text(tmp_path, "a.json", content)) == [(" - [x](y) | z\n", "odd")]


def test_a_valence_and_frustration(tmp_path):
    content = "text,label,valence,frustrated\na,negative,-0.5,yes\nb,neutral,,no\nc,positive,1,\n"
    found = read_text(tmp_path, "a.csv", content).examples
    assert [example.valence for example in found] == [-0.5, None, 1.0]
    assert [example.frustrated for example in found] == [True, False, None]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", r"a\.csv:1: the columns 'text' .* found nothing"),
        ("a.csv", "hello,greet\n", r"a\.csv:1: the columns .* found hello, greet"),
        ("a.csv", "text,label\n", r"a\.csv: there is no labelled example"),
        ("a.csv", "text,label\nhi,greet\n\n ,greet\n", r"a\.csv:4: the text is empty"),
        ("a.csv", "text,label\nhi,\n", r"a\.csv:2: the label is empty"),
        ("a.csv", "text,label\nhi, you,greet\n", r"a\.csv:2: 3 fields where the header has 2"),
        ("a.csv", 'text,label\n"a\nb",x\n"c" d,x\n', r"a\.csv:4: .*expected after"),
        ("a.csv", 'text,label\n"never closed,x\n', r"a\.csv:2: unexpected end of data"),
        ("a.csv", b"text,label\nok,x\ncaf\xe9,x\n", r"a\.csv:3: not UTF-8"),
        ("a.csv", "text,label,valence\nhi,x,2\n", r"a\.csv:2: the valence '2'"),
        ("a.csv", "text,label,frustrated\nhi,x,maybe\n", r"a\.csv:2: frustrated is 'maybe'"),
        ("a.json", '[\n["a", "x"],\n["b" "x"]]', r"a\.json:3: not JSON"),
        ("a.json", '[["a", "x"], ["b"]]', r"a\.json: item 2: neither"),
        ("a.json", '[{"text": "a"}]', r"a\.json: item 1: the label is missing"),
        ("a.json", '{"text": ["a"], "label": []}', r"a\.json: 1 texts but 0 labels"),
        ("a.json", '{"train": [["a", "x"]]}', r"a\.json: .* it has train; choose splits"),
        ("a.jsonl", '["a", "x"]\n{"text": "b"', r"a\.jsonl:2: not JSON"),
        ("a.yml", "version: '3.1'\nnlu:\n- intent: x\n  examples: [", r"a\.yml:\d: .*"),
        ("a.yml", "version: '3.1'\nnlu:\n- intent: x\n  example: |\n    - hi\n", r"a\.yml:\d: "),
        ("a.yml", "version: '3.1'\nnlu:\n- intent: x\n  examples: |\n    hi\n", r"a\.yml: .*'-'"),
        ("a.yml", "version: '3.1'\nnlu: []\n", r"a\.yml: there is no labelled example"),
        ("a.txt", "hi", r"a\.txt: '\.txt' is none of"),
    ],
)  # fmt: skip
def test_one_line_says_what_is_wrong_and_where(tmp_path, name, content, said):
    with pytest.raises(EvaluationFailed, match=said) as failed:
        read_text(tmp_path, name, content)
    assert "\n" not in str(failed.value)


def test_a_split_that_is_not_there(tmp_path):
    with pytest.raises(EvaluationFailed, match=r"no split 'val' .*train"):
        read_text(tmp_path, "a.json", '{"train": [["a", "x"]]}', splits="#val")


def test_lines_that_do_not_match(tmp_path):
    (tmp_path / "seq.in").write_text("a\nb\n")
    (tmp_path / "label").write_text("x\n")
    with pytest.raises(EvaluationFailed, match=r"label:1: .* 2 texts and 1 labels"):
        read(Source.parse(".", relative_to=tmp_path))


def test_what_is_not_there_is_named_as_it_was_typed(tmp_path):
    with pytest.raises(EvaluationFailed, match=r"^nowhere\.csv: there is no such file"):
        read(Source.parse("nowhere.csv", relative_to=tmp_path))
    with pytest.raises(EvaluationFailed, match=r"neither 'seq\.in'"):
        read(Source.parse(".", relative_to=tmp_path))


def test_the_projects_own_data_can_be_read():
    root = Path(__file__).parents[2]
    found = read(Source("nlu_data", root / "nlu_data"))
    assert found.has_entities
    assert "out_of_scope" in found.labels
    assert found.shapes.lookups
