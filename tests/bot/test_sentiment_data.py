import pytest

from bot.components import sentiment_data
from bot.components.errors import TrainingDataUnusable


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("text,label\nfine,good\n", r"a\.csv:2: 'good' is none of"),
        ("text,label\nfine,positive\n ,neutral\n", r"a\.csv:3: the text is empty"),
        ("sentence,label\nfine,positive\n", r"a\.csv:1: the columns"),
        ("", r"a\.csv:1: the columns"),
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
    assert sentiment_data.read(str(tmp_path)) == (
        ["good, really", "so so", "bad"],
        ["positive", "neutral", "negative"],
    )
