from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiosmtplib
import httpx
import pytest
from redis.asyncio import Redis

from services.notify.inbox.app import Inbox
from shared.bus.users import as_user


@dataclass
class Mailbox:
    """A running inbox, seen from outside."""

    port: int
    http: httpx.AsyncClient

    async def deliver(self, *mails: bytes, to: str = "kari@example.net") -> None:
        """Hand mails over by SMTP, on one connection."""
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=self.port, start_tls=False) as smtp:
            for mail in mails:
                await smtp.sendmail("varsel@example.org", to, mail)


@pytest.fixture
async def inbox(redis_url: str) -> AsyncIterator[Mailbox]:
    async with Redis.from_url(as_user(redis_url, "notify")) as redis:
        inbox = Inbox(redis)
        port = await inbox.start()
        transport = httpx.ASGITransport(inbox.http)
        async with httpx.AsyncClient(transport=transport, base_url="http://inbox.example") as http:
            yield Mailbox(port, http)
        await inbox.stop()
