"""The catalogue's file for the assistant."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from crm_store.catalog.export import CATALOGUE_FILE, write_catalogue
from crm_store.database import Database
from crm_store.models import Product
from tests.factories import make_category, make_product


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / CATALOGUE_FILE


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def test_what_is_sold_is_in_it(database: Database, file: Path) -> None:
    with database.transaction() as session:
        tents = make_category(session, slug="tents", name="Tents", synonyms=["tent", "bivvy"])
        make_product(session, sku="TNT-2", name="Winterwren −6 tent", category_id=tents.id)
        make_product(session, sku="TNT-1", name="Ridge tent", category_id=tents.id)
        make_product(session, sku="OLD-1", name="Old tent", category_id=tents.id, active=False)
    assert write_catalogue(database, file) == 2
    assert read(file) == {
        "version": 1,
        "products": [
            {"sku": "TNT-1", "name": "Ridge tent"},
            {"sku": "TNT-2", "name": "Winterwren −6 tent"},
        ],
        "categories": [{"slug": "tents", "name": "Tents", "synonyms": ["tent", "bivvy"]}],
    }
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(file.parent.glob(f".{CATALOGUE_FILE}*"))


def test_it_is_written_when_the_shop_changes_and_only_then(database: Database, file: Path) -> None:
    with database.transaction() as session:
        make_product(session, sku="TNT-1", name="Ridge tent")
    assert write_catalogue(database, file) == 1
    before = file.stat()
    assert write_catalogue(database, file) == 0
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    with database.transaction() as session:
        make_product(session, sku="TNT-2", name="Valley tent")
    assert write_catalogue(database, file) == 2
    assert file.stat().st_ino != before.st_ino  # replaced, never half written
    with database.transaction() as session:
        session.execute(update(Product).where(Product.sku == "TNT-1").values(active=False))
    assert write_catalogue(database, file) == 1
    assert [product["sku"] for product in read(file)["products"]] == ["TNT-2"]


def test_an_empty_shop_is_not_written(database: Database, file: Path) -> None:
    assert write_catalogue(database, file) == 0
    assert not file.exists()


def test_a_damaged_file_is_written_anew(database: Database, file: Path) -> None:
    with database.transaction() as session:
        make_product(session, sku="TNT-1", name="Ridge tent")
    write_catalogue(database, file)
    file.write_bytes(file.read_bytes()[:-20])
    assert write_catalogue(database, file) == 1
    assert read(file)["version"] == 1


def test_a_folder_that_is_not_there_is_an_error(database: Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        make_product(session)
    with pytest.raises(OSError, match="nowhere"):
        write_catalogue(database, tmp_path / "nowhere" / CATALOGUE_FILE)
