"""Sealing and opening: everything comes back, nothing else does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_store.crypto import CannotDecrypt, Keyring
from crm_store.crypto.sealed import PREFIX, is_sealed

OLD, NEW = {"k1": bytes(range(32))}, {"k2": bytes(range(1, 33))}
EMAIL = "anna@example.com"
COLUMN = "customers.email"
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300)


@pytest.fixture(scope="module")
def keyring() -> Keyring:
    return Keyring(OLD)


@given(text=texts, indexed=st.booleans())
def test_what_is_sealed_comes_back(text: str, indexed: bool) -> None:
    keyring = Keyring(OLD)
    stored = keyring.seal(text, COLUMN, indexed=indexed)
    assert is_sealed(stored)
    assert keyring.open(stored, COLUMN) == text


@given(text=texts)
def test_what_is_not_sealed_is_from_before(text: str) -> None:
    if not text.startswith(PREFIX):
        assert Keyring(OLD).open(text, COLUMN) == text


def test_no_two_are_alike_but_their_index_is(keyring: Keyring) -> None:
    first, second = (keyring.seal(EMAIL, COLUMN, indexed=True) for _ in range(2))
    assert first != second
    assert first.split(":")[1] == second.split(":")[1] == keyring.indexes(EMAIL, COLUMN)[0]
    assert EMAIL not in first
    assert keyring.seal(EMAIL, COLUMN).split(":")[1] == ""


def test_the_index_does_not_mind_how_it_is_typed(keyring: Keyring) -> None:
    assert keyring.indexes(f"  {EMAIL.upper()} ", COLUMN) == keyring.indexes(EMAIL, COLUMN)
    assert keyring.indexes(EMAIL, "leads.email") != keyring.indexes(EMAIL, COLUMN)


@given(place=st.integers(min_value=0), others=st.permutations("abcdef0123456789:+/=Z"))
def test_any_change_is_refused(place: int, others: list[str]) -> None:
    # What is drawn must not depend on the seal, which is another one each time.
    stored = Keyring(OLD).seal(EMAIL, COLUMN, indexed=True)
    at = len(PREFIX) + place % (len(stored) - len(PREFIX))
    other = next(one for one in others if one != stored[at])
    with pytest.raises(CannotDecrypt):
        Keyring(OLD).open(stored[:at] + other + stored[at + 1 :], COLUMN)


@given(length=st.integers(len(PREFIX), 120))
def test_a_cut_value_is_refused(length: int) -> None:
    stored = Keyring(OLD).seal(EMAIL, COLUMN, indexed=True)
    if length < len(stored):
        with pytest.raises(CannotDecrypt):
            Keyring(OLD).open(stored[:length], COLUMN)


def test_another_column_another_key_and_no_key_are_refused(keyring: Keyring) -> None:
    stored = keyring.seal(EMAIL, COLUMN)
    for ring, column, reason in (
        (keyring, "customers.phone", "changed or damaged"),
        (Keyring({"k1": bytes(32)}), COLUMN, "changed or damaged"),
        (Keyring(NEW), COLUMN, "no such key"),
    ):
        with pytest.raises(CannotDecrypt) as refused:
            ring.open(stored, column)
        detail = refused.value.detail
        assert column in detail
        assert "'k1'" in detail
        assert reason in detail
        assert EMAIL not in detail
        assert stored not in detail


def test_the_newest_seals_and_all_open() -> None:
    before = Keyring(OLD).seal(EMAIL, COLUMN, indexed=True)
    both = Keyring(NEW | OLD)
    assert both.open(before, COLUMN) == EMAIL
    assert both.seal(EMAIL, COLUMN).startswith(f"{PREFIX}:k2:")
    assert both.indexes(EMAIL, COLUMN)[1] == before.split(":")[1]


def test_a_new_key_is_met_in_a_value() -> None:
    known = dict(OLD)
    running = Keyring(OLD, reread=lambda: known)
    known = NEW | OLD
    assert running.open(Keyring(NEW).seal(EMAIL, COLUMN), COLUMN) == EMAIL
    assert running.newest.id == "k2"


def test_a_lookup_knows_a_new_key_at_once() -> None:
    running = Keyring(OLD, reread=lambda: NEW | OLD)
    assert len(running.indexes(EMAIL, COLUMN)) == 2


def test_threads_do_not_get_in_each_others_way(keyring: Keyring) -> None:
    def work(number: int) -> bool:
        text = f"{number}@example.com"
        return all(
            keyring.open(keyring.seal(text, COLUMN, indexed=True), COLUMN) == text
            for _ in range(200)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))


def test_a_ring_needs_a_key() -> None:
    with pytest.raises(ValueError, match="needs a key"):
        Keyring({})


@given(st.lists(st.none() | st.text(max_size=30), max_size=20), st.booleans())
def test_many_at_once_are_sealed_as_one_by_one(texts: list[str | None], indexed: bool) -> None:
    keyring = Keyring({"k1": bytes(range(32))})
    sealed = keyring.seal_all(texts, "customers.email", indexed=indexed)
    opened = [None if one is None else keyring.open(one, "customers.email") for one in sealed]
    assert opened == texts
    one_by_one = [
        text if text is None else keyring.seal(text, "customers.email", indexed=indexed)
        for text in texts
    ]
    heads = [[one and one.rpartition(":")[0] for one in many] for many in (sealed, one_by_one)]
    assert heads[0] == heads[1]
    assert len({one for one in sealed if one}) == len([one for one in sealed if one])
