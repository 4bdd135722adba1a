"""Mappings as files."""

from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from crm_store.importing.errors import BadMapping
from crm_store.importing.mapping.model import Mapping
from crm_store.importing.mapping.propose import Proposal

_MAX_BYTES = 1_000_000


def load_mapping(path: Path, *, target: str | None = None) -> Mapping:
    """The mapping in a YAML file.

    Args:
        path: the file.
        target: what the rows are, where the file does not say it under ``as``.

    Raises:
        BadMapping: not readable, or not a mapping; the detail names the place.
    """
    if not path.is_file():
        raise BadMapping(f"{path.name}: no such mapping file")
    if path.stat().st_size > _MAX_BYTES:
        raise BadMapping(f"{path.name}: too large for a mapping")
    try:
        values = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8-sig"))
    except (YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        raise BadMapping(f"{path.name}: not YAML{where}") from None
    return mapping_of(values, target=target)


def mapping_of(values: Any, *, target: str | None) -> Mapping:
    """The mapping in plain values; ``as`` names the target.

    Raises:
        BadMapping: something is wrong or missing; the detail names it.
    """
    if isinstance(values, dict):
        named = values.get("as") or target
        if target and named != target:
            raise BadMapping(f"as: the mapping is for {str(named)[:40]}, not for {target}")
        values = {key: value for key, value in values.items() if key != "as"}
        values["target"] = named
    return Mapping.read(values)


def write_mapping(mapping: Mapping, proposal: Proposal | None = None) -> str:
    """The mapping as YAML; a proposal's certainty and its doubts stand beside the columns."""
    yaml = YAML()
    yaml.width = 100
    values = mapping.model_dump(mode="json", exclude_defaults=True, exclude={"target", "columns"})
    plain = {
        name: column.model_dump(mode="json", exclude_defaults=True)
        for name, column in mapping.columns.items()
    }
    document = {"as": mapping.target, "columns": plain} | values
    stream = StringIO()
    yaml.dump(document, stream)
    lines = [stream.getvalue()]
    if proposal is not None:
        lines.insert(0, "".join(f"# {line}\n" for line in proposal.remarks()))
    return "".join(lines)
