"""The relay's address: `smtp://user:pass@host:587?starttls=required`."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class RelayUrl:
    host: str
    port: int
    tls: bool = False
    """TLS from the first byte (RFC 8314, section 3.3)."""
    starttls: bool = False
    """TLS by STARTTLS, and no mail without it: who is a member is nobody else's business."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def parse(url: str) -> RelayUrl:
    """The relay that `url` names; ValueError, without the password, where it is none."""
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    wish = query.pop("starttls", [""])[-1]
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or query:
        raise ValueError(
            "VARSEL_SMTP_URL must look like smtp://user:pass@host:587?starttls=required "
            "(or smtps://user:pass@host:465)"
        )
    try:
        parts.hostname.encode("idna")
    except UnicodeError:
        raise ValueError("VARSEL_SMTP_URL: the host is no name that DNS can have") from None
    if wish not in ("", "required", "none"):
        raise ValueError("VARSEL_SMTP_URL: starttls is either required or none")
    tls = parts.scheme == "smtps"
    return RelayUrl(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        tls=tls,
        starttls=not tls and (wish == "required" or (not wish and not _is_here(parts.hostname))),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
