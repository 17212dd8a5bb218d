"""The users of Redis: one for each service, `operator` for the commands of `varsel`,
`backup` and `metrics`; and, where it fails over, `replica` and `sentinel`.

`users.acl` beside this file says what each may do; the embedded server, the tests' and compose's
(deploy/redis-start) all have it. It is an ACL file of Redis with two things that Redis does not
know: lines that begin with `#` are comments, and a line that ends with a backslash goes on in the
next. `PASSWORD_{user}` stands for the proof that a client is that user: `#` and the SHA-256 of a
password, or `nopass` if only we reach the server. A server refuses to start with a `PASSWORD_…`
that was left in place.

What keeps the services apart is tried crossing by crossing in tests/borders. Redis knows keys and
commands, not groups and arguments, so this it does not keep apart:

- A service that reads a stream can do so in any of its groups: notify could take or acknowledge
  entries of ingest's group on `pages`, and the other way round. Anybody may create a group on any
  stream.
- A service that adds to a stream can shorten it (`XADD … MAXLEN`): its writer, and for dead letters
  each service that reads the stream that they come from.
- notify writes `chunks` and reads it, since its workers share their work by it; and ingest, which
  reads all dead letters, also adds to those of its inputs.
"""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

OPERATOR = "operator"
BACKUP = "backup"
"""Takes a cut of everything, and tells when."""
METRICS = "metrics"
"""Sees how the server is and how far readers are, for Prometheus."""
REPLICA = "replica"
"""A server that follows the master, and has all of its data."""
SENTINEL = "sentinel"
"""Makes a replica the master; no client of ours."""

_FILE = Path(__file__).with_name("users.acl")
_PLACEHOLDER = re.compile(r"PASSWORD_([a-z]+)")


def acl_file(proof: Callable[[str], str] = lambda _: "nopass") -> str:
    """users.acl as Redis takes it. `proof` gives for a user's name what stands for its password;
    without it, anybody who reaches the server can be any user."""
    lines = _FILE.read_text().replace("\\\n", " ").splitlines()
    users = [" ".join(line.split()) for line in lines if line and not line.startswith("#")]
    return _PLACEHOLDER.sub(lambda found: proof(found[1]), "\n".join(users)) + "\n"


def as_user(url: str, user: str, password: str = "") -> str:
    """The `redis://` or `unix://` address `url` for `user`, whichever user it named before."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    name = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    return parts._replace(netloc=f"{name}@{host}").geturl()
