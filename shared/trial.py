"""A system that only tries things out: there is no relay, and nobody else reaches it. One human may
be two persons there, and approve what they wrote themselves; so those two count there alone."""

import ipaddress
from urllib.parse import urlsplit

from shared.settings import Settings

PERSON = "0000000000000001"
"""The id of the person whom the link of a trial lets in."""
SECOND = "0000000000000002"
"""The id of the other person, who can approve."""


def is_trial(settings: Settings, source: str = "127.0.0.1") -> bool:
    """Whether the system only tries things out, and the request is from the same machine: there is
    no relay, nobody else reaches it, and `source` is a loopback address. Pure."""
    hosts = (settings.host, urlsplit(settings.site).hostname or "", source)
    return not settings.has_relay and all(map(_is_loopback, hosts))


def void_approvers(settings: Settings) -> frozenset[str]:
    """The ids of persons whose approvals count for nothing: those of a trial, if the system is none
    (any more). Pure."""
    return frozenset() if is_trial(settings) else frozenset((PERSON, SECOND))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
