"""Identifiers: time-ordered UUIDs for rows, unguessable tokens for people."""

import hashlib
import secrets
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7: unique, and sorted by the time it was made (RFC 9562)."""
    return UUID(int=uuid_utils.uuid7().int)


def new_token() -> str:
    """A bearer token with 256 bits of randomness, safe in a header."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What the store keeps of a token: its SHA-256, as hex.

    Tokens are random, so a fast hash suffices; looking up by digest also takes timing out of the
    comparison.
    """
    return hashlib.sha256(token.encode()).hexdigest()
