"""The address of a mail server, as one setting: ``smtps://user:password@mail.example:465``."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_OURS = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; ``security`` is the scheme: ``smtp`` sends in the clear."""

    security: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse_mail_server(url: str) -> MailServer | None:
    """The server; None for an empty text.

    Raises:
        ValueError: what is wrong; never the address itself, which may hold a password.
    """
    if not url.strip():
        return None
    parts = urlsplit(url.strip())
    if parts.scheme not in _PORTS:
        raise ValueError(f"must begin with {', '.join(f'{scheme}://' for scheme in _PORTS)}")
    try:
        port = parts.port or _PORTS[parts.scheme]
    except ValueError:
        raise ValueError("its port is not a number up to 65535") from None
    if not parts.hostname or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("must read scheme://user:password@host:port")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("a user and a password go together")
    if parts.username and parts.scheme == "smtp" and parts.hostname not in _OURS:
        raise ValueError("a password travels only with smtps:// or smtp+starttls://")
    return MailServer(
        parts.scheme,
        parts.hostname,
        port,
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
    )
