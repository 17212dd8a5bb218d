"""The address of a Redis that fails over, which Sentinels know: as `redis+sentinel://a,b,c/name`."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode

SETTING = "VARSEL_REDIS_URL"
PORT = 26379
"""Of a Sentinel, if the address says none."""
MOST_PORT = 65535
_ENCRYPTED = {"redis+sentinel": False, "rediss+sentinel": True}
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+))(?::([0-9]{1,5}))?")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
"""What Sentinel takes for the name of a set."""
_AUTHORITIES = "ssl_ca_certs"
_SHAPE = "redis+sentinel://USER:PASSWORD@HOST:26379,HOST:26379,HOST:26379/NAME"

HostPort = tuple[str, int]
"""Host and port."""


@dataclass(frozen=True)
class SentinelUrl:
    """Who knows the master, and how it is reached."""

    sentinels: tuple[HostPort, ...]
    name: str
    """What Sentinels call the master and its replicas."""
    user: str = ""
    password: str = field(default="", repr=False)
    """Of the master. Sentinels are asked by nobody in particular; see docs/operator.md."""
    database: int = 0
    is_encrypted: bool = False
    """TLS, to Sentinels and to the master."""
    authorities: str = ""
    """A file with who may vouch for the certificates (PEM). Empty: whom the machine trusts."""

    def url_of(self, master: HostPort) -> str:
        """The plain address of `master`, with user and password."""
        host, port = master
        who = quote(self.user, safe="")
        if self.password:
            who += f":{quote(self.password, safe='')}"
        query = f"?{urlencode({_AUTHORITIES: self.authorities})}" if self.authorities else ""
        return (
            f"redis{'s' * self.is_encrypted}://{who}{'@' if who else ''}"
            f"{f'[{host}]' if ':' in host else host}:{port}/{self.database}{query}"
        )


def sentinel_url(url: str) -> SentinelUrl | None:
    """What an address says of Sentinels; none if it is of another kind. ValueError, with the
    setting's name and without any secret, if it cannot be understood."""
    scheme, _, rest = url.partition("://")
    if (encrypted := _ENCRYPTED.get(scheme.lower())) is None:
        return None
    rest, _, query = rest.partition("?")
    where, _, path = rest.partition("/")
    who, _, hosts = where.rpartition("@")
    user, _, password = who.partition(":")
    name, _, database = path.rstrip("/").partition("/")
    if not _NAME.fullmatch(name):
        raise _wrong(f"must end with the name of the set: {_SHAPE}")
    if not re.fullmatch(r"[0-9]{0,5}", database):
        raise _wrong("has something else than a database's number after the name of the set")
    return SentinelUrl(
        _sentinels(hosts),
        name,
        unquote(user),
        unquote(password),
        int(database or 0),
        encrypted,
        _authorities(query, is_encrypted=encrypted),
    )


def _sentinels(hosts: str) -> tuple[HostPort, ...]:
    found: list[HostPort] = []
    for said in hosts.split(","):
        host = _HOST.fullmatch(said.strip())
        if not host or not 0 < (port := int(host[3] or PORT)) <= MOST_PORT:
            raise _wrong(f"must name each Sentinel as HOST or HOST:{PORT}, with commas: {_SHAPE}")
        found.append((host[1] or host[2], port))
    if len(set(found)) < len(found):
        raise _wrong("names a Sentinel twice")
    return tuple(found)


def _authorities(query: str, *, is_encrypted: bool) -> str:
    options = dict(parse_qsl(query, keep_blank_values=True))
    authorities = options.pop(_AUTHORITIES, "")
    if options or (authorities and not is_encrypted):
        raise _wrong(f"takes no option but {_AUTHORITIES}, and that with rediss+sentinel://")
    return authorities


def _wrong(what: str) -> ValueError:
    return ValueError(f"{SETTING} {what}")
