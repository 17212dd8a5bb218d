"""A notify that hears what comes back, and a host that sends it."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiosmtplib import SMTP, SMTPResponseException
from redis.asyncio import Redis

from services.notify.bounces.marks import Mark
from services.notify.bounces.store import DUE, MAIL
from services.notify.ledger.delivery import delivery_key
from shared.revision import Revision
from tests.log_calls import REPO
from tests.make import alert, revision
from tests.notify.system import System, running, system
from tests.wait import until

ADDRESS = "retur@varsel.example.org"


def another(name: str) -> Revision:
    """An alert of another article."""
    return revision(alert(title=f"Et annet varsel {name}"), id=f"{name:0<12}")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def hearing(redis: Redis, url: str, **overrides: Any) -> AsyncIterator[System]:
    """Everything around notify, and notify, with a port for what comes back."""
    port = free_port()
    mine = {"bounce_address": ADDRESS, "bounce_port": port} | overrides
    async with system(redis, url, **mine) as around, running(around):
        yield around


async def send(up: System, to: str, content: bytes, *, sender: str = "") -> tuple[int, str]:
    """Send a mail to a return path as a stranger's host does; gives its answer."""
    async with talking(up) as smtp:
        try:
            await smtp.mail(sender, encoding="ascii")
            await smtp.rcpt(to)
            answer = await smtp.data(content)
        except SMTPResponseException as error:
            return error.code, error.message
        return answer.code, answer.message


@asynccontextmanager
async def talking(up: System) -> AsyncIterator[SMTP]:
    """A conversation with the listener, after EHLO."""
    assert up.settings.bounce_port
    smtp = SMTP(hostname="127.0.0.1", port=up.settings.bounce_port, start_tls=False)
    await smtp.connect()
    try:
        await smtp.ehlo()
        yield smtp
    finally:
        smtp.close()


async def comes_back(up: System, to: str, content: bytes) -> None:
    """The newest mail to this member comes back, and is handled."""
    assert (await send(up, return_path(up, to), content))[0] == 250
    await handled(up.redis)


def return_path(up: System, to: str) -> str:
    """Where the newest mail to this member comes back to."""
    return [mail.sender for mail in up.relay.mails if mail.recipient == to][-1]


async def handled(redis: Redis) -> None:
    """Wait until nothing waits to be read."""

    async def nothing_waits() -> bool:
        return not await redis.hlen(MAIL) and not await redis.zcard(DUE)

    await until(nothing_waits, timeout=30)


async def days_pass(redis: Redis, days: float = 4) -> None:
    """What came back until now came so many days earlier."""
    seconds = round(days * 24 * 60 * 60)
    async for key in redis.scan_iter("notify:bounces:marks:*"):
        for field, text in (await redis.hgetall(key)).items():
            mark = Mark.of_text("", text.decode())
            earlier = mark._replace(started=mark.started - seconds, at=mark.at - seconds)
            await redis.hset(key, field, earlier.as_text())


async def bounced(redis: Redis, delivery: str) -> int:
    return int(await redis.hget(delivery_key(delivery), "bounced") or 0)


async def handle(url: str, secret: str, step: str = "", imap: str = "") -> int | None:
    """Handle what waits in a process of its own, which dies at this step; how it ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.notify.bounces.handler", url, secret, step, imap), cwd=REPO
    )
    try:
        async with asyncio.timeout(60):
            return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
