"""The catalogue that the platform writes beside its database, read again when it changes."""

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.components.entities.catalogue import Catalogue, ProductName

logger = logging.getLogger(__name__)

VERSION = 1
_EVERY_SECONDS = 1.0
_MOST_BYTES = 64 * 1024 * 1024
_MOST_CHARS = 300

Make = Callable[[list[ProductName], list[str]], Catalogue]
State = tuple[int, int, int]


class CatalogueUnreadable(ValueError):
    """The file is not a catalogue; the message says what is wrong, in one line."""


class CatalogueFile:
    """The newest catalogue of a file, and the one from training until there is a file."""

    def __init__(
        self,
        path: Path | None,
        fallback: Catalogue,
        make: Make,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look at nothing yet.

        Args:
            path: the file; None where this process is told of no folder.
            fallback: what is known from training.
            make: makes the index of a catalogue's products and kinds.
            clock: seconds, only ever growing.
        """
        self._path = path
        self._catalogue = fallback
        self._make = make
        self._clock = clock
        self._looked = -_EVERY_SECONDS
        self._state: State | None = None

    def current(self) -> Catalogue:
        """The catalogue to use now; looks at the file at most once a second.

        A file that is damaged or gone leaves the last good catalogue, and one line in the log.
        """
        now = self._clock()
        if self._path is None or now - self._looked < _EVERY_SECONDS:
            return self._catalogue
        self._looked = now
        try:
            found = self._path.stat()
        except OSError:
            if self._state is not None:
                logger.warning("%s is gone; the catalogue read last is kept.", self._path)
            self._state = None
            return self._catalogue
        state = (found.st_mtime_ns, found.st_size, found.st_ino)
        if state != self._state:
            self._state = state
            self._read(self._path)
        return self._catalogue

    def _read(self, path: Path) -> None:
        try:
            products, kinds = read_catalogue(path)
        except (OSError, CatalogueUnreadable) as error:
            logger.warning("%s cannot be used (%s); the last good catalogue is kept.", path, error)
            return
        self._catalogue = self._make(products, kinds)
        logger.info("Read %d products from %s.", len(products), path)


def read_catalogue(path: Path) -> tuple[list[ProductName], list[str]]:
    """The products, and the names and synonyms of the categories.

    Raises:
        OSError: it cannot be read.
        CatalogueUnreadable: it is not what the platform writes.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise CatalogueUnreadable(f"larger than {_MOST_BYTES} bytes")
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise CatalogueUnreadable("not JSON, or cut short") from error
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise CatalogueUnreadable(f"not a catalogue of version {VERSION}")
    products = [
        ProductName(_text(item, "name"), _text(item, "sku")) for item in _items(data, "products")
    ]
    kinds: list[str] = []
    for item in _items(data, "categories"):
        synonyms = item.get("synonyms", [])
        if not isinstance(synonyms, list):
            raise CatalogueUnreadable("synonyms: not a list")
        kinds += [_text(item, "name"), *(_text({"synonym": word}, "synonym") for word in synonyms)]
    return products, kinds


def _items(data: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = data.get(name)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise CatalogueUnreadable(f"{name}: not a list of objects")
    return items


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_CHARS:
        raise CatalogueUnreadable(f"{name}: not a text of 1 to {_MOST_CHARS} characters")
    return value
