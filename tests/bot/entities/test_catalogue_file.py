"""The catalogue's file: read again when it changes, and never worse than what was known."""

import json
import logging
import os

import pytest

from bot.components.entities.catalogue import Catalogue, ProductName
from bot.components.entities.catalogue_file import (
    CatalogueFile,
    CatalogueUnreadable,
    read_catalogue,
)

FALLBACK = Catalogue([ProductName("Oldpath 1 backpack")], [], frozenset())


def content(*names):
    return {
        "version": 1,
        "products": [{"sku": f"SKU-{name}", "name": name} for name in names],
        "categories": [{"slug": "tents", "name": "Tents", "synonyms": ["bivvy"]}],
    }


@pytest.fixture
def path(tmp_path):
    return tmp_path / "catalogue.json"


@pytest.fixture
def file(path):
    """A `CatalogueFile`; ``file.seconds`` is its clock."""

    class Timed(CatalogueFile):
        seconds = 0.0

        def names(self):
            return [product.name for product in self.current().products]

    timed = Timed(
        path,
        FALLBACK,
        lambda products, kinds: Catalogue(products, kinds, frozenset()),
        clock=lambda: timed.seconds,
    )
    return timed


def write(path, data):
    """Replaces the file, as the platform does."""
    new = path.with_suffix(".new")
    new.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    os.replace(new, path)


def test_until_there_is_a_file_the_names_from_training_count(file):
    assert file.names() == ["Oldpath 1 backpack"]


def test_a_new_product_is_known_a_second_later(file, path):
    write(path, content("Mosspath 18 backpack"))
    assert file.names() == ["Mosspath 18 backpack"]
    write(path, content("Mosspath 18 backpack", "Newfell 2 tent"))
    file.seconds = 0.5
    assert file.names() == ["Mosspath 18 backpack"]
    file.seconds = 1.0
    assert file.names() == ["Mosspath 18 backpack", "Newfell 2 tent"]


def test_what_did_not_change_is_not_read_again(file, path):
    write(path, content("Mosspath 18 backpack"))
    first = file.current()
    file.seconds = 60.0
    assert file.current() is first


@pytest.mark.parametrize(
    "damaged",
    ["", "{", '{"version": 1', "[]", '{"version": 2, "products": [], "categories": []}',
     '{"version": 1, "products": {}, "categories": []}',
     '{"version": 1, "products": [{"sku": "x"}], "categories": []}',
     '{"version": 1, "products": [{"sku": "x", "name": 7}], "categories": []}',
     '{"version": 1, "products": [], "categories": [{"name": "x", "synonyms": "y"}]}',
     "[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_keeps_the_last_good_catalogue_and_says_so_once(file, path, caplog, damaged):
    write(path, content("Mosspath 18 backpack"))
    file.current()
    write(path, damaged)
    with caplog.at_level(logging.WARNING):
        for second in (2.0, 4.0, 6.0):
            file.seconds = second
            assert file.names() == ["Mosspath 18 backpack"]
    assert len(caplog.records) == 1
    assert str(path) in caplog.text
    with pytest.raises(CatalogueUnreadable):
        read_catalogue(path)
    write(path, content("Newfell 2 tent"))
    file.seconds = 8.0
    assert file.names() == ["Newfell 2 tent"]


def test_a_file_that_is_gone_keeps_the_last_good_catalogue_and_says_so_once(file, path, caplog):
    write(path, content("Mosspath 18 backpack"))
    file.current()
    path.unlink()
    with caplog.at_level(logging.WARNING):
        for second in (2.0, 4.0):
            file.seconds = second
            assert file.names() == ["Mosspath 18 backpack"]
    assert len(caplog.records) == 1


def test_without_a_folder_there_is_only_training():
    alone = CatalogueFile(None, FALLBACK, lambda products, kinds: FALLBACK)
    assert alone.current() is FALLBACK


def test_kinds_are_names_and_synonyms(path):
    write(path, content("Mosspath 18 backpack"))
    products, kinds = read_catalogue(path)
    assert products == [ProductName("Mosspath 18 backpack", "SKU-Mosspath 18 backpack")]
    assert kinds == ["Tents", "bivvy"]
