"""`kefu db backup`, `restore` and `check`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from crm_store.backup.archive import ATTACHMENTS
from crm_store.backup.checking import check_backup
from crm_store.backup.finishing import finish_restore
from crm_store.backup.making import Progress as Told
from crm_store.backup.making import make_backup
from crm_store.backup.placing import place_backup
from crm_store.checking import check_store
from foundation.errors import KefuError, NotFound
from foundation.settings import load_settings
from kefu.cli.context import (
    OPERATOR,
    JsonFlag,
    keep_files_private,
    open_store,
    out,
    print_json,
    settings_with_secrets,
)


class StoreIsUnsound(KefuError):
    """Something in the store is not as it should be."""

    code = "store_unsound"
    title = "The store is not sound"


def backup(
    folder: Annotated[
        Path | None, typer.Argument(help="For this installation's backups alone.")
    ] = None,
    keep: Annotated[
        int | None, typer.Option(min=1, help="So many backups stay, this one included.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Back the store up while it serves: encrypted, and opened again before it counts."""
    settings = settings_with_secrets()
    with open_store(settings) as database, _steps(quiet=json) as told:
        made = make_backup(
            database,
            settings,
            (folder or settings.resolved_backup_folder).absolute(),
            keep=keep,
            asker=OPERATOR,
            progress=told,
        )
    if json:
        print_json(asdict(made))
        return
    removed = f"; {made.removed} older removed" if made.removed else ""
    out.print(
        f"{made.path} ({_size(made.size)}): {made.rows:,} rows, {made.attachments:,} attachments,"
        f" opened again and found whole{removed}",
        markup=False,
        soft_wrap=True,
    )


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    ledger: Annotated[
        Path | None,
        typer.Option(help="An erasures.jsonl that is newer than the one in the var folder."),
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Put a backup into an empty store; who was erased or locked out since stays so."""
    keep_files_private()
    for path in filter(None, (file, ledger)):
        if not path.is_file():
            raise NotFound(f"{path}: no such file")
    with _steps(quiet=json) as told:
        place_backup(file, load_settings(), asker=OPERATOR, progress=told)
        # Only now: secrets may have come along.
        settings = settings_with_secrets()
        restored = finish_restore(settings, asker=OPERATOR, ledger=ledger, progress=told)
    if json:
        print_json(asdict(restored))
    else:
        out.print(
            f"restored; {restored.erased_again} erased people were erased again,"
            f" {restored.ended_again} ended accounts and keys ended again,"
            f" {restored.audit_entries:,} entries of the audit log checked",
            soft_wrap=True,
        )
        out.print("Everybody has to log in anew, with the passwords of then.")
    if restored.audit_fault is not None:
        raise StoreIsUnsound(f"restored, but its audit log is broken: {restored.audit_fault}")


def recovered(
    ledger: Annotated[
        Path | None,
        typer.Option(help="An erasures.jsonl that is newer than the one in the var folder."),
    ] = None,
) -> None:
    """After the database was put back by other means: make it fit to serve; Kefu is stopped."""
    keep_files_private()
    with _steps(quiet=False) as told:
        done = finish_restore(settings_with_secrets(), asker=OPERATOR, ledger=ledger, progress=told)
    out.print(
        f"{done.erased_again} erased people were erased again, {done.ended_again} ended accounts"
        " and keys ended again; everybody is logged out",
        soft_wrap=True,
    )
    if done.audit_fault is not None:
        raise StoreIsUnsound(f"the audit log is broken: {done.audit_fault}")


def check(
    file: Annotated[
        Path | None, typer.Option("--backup", help="Look a backup over instead of the store.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Look the store over, or a backup; exit code 1 names what is not as it should be."""
    if file is not None:
        _check_backup(file, json=json)
        return
    settings = settings_with_secrets()
    with open_store(settings, migrated=False) as database, _steps(quiet=json) as told:
        found = list(check_store(database, settings.var / ATTACHMENTS, told))
    if json:
        print_json({"items": [asdict(one) for one in found]})
    else:
        table = Table("what", "state", box=None)
        for one in found:
            table.add_row(one.name, one.problem or "as it should be")
        out.print(table)
    wrong = [one.name for one in found if one.problem]
    if wrong:
        raise StoreIsUnsound(f"not as it should be: {', '.join(wrong)}")


def _check_backup(file: Path, *, json: bool) -> None:
    if not file.is_file():
        raise NotFound(f"{file}: no such file")
    keep_files_private()
    with _steps(quiet=json) as told:
        manifest = check_backup(file, load_settings(), progress=told)
    if json:
        print_json(asdict(manifest))
        return
    out.print(
        f"a whole backup of {manifest.engine}, made {manifest.made_at[:19]} UTC:"
        f" {sum(manifest.rows.values()):,} rows, {len(manifest.files):,} files",
        soft_wrap=True,
    )


@contextmanager
def _steps(*, quiet: bool) -> Iterator[Told]:
    """A bar a step; a pipe sees none of it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, disable=quiet or not out.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def told(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=None)
            bars.update(tasks[what], completed=done, total=total)

        yield told


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1_000:
            return f"{size:.0f} {unit}"
        size /= 1_000
    return f"{size:.1f} GB"
