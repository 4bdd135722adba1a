import pytest

from bot.readable import readable


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("/restart", ":restart"),
        (" \n/greet{}", "  :greet{}"),
        ("either/or", "either/or"),
        ("a\x00b\x1b[31m", "a b [31m"),
    ],
)
def test_commands_and_control_characters_are_shielded_in_place(text, read):
    assert readable(text) == read
    assert len(readable(text)) == len(text)
