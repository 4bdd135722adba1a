import pytest

from bot.components import sentiment_data
from bot.components.errors import TrainingDataUnusable
from bot.components.sentiment_data import Sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("text,label\nfine,good\n", r"a\.csv:2: 'good' is none of"),
        ("text,label\nfine,positive\n ,neutral\n", r"a\.csv:3: the text is empty"),
        ("sentence,label\nfine,positive\n", r"a\.csv:1: the columns"),
        ("", r"a\.csv:1: the columns"),
        ("text,label,frustrated\nfine,negative,maybe\n", r"a\.csv:2: frustrated is 'maybe'"),
        ("text,label,frustrated\nfine,positive,yes\n", r"a\.csv:2: a frustrated sentence"),
        ("text,label\nfine,positive\n", r"lacks negative, neutral"),
    ],
)
def test_the_file_and_the_line_are_named(tmp_path, content, said):
    (tmp_path / "a.csv").write_text(content)
    with pytest.raises(TrainingDataUnusable, match=said):
        sentiment_data.read(str(tmp_path))


def test_a_missing_folder_is_named():
    with pytest.raises(TrainingDataUnusable, match="no CSV file in 'nowhere'"):
        sentiment_data.read("nowhere")


def test_all_files_are_read(tmp_path):
    (tmp_path / "b.csv").write_text("text,label\nbad,negative\n")
    (tmp_path / "a.csv").write_text('text,label\n"good, really",positive\nso so,neutral\n')
    (tmp_path / "c.csv").write_text("text,label,frustrated\nenough,negative,yes\n")
    assert sentiment_data.read(str(tmp_path)) == [
        Sentence("good, really", "positive"),
        Sentence("so so", "neutral"),
        Sentence("bad", "negative"),
        Sentence("enough", "negative", frustrated=True),
    ]
