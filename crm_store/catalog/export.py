"""The catalogue as a file, from which the assistant knows the names of what is sold.

The assistant runs in a runtime of its own and imports nothing of ours; it reads the file again
when it changes, so that a new product is understood without training.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from crm_store.catalog.service import CatalogService
from crm_store.database import Database

CATALOGUE_FILE = "catalogue.json"
"""Its name, in the folder of the settings' ``var``."""

_VERSION = 1


def write_catalogue(database: Database, path: Path) -> int:
    """Write the file if the shop changed; whoever reads it sees the old or the new one, whole.

    A shop without products and categories is not written: there is nothing to recognise yet.

    Returns:
        How many products were written; 0 where the file was right already.
    """
    with database.reading() as session:
        catalog = CatalogService(session)
        products: list[dict[str, Any]] = [
            {"sku": sku, "name": name} for sku, name in catalog.names()
        ]
        categories: list[dict[str, Any]] = [
            {"slug": category.slug, "name": category.name, "synonyms": list(category.synonyms)}
            for category in catalog.categories()
        ]
    if not products and not categories:
        return 0
    content = {"version": _VERSION, "products": products, "categories": categories}
    data = json.dumps(content, ensure_ascii=False, indent=1).encode()
    if path.is_file() and path.read_bytes() == data:
        return 0
    _replace(path, data)
    return len(products)


def _replace(path: Path, data: bytes) -> None:
    # Readable by the owner alone, as everything in this folder.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
