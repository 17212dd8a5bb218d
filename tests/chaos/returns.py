"""Mail of an alert that comes back after it was delivered, from a host that gives up only when it
has heard 250; and whether each is counted once."""

import asyncio
from collections import Counter
from itertools import cycle
from typing import cast

from aiosmtplib import SMTP, SMTPException
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.bounces.store import DUE, MAIL
from services.notify.ledger.delivery import bounces_key, delivery_key, ledger_key
from services.notify.ledger.states import Flag, State
from tests.chaos.editor import PATIENCE, Round
from tests.chaos.system import Chaos
from tests.notify.bounces.shapes import postfix
from tests.wait import until

RETURNS = 40
"""Mails that come back."""


async def come_back(chaos: Chaos, round_: Round) -> None:
    """Mails of the round come back, and are handled."""
    paths = {mail.recipient: mail.return_path for mail in chaos.sink.taken
             if mail.round == round_.number}  # fmt: skip
    ports = cycle([process.bounce_port for process in chaos.workers()])
    for member in chaos.members[:RETURNS]:
        await until(lambda member=member: _send(next(ports), paths[member]), timeout=PATIENCE)

    async def nothing_waits() -> bool:
        try:
            async with chaos.redis as redis:
                return not await redis.exists(MAIL, DUE)
        except RedisError:
            return False

    await until(nothing_waits, timeout=PATIENCE)


async def _send(port: int, to: str) -> bool:
    """Whether it was taken."""
    smtp = SMTP(hostname="127.0.0.1", port=port, start_tls=False, timeout=10)
    try:
        await smtp.connect()
        await smtp.mail("")
        await smtp.rcpt(to)
        await smtp.data(postfix("5.1.1"))
    except (SMTPException, OSError):
        await asyncio.sleep(0.05)
        return False
    finally:
        smtp.close()
    return True


async def wrong_in(chaos: Chaos, round_: Round) -> list[str]:
    """What is not as it should be once they are handled."""
    async with chaos.redis as redis:
        bytes_ = cast("bytes", await redis.get(ledger_key(round_.delivery)))
        noted = int(await redis.hget(delivery_key(round_.delivery), "bounced") or 0)
        codes = await redis.hlen(bounces_key(round_.delivery))
        marks = await _marks(redis, round_.delivery)
    flagged = Counter(byte for byte in bytes_ if byte & Flag.BOUNCED)
    wanted = {State.HANDED_OVER + Flag.BOUNCED: RETURNS}
    found = [] if flagged == wanted else [f"bytes of what came back: {dict(flagged)}"]
    if (noted, codes) != (RETURNS, RETURNS):
        found.append(f"{noted} noted and {codes} codes, not {RETURNS}")
    return found + ([] if not marks else [f"{marks} marked in a surge"])


async def _marks(redis: Redis, delivery: str) -> int:
    """All members have one domain, so it is a surge, and marks nobody."""
    found = 0
    async for key in redis.scan_iter("notify:bounces:marks:*"):
        fields = await redis.hkeys(key)
        found += sum(field.decode().endswith(f" {delivery}") for field in fields)
    return found
