"""`kefu doctor`: what is there, what is missing, and how to mend it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import typer

from foundation.errors import KefuError
from foundation.settings import Settings, load_settings
from kefu.cli.context import JsonFlag, open_store, out, print_json
from kefu.model_archive import is_tuned, why_unusable
from kefu.project import ASSISTANT_BIN, CONFIG, MODEL, ROOT
from kefu.quick import is_quick
from kefu.supervision.ports import require_free_ports

_FREE_GB = 1.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str


def doctor(json: JsonFlag = False) -> None:
    """Look at everything that a running installation needs."""
    settings = load_settings()
    findings = list(_examine(settings))
    if json:
        print_json({"items": [vars(finding) for finding in findings]})
    else:
        for finding in findings:
            mark = "[green]✓[/green]" if finding.ok else "[red]✗[/red]"
            out.print(f"{mark} {finding.what}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _examine(settings: Settings) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info[:2] == (3, 11), python)
    yield _present("assistant runtime", (ASSISTANT_BIN / "rasa").exists(), "make setup")
    yield _model()
    for name in ("widget/dist/kefu-widget.js", "console/dist/index.html"):
        yield _present(f"web/{name}", (ROOT / "web" / name).is_file(), "make setup")
    free = shutil.disk_usage(ROOT).free / 1e9
    yield Finding("disk", free >= _FREE_GB, f"{free:.1f} GB free")
    yield _tried("database", lambda: _open(settings))
    yield _secrets(settings)
    yield _tried("ports", lambda: require_free_ports(settings))


def _open(settings: Settings) -> None:
    with open_store(settings):
        pass


def _present(what: str, there: bool, remedy: str) -> Finding:
    return Finding(what, there, "present" if there else f"missing: run `{remedy}`")


def _model() -> Finding:
    if not MODEL.is_file():
        return _present("trained model", False, "kefu train")
    reason = why_unusable(MODEL)
    if reason:
        return Finding("trained model", False, f"{reason}: run `kefu train`")
    if is_tuned(MODEL):
        return Finding("trained model", True, "tuned")
    quick = is_quick(MODEL, CONFIG)
    return Finding("trained model", True, "quick: `kefu train` tunes it" if quick else "present")


def _tried(what: str, act: Callable[[], None]) -> Finding:
    try:
        act()
    except KefuError as error:
        return Finding(what, False, error.detail)
    return Finding(what, True, "in order")


def _secrets(settings: Settings) -> Finding:
    path = settings.secrets_file
    if not path.is_file():
        return Finding("secrets", True, "made at the first start")
    mode = path.stat().st_mode & 0o777
    wanted = mode == 0o600
    return Finding(
        "secrets", wanted, "private" if wanted else f"mode is {mode:o}: chmod 600 {path}"
    )
