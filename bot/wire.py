"""What the gateway may send, checked before anything else looks at it."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.problems import Problem

BODY_BYTES = 64 * 1024
TEXT_CHARACTERS = 8_000
EMBEDDED_TEXTS = 64
FORGOTTEN_CONVERSATIONS = 100
_ID_CHARACTERS = 100
_PAYLOAD_CHARACTERS = 2_000


@dataclass(frozen=True)
class TurnRequest:
    """One message of a customer."""

    turn_id: str
    conversation_id: str
    text: str
    payload: str | None
    metadata: dict[str, Any] = field(default_factory=dict)


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a request body.

    Raises:
        Problem: too large, not UTF-8, not JSON, or not an object.
    """
    if len(body) > BODY_BYTES:
        raise Problem(413, "too_large", f"The body is larger than {BODY_BYTES} bytes")
    try:
        value = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Problem(400, "bad_encoding", "The body is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise Problem(400, "bad_json", "The body is not JSON") from error
    if not isinstance(value, dict):
        raise Problem(422, "invalid", "The body must be a JSON object")
    return value


def read_turn(body: bytes) -> TurnRequest:
    """A turn.

    Raises:
        Problem: names the field that is wrong.
    """
    value = read_json(body)
    payload = value.get("payload")
    if payload is not None:
        payload = _text(value, "payload", _PAYLOAD_CHARACTERS)
        if not payload.startswith("/"):
            raise Problem(422, "invalid", "payload must begin with '/'")
    text = _text(value, "text", TEXT_CHARACTERS, empty=payload is not None)
    metadata = value.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise Problem(422, "invalid", "metadata must be an object")
    return TurnRequest(
        turn_id=_text(value, "turn_id", _ID_CHARACTERS),
        conversation_id=_text(value, "conversation_id", _ID_CHARACTERS),
        text=text,
        payload=payload,
        metadata=metadata,
    )


def read_texts(body: bytes) -> list[str]:
    """Texts to embed.

    Raises:
        Problem: not a list of 1 to 64 strings.
    """
    texts = read_json(body).get("texts")
    if not isinstance(texts, list) or not 1 <= len(texts) <= EMBEDDED_TEXTS:
        raise Problem(422, "invalid", f"texts must be a list of 1 to {EMBEDDED_TEXTS} strings")
    if not all(isinstance(text, str) and _is_unicode(text) for text in texts):
        raise Problem(422, "invalid", "texts must hold strings only")
    return texts


def read_conversation_ids(body: bytes) -> list[str]:
    """Conversations to forget.

    Raises:
        Problem: not a list of 1 to 100 identifiers.
    """
    ids = read_json(body).get("conversation_ids")
    most = FORGOTTEN_CONVERSATIONS
    if not isinstance(ids, list) or not 1 <= len(ids) <= most:
        raise Problem(422, "invalid", f"conversation_ids must be a list of 1 to {most} strings")
    return [_text({"id": one}, "id", _ID_CHARACTERS) for one in ids]


def read_text(body: bytes) -> str:
    """A text to explain.

    Raises:
        Problem: empty, no text, or too long.
    """
    return checked_text(read_json(body).get("text"))


def checked_text(text: object) -> str:
    """The text, if it could be a message.

    Raises:
        Problem: says why it could not.
    """
    return _text({"text": text}, "text", TEXT_CHARACTERS)


def _text(value: dict[str, Any], name: str, limit: int, *, empty: bool = False) -> str:
    text = value.get(name, "" if empty else None)
    if not isinstance(text, str) or not _is_unicode(text):
        raise Problem(422, "invalid", f"{name} must be a string")
    if len(text) > limit:
        raise Problem(422, "invalid", f"{name} is longer than {limit} characters")
    if not empty and not text.strip():
        raise Problem(422, "invalid", f"{name} is empty")
    return text


def _is_unicode(text: str) -> bool:
    """JSON can spell half of a surrogate pair, which no database and no encoder takes."""
    return not any("\ud800" <= character <= "\udfff" for character in text)
