"""Canaries: made-up members whose addresses and names are unlike anything else, and a search for
them, in every form that a leak may take, wherever a system leaves anything."""

import base64
import hashlib
import html
import json
import quopri
import re
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import httpx
import idna
from redis.asyncio import Redis

from shared.compact import json_of
from tests.server import Valkey
from tests.system.running import Up


@dataclass(frozen=True)
class Canary:
    email: str
    """As somebody wrote it in a list."""
    name: str

    @property
    def wire(self) -> str:
        """The address as it goes on the wire."""
        local, _, domain = self.email.rpartition("@")
        return f"{local}@{idna.encode(domain.lower()).decode()}"

    def words(self) -> Iterator[str]:
        for address in (self.email, self.wire):
            yield from (address, *address.split("@"))
        yield from (self.name, *self.name.split())


TAKEN = Canary("Kvitrekari.Gulnebb+varsel@Voliere-Nord.example", "Kvitrekari Gulnebbsen")
IDN = Canary("sisikola77@blåbærskogen-sør.example", "Sisikåla Ørnevåg-Blåvinge")
UNKNOWN = Canary("borteblitt.trost@voliere-borte.example", "Borteblid Måltrostvik")
LATER = Canary("seinkommen.sanger@voliere-sein.example", "Seinkar Løvsangerud")
BROKEN = Canary("bruddbjarne.bokfink@voliere-brudd.example", "Bruddbjarne Bokfinkmoen")
REFUSED = Canary("nektnora.nattergal@voliere-nekt.example", "Nektnora Nattergaldal")
LEAVER = Canary("farvelfrida.flaggspett@voliere-farvel.example", "Farvelfrida Flaggspettli")
STRANGER = Canary("ukjentulrik.undulat@voliere-ukjent.example", "Ukjentulrik Undulatstrand")
"""No member: somebody who asks to join."""
GUEST = Canary("gjestegerd.gjok@voliere-gjest.example", "Gjestegerd Gjøkedalen")
"""Nobody's member at the end: somebody who joins, moves, leaves, comes back and is erased."""
ELSEWHERE = Canary("flyttefugl.gjerdesmett@voliere-sor.example", "Gjestegerd Gjøkedalen")
"""Where they move to for a while."""
STAFF = Canary("redaksjonsrune.rugde@voliere-stab.example", "Redaksjonsrune Rugdestad")
"""No member: somebody of the staff, who is told by mail."""
CANARIES = (TAKEN, IDN, UNKNOWN, LATER, BROKEN, REFUSED, LEAVER)

Places = dict[str, bytes]
"""What was found where."""


def forms(word: str) -> dict[str, bytes]:
    """Ways in which `word` may be written down, by their names."""
    utf8 = word.encode()
    found = {
        "plain": utf8,
        "latin-1": word.encode("latin-1"),
        "utf-16": word.encode("utf-16-le"),
        "JSON": json.dumps(word)[1:-1].encode(),
        "URL": quote(word, safe="").encode(),
        "form": quote_plus(word).encode(),
        "quoted-printable": quopri.encodestring(utf8),
        "header": quopri.encodestring(utf8, header=True),
        "HTML": html.escape(word).encode(),
        "HTML in numbers": word.encode("ascii", "xmlcharrefreplace"),
        "Python's repr": repr(utf8)[2:-1].encode(),
        "hex": utf8.hex().encode(),
    }
    for shift in range(3):
        found |= {f"base64 + {shift}": _base64(utf8, shift)}
        found |= {f"base64url + {shift}": _base64(utf8, shift).translate(_URLSAFE)}
    for case in {word, word.lower()}:
        for kind in ("md5", "sha1", "sha256"):
            digest = hashlib.new(kind, case.encode()).digest()
            found[f"{kind} of {case}"] = digest
            found[f"{kind} in hex of {case}"] = digest.hex().encode()
            found[f"{kind} in base64 of {case}"] = base64.b64encode(digest).rstrip(b"=")
    return found


