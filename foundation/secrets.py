"""Secrets that nobody set are made on the first start and kept in ``var/secrets.env``."""

import os
import secrets as random_secrets
from pathlib import Path

from foundation.settings import PREFIX, Settings

_GENERATED = ("internal_token", "secret_keys")


def write_missing_secrets(settings: Settings) -> list[str]:
    """Append each missing secret to the secrets file (mode 600).

    Returns:
        The names of the settings that were written, for the set-up's report.
    """
    missing = [name for name in _GENERATED if not getattr(settings, name).get_secret_value()]
    if not missing:
        return []
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = [f"{PREFIX}{name.upper()}={random_secrets.token_urlsafe(32)}\n" for name in missing]
    _append_private(settings.secrets_file, "".join(lines))
    return [f"{PREFIX}{name.upper()}" for name in missing]


def _append_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
