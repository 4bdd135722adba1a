"""Both databases fold texts in the same way."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from crm_store.database import Database
from crm_store.search.folding import runs, tokens
from crm_store.search.names import keys, name_words, nearest
from crm_store.texts import storable
from foundation.clock import utc_now


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Müller-Lüdenscheidt, ÉCOLE", ["muller", "ludenscheidt", "ecole"]),
        ("Straße Łódź Ærø", ["strasse", "lodz", "aero"]),
        ("МОСКВА Έλληνας", ["москва", "ελληνασ"]),
        ("我的手机坏了 iPhone手机", ["我", "的", "手", "机", "坏", "了", "iphone", "手", "机"]),
        ("한국어 배송", ["한국어", "배송"]),
        ("KF-1234567 a.b@example.com", ["kf", "1234567", "a", "b", "example", "com"]),
        ("👍 🎉 !!! \u200f—", []),
        ("ＡＢＣ ﬁn", ["abc", "fin"]),
    ],
)
def test_words_as_they_are_indexed(given_text: str, expected: list[str]) -> None:
    assert tokens(given_text) == expected


def test_what_stands_together_in_an_unspaced_script_is_a_phrase() -> None:
    assert runs("手机 iphone坏了") == [("手", "机"), ("iphone",), ("坏", "了")]


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@example("İstanbul ẞ ŉ ǆ ΐ ᾳ \u0345 ﷺ ㍍ ½ \U0001d400 à̖ 각 が か゛")
@given(st.text(max_size=60))
def test_postgresql_folds_as_python_does(postgres_store: Database, given_text: str) -> None:
    given_text = storable(given_text)
    with postgres_store.reading() as session:
        words = session.scalar(
            text("SELECT tsvector_to_array(kefu_words('m', :text, :at))"),
            {"text": given_text, "at": utc_now()},
        )
        names = session.scalars(text("SELECT kefu_name_words(:text)"), {"text": given_text}).all()
    month = utc_now().strftime("d%Y%m")
    assert set(words or []) == {f"m{token}" for token in tokens(given_text)} | {month}
    assert sorted(names) == name_words(given_text)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet="abcdeäéö名", min_size=1, max_size=15))
def test_postgresql_makes_the_same_keys(postgres_store: Database, word: str) -> None:
    with postgres_store.reading() as session:
        made = session.scalars(text("SELECT kefu_name_keys(:word)"), {"word": word}).all()
    assert sorted(set(made)) == keys(word)


@given(st.text(alphabet="abcdefgh", min_size=4, max_size=10), st.data())
def test_any_one_error_leaves_a_key_in_common(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    wrong = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + "x" + word[at:],
                word[:at] + "x" + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )
    assert set(keys(word)) & set(keys(wrong))


def test_the_nearest_word_comes_first() -> None:
    assert nearest("schmidt", ["schmitt", "smith", "schmid", "xchmidt"], 3) == [
        "schmid",
        "schmitt",
        "xchmidt",
    ]
    assert nearest("ann", ["ann", "anne", "hanna"], 3) == ["anne"]