_URLSAFE = bytes.maketrans(b"+/", b"-_")


def _base64(data: bytes, shift: int) -> bytes:
    """What base64 makes of `data` wherever `shift` bytes (modulo 3) stand before it: those
    characters that depend on nothing else."""
    encoded = base64.b64encode(b"\0" * shift + data)
    return encoded[(0, 2, 3)[shift] : (shift + len(data)) * 8 // 6]


_KEPT_CASE = ("base64", "md5 of", "sha1 of", "sha256 of")


def _patterns(words: Iterable[str]) -> dict[str, tuple[bytes, bool]]:
    """What to look for, and whether upper and lower case differ in it."""
    return {
        f"{word} ({name})": (form, True) if name.startswith(_KEPT_CASE) else (form.lower(), False)
        for word in dict.fromkeys(words)
        for name, form in forms(word).items()
    }


def leaks(places: Places, words: Iterable[str]) -> list[str]:
    """Where which word was found, in which form."""
    patterns = _patterns(words)
    found = []
    for place, text in places.items():
        lower = text.lower()
        found += [
            f"{place}: {what}"
            for what, (form, exact) in patterns.items()
            if form in (text if exact else lower)
        ]
    return found


def commands_with(places: Places, word: str) -> list[bytes]:
    """Of every command in the database's log that has this word, in plain bytes, which it is and
    its key."""
    found = []
    for place, text in places.items():
        if ".incr.aof" not in place:
            continue
        for command in re.split(rb"\*\d+\r\n(?=\$)", text):
            if word.encode() in command:
                found.append(b" ".join(command.split(b"\r\n")[1:4:2]))
    return found


def all_words() -> list[str]:
    return [
        word for canary in (*CANARIES, STRANGER, GUEST, ELSEWHERE, STAFF) for word in canary.words()
    ]


async def left_behind(up: Up) -> Places:
    """Everything that a running system keeps and shows: its files (among them its log and the log
    of its database), every key, and what it answers to anybody."""
    found = {
        f"file {path.relative_to(up.data)}": path.read_bytes()
        for path in up.data.rglob("*")
        if path.is_file()
    }
    async with _copy_of(up) as redis:
        async for key in redis.scan_iter():
            found[f"key {key!r}"] = key + b" " + await _value(redis, key)
    for path in ("/", "/nyheter/", "/feed.atom", "/feed.json", "/sitemap.xml", "/metrics",
                 "/health/ready", "/api/openapi.json", "/inbox/api/messages"):  # fmt: skip
        answer = httpx.get(up.url + path)
        found[f"answer {path}"] = str(answer.headers).encode() + answer.content
    return found


@asynccontextmanager
async def _copy_of(up: Up) -> AsyncIterator[Redis]:
    """A copy of the system's database, for somebody who may look at every key."""
    server = Valkey()
    shutil.copytree(up.data / "appendonlydir", server.folder / "appendonlydir")
    server.start()
    try:
        async with Redis.from_url(server.url) as redis:
            yield redis
    finally:
        server.close()


async def _value(redis: Redis, key: bytes) -> bytes:
    read = {
        b"string": lambda: redis.get(key),
        b"hash": lambda: redis.hgetall(key),
        b"set": lambda: redis.smembers(key),
        b"stream": lambda: redis.xrange(key),
        b"zset": lambda: redis.zrange(key, 0, -1),
    }[await redis.type(key)]
    return b"\n".join(_pieces(await read()))


def _pieces(value: object) -> Iterator[bytes]:
    if isinstance(value, bytes):
        yield value
        if (packed := json_of(value)) != value:
            yield packed
    elif isinstance(value, dict):
        for pair in value.items():
            yield from _pieces(pair)
    elif isinstance(value, list | tuple | set):
        for part in value:
            yield from _pieces(part)
