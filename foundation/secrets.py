"""Secrets that nobody set are made on the first start and kept in ``var/secrets.env``."""

import fcntl
import os
import secrets as random_secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dotenv import dotenv_values

from foundation.data_keys import with_new_data_key
from foundation.settings import PREFIX, Settings

_GENERATED = ("internal_token", "secret_keys", "data_keys")


def write_missing_secrets(settings: Settings) -> list[str]:
    """Append each missing secret to the secrets file (mode 600).

    Processes that start together take turns, and agree on what the first one made.

    Returns:
        The names of the settings that were written, for the set-up's report.
    """
    missing = [name for name in _GENERATED if not getattr(settings, name).get_secret_value()]
    if not missing:
        return []
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(settings.secrets_file):
        known = _read(settings.secrets_file)
        made = {f"{PREFIX}{name.upper()}": _new_secret(name) for name in missing}
        _set(settings.secrets_file, {n: v for n, v in made.items() if not known.get(n)})
    return list(made)


def read_secret(path: Path, name: str) -> str:
    """What the secrets file says of one setting, by its field's name; empty if nothing."""
    return _read(path).get(f"{PREFIX}{name.upper()}", "")


def add_data_key(path: Path) -> None:
    """Put a new data key in front of those in the secrets file."""
    name = f"{PREFIX}DATA_KEYS"
    with _alone(path):
        _set(path, {name: with_new_data_key(_read(path).get(name, ""))})


def _new_secret(name: str) -> str:
    return with_new_data_key("") if name == "data_keys" else random_secrets.token_urlsafe(32)


def _read(path: Path) -> dict[str, str]:
    values = dotenv_values(path) if path.is_file() else {}
    return {name: value for name, value in values.items() if value is not None}


def _set(path: Path, values: dict[str, str]) -> None:
    """Replace the file as a whole: whoever reads it meanwhile, or after a crash, finds all."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept = [line for line in lines if line.split("=")[0].strip() not in values]
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in kept)
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold other writers of the file off; the system lets go when the process ends."""
    descriptor = os.open(path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
