"""Where a request comes from."""

import ipaddress

from starlette.requests import HTTPConnection

_IPV6_NETWORK_BITS = 64


def address_of(connection: HTTPConnection) -> str:
    """The caller's address, as far as the connection or a trusted proxy tells.

    Of an IPv6 address the network: its other half is the caller's own to choose, a new one for
    each request if need be.
    """
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host or "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK_BITS), strict=False))
