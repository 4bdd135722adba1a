"""The text form of data keys: ``id:base64url(32 bytes)``, comma-separated, the newest first."""

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

KEY_BYTES = 32
_ID = re.compile(r"[a-z0-9-]{1,16}")
_NUMBERED = re.compile(r"k(\d+)")
_MOST = 32


def parse_data_keys(text: str) -> dict[str, bytes]:
    """The keys by id, the newest first; empty when none are set.

    Raises:
        ValueError: what is wrong with which entry, by its place; never the key itself.
    """
    entries = [entry.strip() for entry in text.split(",")] if text.strip() else []
    if len(entries) > _MOST:
        raise ValueError(f"more than {_MOST} keys")
    keys: dict[str, bytes] = {}
    for place, entry in enumerate(entries, start=1):
        key_id, colon, encoded = entry.partition(":")
        if not colon or not _ID.fullmatch(key_id):
            raise ValueError(
                f"key {place} must read id:key, the id of 1 to 16 lower-case letters, digits, '-'"
            )
        if key_id in keys:
            raise ValueError(f"key {place} has the id of an earlier one")
        keys[key_id] = _decoded(encoded, place)
    return keys


def format_data_keys(keys: Iterable[tuple[str, bytes]]) -> str:
    """The reverse of ``parse_data_keys``."""
    return ",".join(f"{key_id}:{urlsafe_b64encode(key).decode()}" for key_id, key in keys)


def with_new_data_key(text: str) -> str:
    """The keys with a new one in front, named ``k<n>`` after the highest number there is."""
    keys = parse_data_keys(text)
    numbers = [int(found[1]) for key_id in keys if (found := _NUMBERED.fullmatch(key_id))]
    new = (f"k{max(numbers, default=0) + 1}", secrets.token_bytes(KEY_BYTES))
    return format_data_keys([new, *keys.items()])


def _decoded(encoded: str, place: int) -> bytes:
    try:
        text = encoded.rstrip("=")
        key = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        canonical = urlsafe_b64encode(key).decode().rstrip("=") == text
    except ValueError:
        raise ValueError(f"key {place} is not base64url") from None
    if not canonical:
        raise ValueError(f"key {place} is not base64url")
    if len(key) != KEY_BYTES:
        raise ValueError(f"key {place} has {len(key)} bytes, not {KEY_BYTES}")
    return key
