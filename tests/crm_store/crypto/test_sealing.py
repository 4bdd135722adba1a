"""Sealing ahead of time, in another process."""

import pickle

import pytest

from crm_store.crypto import Keyring
from crm_store.crypto.sealed import index_of
from crm_store.crypto.sealing import SealedAhead, Sealing

STREET, EMAIL = "customers.street", "customers.email"
ROWS = [
    {"street": "Lindenweg 1", "email": "anna@example.com"},
    {"street": "Lindenweg 1"},
    {"email": "li@example.com"},
]


@pytest.fixture
def keyring() -> Keyring:
    return Keyring({"k1": bytes(range(32))})


@pytest.fixture
def ahead(keyring: Keyring) -> SealedAhead:
    """What a child has sealed, after its way through the pipe."""
    sealing = Sealing(keyring.newest, {"street": (STREET, False), "email": (EMAIL, True)})
    sent: Sealing = pickle.loads(pickle.dumps(sealing))
    made: SealedAhead = pickle.loads(pickle.dumps(sent.ahead(ROWS)))
    return made


def test_what_was_sealed_ahead_is_used(keyring: Keyring, ahead: SealedAhead) -> None:
    form = ahead.forms[EMAIL]["anna@example.com"]
    assert keyring.seal_all(["anna@example.com"], EMAIL, indexed=True, ahead=ahead) == [form]
    assert keyring.open(form, EMAIL) == "anna@example.com"


def test_equal_texts_do_not_look_equal(keyring: Keyring, ahead: SealedAhead) -> None:
    texts = ["Lindenweg 1", None, "Lindenweg 1", "Hauptstr. 2"]
    sealed = keyring.seal_all(texts, STREET, ahead=ahead)
    assert [one and keyring.open(one, STREET) for one in sealed] == texts
    assert len({one for one in sealed if one}) == 3
    again = keyring.seal_all(texts, STREET, ahead=ahead)
    assert not {one for one in again if one} & {one for one in sealed if one}


def test_under_a_newer_key_it_is_sealed_anew(ahead: SealedAhead) -> None:
    rotated = Keyring({"k2": bytes(range(1, 33)), "k1": bytes(range(32))})
    sealed = rotated.seal_all(["anna@example.com"], EMAIL, indexed=True, ahead=ahead)
    assert sealed[0] is not None
    assert ":k2:" in sealed[0]
    assert rotated.index_all(["anna@example.com"], EMAIL, ahead=ahead) == [index_of(sealed[0])]


def test_indexes_are_the_same_ahead_or_not(keyring: Keyring, ahead: SealedAhead) -> None:
    texts = ["anna@example.com", "nobody@example.com"]
    found = keyring.index_all(texts, EMAIL, ahead=ahead)
    assert found == keyring.index_all(texts, EMAIL)
    assert found == [keyring.indexes(text, EMAIL)[0] for text in texts]


def test_keys_do_not_show(keyring: Keyring) -> None:
    sealing = Sealing(keyring.newest, {"street": (STREET, False)})
    assert keyring.newest.encryption_key.hex() not in repr(sealing)
    assert "encryption_key" not in repr(sealing)
