"""Whether the ports that we are to listen on are free."""

import socket

from foundation.errors import Unavailable
from foundation.settings import PREFIX, Settings


def require_free_ports(settings: Settings) -> None:
    """Raise Unavailable naming the first busy port and the setting that moves it."""
    wanted = [
        ("port", settings.host),
        ("rasa_port", "127.0.0.1"),
        ("actions_port", "127.0.0.1"),
    ]
    for name, host in wanted:
        port: int = getattr(settings, name)
        if not _is_free(host, port):
            raise Unavailable(
                f"port {port} is busy: stop the program that listens there"
                f" (is Kefu running already?), or set {PREFIX}{name.upper()}"
            )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do: a port in TIME_WAIT is not busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
