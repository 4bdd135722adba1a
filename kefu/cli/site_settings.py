"""`kefu site show` and `kefu site set`: how the widget behaves on a site, as a file."""

import json as json_format
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from crm_store.sites.configuration import ConfiguredSite, SiteConfiguration
from foundation.errors import Invalid
from kefu.cli.context import OPERATOR, JsonFlag, open_store, out, print_json

_MAX_BYTES = 1_000_000


def show(site_key: str, json: JsonFlag = False) -> None:
    """Print a site's settings, in the form that `kefu site set --file` takes."""
    with open_store() as database, database.reading() as session:
        settings = _document(SiteConfiguration(session).show(site_key, asker=OPERATOR))
    if json:
        print_json(settings)
        return
    text = StringIO()
    _yaml().dump(settings, text)
    out.print(text.getvalue().rstrip(), markup=False, highlight=False, soft_wrap=True)


def configure(
    site_key: str,
    file: Annotated[Path, typer.Option(help="JSON or YAML; what it leaves out stays.")],
) -> None:
    """Set what a file says; visitors see it within a minute."""
    changes = _read(file)
    with open_store() as database, database.transaction() as session:
        changed = SiteConfiguration(session).change(site_key, changes, asker=OPERATOR)
        version = changed.site.version
    out.print(f"{site_key} is set (version {version})", markup=False)


def _document(configured: ConfiguredSite) -> dict[str, Any]:
    return {
        "calendar": configured.calendar,
        "identity_required": configured.site.identity_required,
        "shares_customers": configured.site.shares_customers,
        **configured.settings.stored(),
    }


def _read(path: Path) -> dict[str, Any]:
    """The document in a file.

    Raises:
        Invalid: not there, too large, or neither JSON nor YAML.
    """
    if not path.is_file() or path.stat().st_size > _MAX_BYTES:
        raise Invalid(f"{path.name}: no such file, or more than {_MAX_BYTES:,} bytes")
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = json_format.loads(text) if path.suffix == ".json" else _yaml().load(text)
    except (YAMLError, UnicodeDecodeError, json_format.JSONDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else getattr(error, "lineno", None)
        raise Invalid(f"{path.name}: not readable{f' at line {line}' if line else ''}") from None
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise Invalid(f"{path.name}: settings by their names are expected")
    return values


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as None
    return yaml
