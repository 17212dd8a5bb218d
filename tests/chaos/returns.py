"""Mail of an alert that comes back after it was delivered, from a host that gives up only when it
has heard 250; and whether each is counted once."""

import asyncio
from collections import Counter
from itertools import cycle
from typing import cast

from aiosmtplib import SMTP, SMTPException
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.bounces.store import DUE, MAIL, Bounces
from services.notify.ledger.delivery import bounces_key, delivery_key, ledger_key
from services.notify.ledger.states import STATES, Flag, State
from tests.chaos.deeds.telling import vault_of
from tests.chaos.editor import PATIENCE, Round
from tests.chaos.system import ALONE, Chaos
from tests.notify.bounces.shapes import postfix
from tests.wait import until

RETURNS = 40
"""Mails that come back."""


async def come_back(chaos: Chaos, round_: Round) -> None:
    """Mails of the round come back, and are handled."""
    paths = {mail.recipient: mail.return_path for mail in chaos.sink.taken
             if mail.round == round_.number}  # fmt: skip
    async with chaos.redis as redis:
        await _forget_marks(redis)
    ports = cycle([process.returns_port for process in chaos.workers()])
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
        await _forget_marks(redis)
    # Whoever may have had it before, from a worker that was killed, has another flag besides.
    flagged = Counter(byte % STATES for byte in bytes_ if byte & Flag.BOUNCED)
    wanted = {State.HANDED_OVER: RETURNS}
    found = [] if flagged == wanted else [f"bytes of what came back: {dict(flagged)}"]
    if (noted, codes) != (RETURNS, RETURNS):
        found.append(f"{noted} noted and {codes} codes, not {RETURNS}")
    wanted_marks = set(range(1, ALONE + 1))
    return found + ([] if marks == wanted_marks else [f"marked: {sorted(marks)}"])


async def _marks(redis: Redis, delivery: str) -> set[int]:
    """The members whom the delivery has marked. Whoever is alone at a domain keeps the mark; the
    others have one domain, so it is a surge there, and marks nobody."""
    found = set()
    async for key in redis.scan_iter("notify:bounces:marks:*"):
        for field in await redis.hkeys(key):
            number, _, of = field.decode().partition(" ")
            if of == delivery:
                found.add(int(number))
    return found


async def _forget_marks(redis: Redis) -> None:
    """A second mark would keep the next alert from them."""
    vault = await vault_of(redis)
    for number in range(1, ALONE + 1):
        await Bounces(redis, vault).forget(number)
