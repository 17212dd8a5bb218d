"""The relay's address: `smtp://user:pass@host:587?starttls=required`, and what it allows us:
`&connections=4&per_second=14&per_hour=1000&per_day=50000`."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}
_SPANS = {"per_second": 1, "per_hour": 3600, "per_day": 86400}
"""Seconds of each limit's span, by its name in the address."""
CONNECTIONS = 9
"""At a time, if the address names no number: 8 for deliveries."""
_MOST_CONNECTIONS = 50
"""What Postfix allows a client by default (smtpd_client_connection_count_limit)."""


@dataclass(frozen=True)
class RelayUrl:
    """The relay, and how it may be used."""

    host: str
    port: int
    tls: bool = False
    """TLS from the first byte (RFC 8314, section 3.3)."""
    starttls: bool = False
    """TLS by STARTTLS, and no mail without it: nobody else may learn who is a member."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    connections: int = CONNECTIONS
    """How many at a time."""
    limits: Mapping[float, int] = field(default_factory=dict)
    """For each span in seconds, the mails that may be sent in any such span."""

    @property
    def has_own_for_letters(self) -> bool:
        """Whether letters have a connection that no delivery uses. If there is only one, they go
        between two mails of a delivery."""
        return self.connections > 1

    @property
    def for_deliveries(self) -> Self:
        """The same relay with the connections that deliveries may use."""
        return replace(self, connections=self.connections - self.has_own_for_letters)

    @property
    def for_letters(self) -> Self:
        """The same relay with the one connection that letters alone use."""
        return replace(self, connections=1)


def parse(url: str, setting: str = "VARSEL_SMTP_URL") -> RelayUrl:
    """The relay that `url` names; ValueError, which names the setting and not the password, if it
    names none."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    wish = query.pop("starttls", [""])[-1]
    connections = _number("connections", query, most=_MOST_CONNECTIONS) or CONNECTIONS
    limits = {seconds: _number(name, query) for name, seconds in _SPANS.items()}
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or query:
        raise ValueError(
            f"{setting} must look like smtp://user:pass@host:587?starttls=required "
            "(or smtps://user:pass@host:465)"
        )
    try:
        parts.hostname.encode("idna")
    except UnicodeError:
        raise ValueError(f"{setting}: the host is no name that DNS can have") from None
    if wish not in ("", "required", "none"):
        raise ValueError(f"{setting}: starttls is either required or none")
    tls = parts.scheme == "smtps"
    return RelayUrl(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        tls=tls,
        starttls=not tls and (wish == "required" or (not wish and not _is_here(parts.hostname))),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        connections=connections,
        limits={seconds: most for seconds, most in limits.items() if most},
    )


def _number(name: str, query: dict[str, list[str]], *, most: int = 10**9) -> int | None:
    """Take the number of this name out of the query; none if it has none."""
    value = query.pop(name, [""])[-1]
    if value and not (value.isdecimal() and 1 <= int(value) <= most):
        raise ValueError(f"VARSEL_SMTP_URL: {name} is a whole number from 1 to {most}")
    return int(value) if value else None


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
