"""Importing in tests: write a file, import it, look at the report and the store."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.importing.mapping import Mapping
from crm_store.importing.mapping.propose import Proposal, propose
from crm_store.importing.reading import open_source
from crm_store.importing.run import Importer, Report
from crm_store.importing.run.runner import sample_rows
from crm_store.importing.targets import target_named

ASKER = AsSystem("a test")


def proposal_for(path: Path, target: str, **given: Any) -> Proposal:
    source = open_source(path)
    try:
        return propose(target_named(target), source.header, sample_rows(source), **given)
    finally:
        source.close()


def mapping_for(path: Path, target: str, **changes: Any) -> Mapping:
    """The proposed mapping, used whether or not it is certain."""
    mapping = proposal_for(path, target, region=changes.get("region")).mapping
    return mapping.model_copy(update=changes)


def csv_file(path: Path, header: str, rows: Iterable[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


Imports = Callable[..., Report]


@pytest.fixture
def imports(database: Database, tmp_path: Path) -> Imports:
    """Imports a file, or lines of one, on each kind of database."""
    return importing_into(database, tmp_path)


@pytest.fixture
def sqlite_imports(sqlite_database: Database, tmp_path: Path) -> Imports:
    """The same where the kind of database cannot matter."""
    return importing_into(sqlite_database, tmp_path)


def importing_into(database: Database, folder: Path) -> Imports:
    def run(
        source: Path | Sequence[str],
        target: str = "customers",
        *,
        batch_size: int = 100,
        dry_run: bool = False,
        **changes: Any,
    ) -> Report:
        path = source if isinstance(source, Path) else None
        if path is None:
            path = csv_file(folder / f"{target}.csv", source[0], source[1:])
        mapping = mapping_for(path, target, **changes)
        importer = Importer(database, folder / "var", ASKER, batch_size=batch_size)
        return importer.run(path, mapping, dry_run=dry_run)

    return run


def counts(report: Report) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected; they are all that was read."""
    found = (report.created, report.updated, report.unchanged, report.rejected)
    assert sum(found) + report.erased == report.read
    return found


def reasons(report: Report) -> list[str]:
    """Row number, column and reason of each reject."""
    if report.reject_file is None:
        return []
    import csv

    with report.reject_file.open(encoding="utf-8", newline="") as file:
        return [
            f"{row['kefu row']} {row['kefu column']}: {row['kefu reason']}"
            for row in csv.DictReader(file)
        ]
