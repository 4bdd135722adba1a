"""The keyring of an installation, kept up to date while its processes run."""

from collections.abc import Mapping
from pathlib import Path

import structlog

from crm_store.crypto.keyring import Keyring
from foundation.data_keys import parse_data_keys
from foundation.secrets import read_secret
from foundation.settings import Settings

log = structlog.get_logger(__name__)
_SETTING = "data_keys"


def keyring_from(settings: Settings) -> Keyring | None:
    """The keyring of the settings, or None where no keys are set.

    Keys that come from the secrets file are read again when the file changes, so that a running
    process learns of a new one. Keys from the environment stay what they are.
    """
    text = settings.data_keys.get_secret_value()
    if not text:
        return None
    file = KeysFile(settings.secrets_file)
    return Keyring(
        parse_data_keys(text),
        encrypt_messages=settings.encrypt_messages,
        reread=file.changed if keys_are_in_file(settings) else None,
    )


def keys_are_in_file(settings: Settings) -> bool:
    """Whether the keys in force are those of the secrets file, where we may add one."""
    text = settings.data_keys.get_secret_value()
    return bool(text) and text == read_secret(settings.secrets_file, _SETTING)


class KeysFile:
    """The data keys in a secrets file, looked at again when the file was replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._state()

    def changed(self) -> Mapping[str, bytes] | None:
        """The keys if the file is another than at the last look; None also when it is unusable.

        A running process goes on with the keys that it has rather than stop.
        """
        state = self._state()
        if state is None or state == self._seen:
            return None
        try:
            keys = parse_data_keys(read_secret(self._path, _SETTING))
        except (OSError, ValueError) as error:
            log.error("data_keys_unreadable", error=type(error).__name__)
            return None
        self._seen = state
        log.info("data_keys_read_again", keys=list(keys))
        return keys or None

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino, found.st_size
