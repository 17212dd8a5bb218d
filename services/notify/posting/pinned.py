"""Where a post may go: the address that is checked is the one that is connected to.

A follower's name is looked up once for each attempt. If it led inside, whoever holds its DNS could
have us talk to Redis, a router or a cloud's own service. An address that the settings write out
is what the operator wants, and no DNS can change it."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host name, for a port; OSError if it has none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that a router turns into the IPv4 address in their last 32 bits (RFC 6052)."""
_NOT_OUTSIDE = tuple(map(ipaddress.ip_network, ("fec0::/10", "::/96", "64:ff9b:1::/48")))
"""Inside too, though Python does not say so: site-local (RFC 3879), IPv4-compatible (RFC 4291,
section 2.5.5.1), and a network's own NAT64 (RFC 8215)."""


class LeadsInside(Exception):
    """The name has no address that a post may go to."""


def networks(setting: str) -> list[Network]:
    """Those that the setting names, with commas between them."""
    return [ipaddress.ip_network(one) for one in filter(None, map(str.strip, setting.split(",")))]


async def pinned(host: str, port: int, allowed: Sequence[Network], lookup: Lookup) -> str:
    """The address to connect to for this host of a URL: the first one that is outside, or in one of
    the networks `allowed`. LeadsInside if it has none such, OSError if it has none."""
    if host == "localhost" or (written := _address(host)):
        return host if host == "localhost" else str(written)
    for found in await lookup(host, port):
        if (address := _address(found)) and may_go_to(address, allowed):
            return found
    raise LeadsInside


async def by_dns(host: str, port: int) -> list[str]:
    """As the machine looks it up."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


def may_go_to(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether it is outside (RFC 6890: reached from anywhere), or in a network that is allowed."""
    if any(address.version == one.version and address in one for one in allowed):
        return True
    inner = _inside(address)
    if inner is not None:
        return may_go_to(inner, allowed)
    is_inside = address.is_multicast or any(address in one for one in _NOT_OUTSIDE)
    return address.is_global and not is_inside


def _inside(address: Address) -> Address | None:
    """The IPv4 address that an IPv6 one stands for; none if it stands for itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
