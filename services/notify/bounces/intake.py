"""What of all that strangers send is kept: what is about a mail of ours, and wishes to
leave."""

import re
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.notify.bounces.sent_mail import delivery_of
from services.notify.bounces.store import Bounces, MailboxPlace
from services.notify.vault.return_paths import ReturnPaths, SentMail
from services.notify.vault.tokens import LEAVE, TOKEN_LENGTH, Tokens

HEAD = 64 * 1024
"""Octets of a mail that are kept. What it says stands first, then the mail that came back."""
_LEAVES = re.compile(
    rf"^Subject:[ \t]*{LEAVE}(?:[ \t+_]|\r?\n[ \t]|%20)+([\w-]{{{TOKEN_LENGTH}}})\s*$".encode(),
    re.IGNORECASE | re.MULTILINE,
)
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


class ReturnIntake:
    """Keeps mails that came by any way. `tokens` are those of the links in mails."""

    def __init__(self, redis: Redis, store: Bounces, paths: ReturnPaths, tokens: Tokens) -> None:
        self._redis = redis
        self._store = store
        self._tokens = tokens
        self.paths = paths

    async def good(self, sent: SentMail | None) -> SentMail | None:
        """`sent`, if it is of a delivery that is still taken; redis-py's errors."""
        if sent is None:
            return None
        now = datetime.now(UTC)
        return sent if await delivery_of(self._redis, sent, now=now) else None

    async def take(
        self, content: bytes, sent: SentMail | None = None, place: MailboxPlace | None = None
    ) -> bool:
        """Keep a mail if it is about something of ours: a mail that we sent (`sent`, or the first
        return path that stands in it), or a member who asks to leave. False if it is not. `place`
        is where it was read, if in a mailbox. TooManyWait, redis-py's errors."""
        content = content[:HEAD]
        sent = sent or await self.good(self.paths.in_text(content))
        if sent:
            await self._store.keep(sent, content, place)
            return True
        number = self._leaving(content)
        if number is not None:
            await self._store.keep_leaving(number, place)
        return number is not None

    async def listens(self) -> None:
        """Note that all that came by some way until now was heard; redis-py's errors."""
        await self._store.listens()

    def _leaving(self, content: bytes) -> int | None:
        """The number of the member who asks to leave; none if nobody does."""
        headers = _END_OF_HEADERS.split(content, maxsplit=1)[0]
        found = _LEAVES.search(headers)
        return self._tokens.open(found[1].decode()) if found else None
