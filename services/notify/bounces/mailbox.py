"""What came back, from a mailbox: for those whose mail is kept by somebody else.

Each mail that is about something of ours is kept, as the listener keeps it, and then removed from
the mailbox. Others are left as they are. Redis has how far it was read, noted in one step with what
is kept: so each is taken once, whoever is killed on the way.
"""

import asyncio
import imaplib
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import unquote, urlsplit

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.bounces.intake import HEAD, ReturnIntake
from services.notify.bounces.store import READ, MailboxPlace, TooManyWait
from shared import log
from shared.bus.errors import cause

LOOK_SECONDS = 60.0
"""Between two looks into the mailbox."""
_STEP_SECONDS = 30.0
"""For each answer of the host."""
_AT_ONCE = 20
"""Mails that are fetched at a time."""
TURN = "notify:bounces:mailbox:turn"
"""Is there while one of several processes looks."""
_TURN_MS = int(10 * _STEP_SECONDS * 1000)
_PORTS = {"imap": 143, "imaps": 993}
_HERE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class MailboxUrl:
    """A mailbox, and how it is reached."""

    host: str
    port: int
    tls: bool
    """TLS from the first byte; else STARTTLS, but for a host on this machine."""
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def parse(url: str, setting: str = "VARSEL_BOUNCE_IMAP_URL") -> MailboxUrl:
    """The mailbox of `imaps://user:pass@host/FOLDER`; ValueError, which names the setting and not
    the password, if it names none."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not (parts.hostname and parts.username and parts.password):
        raise ValueError(f"{setting} must look like imaps://user:pass@host/INBOX")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if not folder.isascii() or '"' in folder or "\\" in folder or not folder.isprintable():
        raise ValueError(f"{setting}: choose a folder with a plain name")
    return MailboxUrl(
        host=parts.hostname,
        port=parts.port or _PORTS[parts.scheme],
        tls=parts.scheme == "imaps",
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=folder,
    )


class Mailbox:
    """Looks into one mailbox for as long as the service runs. Several processes take turns."""

    def __init__(self, redis: Redis, intake: ReturnIntake, url: MailboxUrl) -> None:
        self._redis = redis
        self._intake = intake
        self._url = url
        self._log = log.get("notify")
        self._is_away = False

    async def run(self) -> None:
        """Look once a minute until cancelled."""
        while True:
            try:
                await self.look()
                self._is_away = False
            except (OSError, imaplib.IMAP4.error) as error:
                if not self._is_away:
                    self._log.warning("bounce_mailbox_away", cause=cause(error))
                self._is_away = True
            except (RedisError, TooManyWait):
                pass  # the bus tells, or the metrics do
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> int:
        """Keep all that came since the last look, if no other process looks now; gives how many
        were ours. OSError or imaplib's errors if the host is away, TooManyWait, redis-py's errors.
        """
        if not await self._redis.set(TURN, "", nx=True, px=_TURN_MS):
            return 0
        session = MailSession(self._url)
        try:
            life = await asyncio.to_thread(session.open)
            ours = await self._read_on(session, life)
            await self._intake.listens()
            return ours
        finally:
            await asyncio.to_thread(session.close)
            await self._redis.delete(TURN)

    async def _read_on(self, session: "MailSession", life: str) -> int:
        ours = 0
        await self._remove_kept(session, life)
        while mails := await asyncio.to_thread(session.fetch, (await self._read_of(life))[0]):
            for uid, content in mails:
                ours += await self._intake.take(content, place=MailboxPlace(life, uid))
            await self._remove_kept(session, life)
            await self._redis.hset(READ, mapping={"life": life, "last": mails[-1][0]})
        return ours

    async def _remove_kept(self, session: "MailSession", life: str) -> None:
        _, kept = await self._read_of(life)
        if kept:
            await asyncio.to_thread(session.remove, kept)
        await self._redis.hdel(READ, "kept")

    async def _read_of(self, life: str) -> tuple[int, list[int]]:
        """The number of the last mail that was read, and those that were kept and not removed; 0
        and none if the mailbox is another than before."""
        found = cast("list[bytes | None]", await self._redis.hmget(READ, ["life", "last", "kept"]))
        before, last, kept = found
        if (before or b"").decode() != life:
            return 0, []
        return int(last or 0), [int(one) for one in (kept or b"").split(b",") if one]


class MailSession:
    """One conversation with the host; blocks, so it is for a thread. The host has `seconds` for
    each answer."""

    def __init__(self, url: MailboxUrl, seconds: float = _STEP_SECONDS) -> None:
        self._url = url
        self._seconds = seconds
        self._imap: imaplib.IMAP4 | None = None

    def open(self) -> str:
        """Connect and log in; gives the number of the mailbox's life."""
        url, context = self._url, ssl.create_default_context()
        if url.tls:
            self._imap = imaplib.IMAP4_SSL(
                url.host, url.port, ssl_context=context, timeout=self._seconds
            )
        else:
            self._imap = imaplib.IMAP4(url.host, url.port, timeout=self._seconds)
            if url.host not in _HERE:
                self._imap.starttls(context)
        self._imap.login(url.user, url.password)
        word, _ = self._imap.select(f'"{url.folder}"')
        if word != "OK":
            raise imaplib.IMAP4.error("no such folder")
        _, found = self._imap.response("UIDVALIDITY")
        return (found[0] or b"").decode() if found else ""

    def fetch(self, after: int) -> list[tuple[int, bytes]]:
        """The numbers of some mails after number `after`, with the beginning of each, in order."""
        assert self._imap
        found = _good(self._imap.uid("SEARCH", f"UID {after + 1}:*"))
        # `n:*` has the last mail even if its number is lower (RFC 3501, section 6.4.8).
        uids = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > after)
        return [(uid, self._beginning(uid)) for uid in uids[:_AT_ONCE]]

    def _beginning(self, uid: int) -> bytes:
        assert self._imap
        for part in _good(self._imap.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{HEAD}>)")):
            if isinstance(part, tuple) and re.search(rb"BODY\[\]", part[0]):
                return bytes(part[1])
        return b""

    def remove(self, uids: Sequence[int]) -> None:
        """Remove these mails, and no others that somebody has marked to be removed."""
        assert self._imap
        which = ",".join(map(str, uids))
        _good(self._imap.uid("STORE", which, "+FLAGS.SILENT", r"(\Seen \Deleted)"))
        _, offered = self._imap.capability()  # another one than before the log-in
        if b"UIDPLUS" in b" ".join(offered).upper().split():
            _good(self._imap.uid("EXPUNGE", which))

    def close(self) -> None:
        if self._imap:
            with suppress(OSError, imaplib.IMAP4.error):
                self._imap.logout()


def _good(answer: tuple[str, list[bytes | tuple[bytes, bytes] | None]]) -> list:  # type: ignore[type-arg]
    """What a command gave; imaplib's error if it was refused."""
    word, data = answer
    if word != "OK":
        raise imaplib.IMAP4.error("refused")
    return data
