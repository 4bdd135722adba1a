"""Names in the form in which they are compared."""

import pytest

from crm_store.linkage.names import read_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller, Hans", "Dr. Hans Mueller"),
        ("HANS MULLER", "Hans Müller"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Sinéad O’Neil", "Sinead ONeil"),
        ("Ｙｕｋｉ Tanaka", "Yuki Tanaka"),
    ],
)
def test_two_ways_of_writing_a_name_are_one(one: str, other: str) -> None:
    assert read_name(one) == read_name(other)


def test_a_swapped_name_has_the_same_key() -> None:
    assert read_name("Tanaka Yuki").key == read_name("Yuki Tanaka").key


def test_a_chinese_name_begins_with_the_family() -> None:
    name = read_name("王小明")
    assert (name.family, name.given) == ("王", "小明")


def test_a_generation_is_no_family_name() -> None:
    name = read_name("Robert Downey Jr.")
    assert (name.family, name.generation) == ("downey", "2")


@pytest.mark.parametrize("text", ["", "  ", "...", "123"])
def test_what_is_no_name_has_no_parts(text: str) -> None:
    assert read_name(text).key is None
