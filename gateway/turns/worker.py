"""The name under which this gateway holds turns."""

import hashlib
import socket

from foundation.settings import Settings


def worker_prefix(settings: Settings) -> str:
    """The same at each start of this gateway, and no other's.

    Only one process can listen on an address, so who listens there now may take over what the one
    before it held.
    """
    address = f"{socket.gethostname()}:{settings.host}:{settings.port}"
    return f"gateway-{hashlib.sha256(address.encode()).hexdigest()[:12]}-"
