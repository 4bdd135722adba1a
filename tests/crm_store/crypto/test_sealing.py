"""Sealing rows in another process, which gets its key through a pipe."""

import pickle

import pytest

from crm_store.crypto import Keyring
from crm_store.crypto.sealed import index_of
from crm_store.crypto.sealing import Sealing

STREET, EMAIL = "customers.street", "customers.email"
COLUMNS = {
    "street": ["Lindenweg 1", "Lindenweg 1", None],
    "email": ["anna@example.com", None, "li@example.com"],
    "name": ["Anna", "Bo", "Li"],
}


@pytest.fixture
def keyring() -> Keyring:
    return Keyring({"k1": bytes(range(32))})


@pytest.fixture
def sealing(keyring: Keyring) -> Sealing:
    """As a child has it."""
    made = Sealing(keyring.newest, {"street": (STREET, False), "email": (EMAIL, True)})
    sent: Sealing = pickle.loads(pickle.dumps(made))
    return sent


def test_each_row_has_its_form_at_its_place(keyring: Keyring, sealing: Sealing) -> None:
    sealed = sealing.sealed(COLUMNS)
    assert set(sealed) == {"street", "email"}
    for name, column in (("street", STREET), ("email", EMAIL)):
        opened = [form and keyring.open(form, column) for form in sealed[name]]
        assert opened == COLUMNS[name]


def test_equal_texts_do_not_look_equal(sealing: Sealing) -> None:
    first, second, _ = sealing.sealed(COLUMNS)["street"]
    assert first != second


def test_it_carries_the_index_that_the_keyring_asks_for(keyring: Keyring, sealing: Sealing) -> None:
    form = sealing.sealed(COLUMNS)["email"][0]
    assert form is not None
    assert [index_of(form)] == keyring.index_all(["anna@example.com"], EMAIL)
    assert [index_of(form)] == keyring.indexes("anna@example.com", EMAIL)


def test_keys_do_not_show(keyring: Keyring, sealing: Sealing) -> None:
    assert keyring.newest.encryption_key.hex() not in repr(sealing)
    assert "encryption_key" not in repr(sealing)
