"""The quick model: what config.yml says, with the encoder left as it is.

Tuning takes most of the time of a training. A model without it is there in a tenth of that time, so
set-up trains it first.
"""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from kefu.model_archive import is_tuned

_OPTION = "tune"


def write_quick(config: Path, copy: Path) -> None:
    """Writes a copy of the configuration in which no component tunes.

    Paths in it stay as they are: they are read from the project's folder, wherever the copy lies.
    """
    yaml = _yaml()
    described = yaml.load(config)
    for component in _components(described):
        if component.get(_OPTION):
            component[_OPTION] = False
    with copy.open("w", encoding="utf-8") as file:
        yaml.dump(described, file)


def is_quick(archive: Path, config: Path) -> bool:
    """Whether the archive is less than config.yml asks for: not tuned, though it says ``tune``.

    False too when the configuration cannot be read: then there is nothing to be trained from.
    """
    try:
        described = _yaml().load(config)
    except (OSError, UnicodeDecodeError, YAMLError):
        return False
    return any(one.get(_OPTION) for one in _components(described)) and not is_tuned(archive)


def _components(described: Any) -> list[dict[str, Any]]:
    pipeline = described.get("pipeline") if isinstance(described, dict) else None
    return [one for one in pipeline or [] if isinstance(one, dict)]


def _yaml() -> YAML:
    # YAML 1.2, as Rasa reads it: to older readers `language: no` is false.
    return YAML(typ="safe", pure=True)
