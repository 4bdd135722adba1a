"""Trained numbers inside Rasa's model archive: safetensors for arrays, JSON for the rest.

No pickle: an archive may come from elsewhere, and unpickling runs what it says.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from bot.components.errors import ModelDamaged

_ARRAYS = "arrays.safetensors"
_META = "meta.json"

Arrays = dict[str, NDArray[Any]]


def save(
    storage: ModelStorage,
    resource: Resource,
    *,
    arrays: Mapping[str, NDArray[Any]],
    meta: Mapping[str, Any],
) -> None:
    """Writes a component's arrays and its description into the archive."""
    with storage.write_to(resource) as folder:
        write(folder, arrays=arrays, meta=meta)


def write(folder: Path, *, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Writes them into a folder, as `load` reads them from an archive's."""
    save_file({name: np.ascontiguousarray(a) for name, a in arrays.items()}, folder / _ARRAYS)
    (folder / _META).write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")


def load(
    storage: ModelStorage, resource: Resource, *, arrays: Iterable[str], meta: Iterable[str]
) -> tuple[Arrays, dict[str, Any]]:
    """Reads what `save` wrote, and checks that the named parts are there.

    Raises:
        ModelDamaged: a file or a part is missing or cut short. A component never goes on
            untrained: it would answer every customer wrongly and look healthy.
    """
    try:
        with storage.read_from(resource) as folder:
            loaded: Arrays = load_file(folder / _ARRAYS)
            description: dict[str, Any] = json.loads((folder / _META).read_text(encoding="utf-8"))
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelDamaged(
            f"The trained part '{resource.name}' of the model cannot be read ({error}); train again"
        ) from error
    missing = [*(set(arrays) - loaded.keys()), *(set(meta) - description.keys())]
    if missing:
        raise ModelDamaged(
            f"The trained part '{resource.name}' of the model lacks {', '.join(sorted(missing))}; "
            "train again"
        )
    return loaded, description
