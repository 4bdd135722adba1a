"""What most subcommands start from: settings, the store, output for people or for pipes."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError

from crm_store.asking import AsSystem
from crm_store.crypto.registry import require_keys
from crm_store.database import Database
from crm_store.migrate import is_current
from crm_store.opening import open_database
from foundation.errors import Unavailable
from foundation.secrets import write_missing_secrets
from foundation.settings import Settings, load_settings

_FOR_THE_OWNER_ALONE = 0o077

OPERATOR = AsSystem("an operator at the terminal")

JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON, for piping.")]

out = Console(highlight=False)


def keep_files_private() -> None:
    """Let nobody else read what is written from here on, by children too.

    Databases, logs and attachments hold what customers wrote.
    """
    os.umask(_FOR_THE_OWNER_ALONE)


def settings_with_secrets() -> Settings:
    """The settings, after the secrets that nobody set were made."""
    settings = load_settings()
    if write_missing_secrets(settings):
        settings = load_settings()
    return settings


@contextmanager
def open_store(settings: Settings | None = None, *, migrated: bool = True) -> Iterator[Database]:
    """The store, closed at the end.

    Raises:
        Unavailable: the database does not answer, or its schema is not the one of this version.
        BadSettings: it is encrypted under a key that we do not have.
    """
    settings = settings or settings_with_secrets()
    keep_files_private()
    settings.var.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    try:
        if migrated and not is_current(database):
            raise Unavailable("the database is not at this version's schema: run `kefu db upgrade`")
        if migrated:
            require_keys(database)
        yield database
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else "no reason given"
        raise Unavailable(f"the database does not answer: {reason}") from error
    finally:
        database.dispose()


def print_json(value: Any) -> None:
    """Write JSON to stdout, dates as ISO 8601 and identifiers as text."""
    json.dump(value, sys.stdout, indent=2, default=_plain, ensure_ascii=False)
    sys.stdout.write("\n")


def _plain(value: Any) -> str:
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


def read_password(password_file: Path | None) -> str:
    """A password from a file, or typed twice; never from the command line, where others see it."""
    if password_file is not None:
        return password_file.read_text(encoding="utf-8").strip()
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
