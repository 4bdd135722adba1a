import pytest

from bot.components.sentences import pieces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("where is my order", []),
        ("Where is it?", []),
        ("Hi! Where is my order?", ["Hi!", "Where is my order?"]),
        ("I waited a week. Nothing came", ["I waited a week.", "Nothing came"]),
        ("first line\n\nsecond line", ["first line", "second line"]),
        ("It cost 3.50 at a.com", []),
        ("what?! ... !!", []),
        ("", []),
        ('He said "go." I went.', ['He said "go.', "I went."]),
        ("a. b. c. d. e. f. g. h.", ["a.", "b.", "c.", "d.", "e.", "f."]),
    ],
)
def test_sentences(text, found):
    assert pieces(text) == found
