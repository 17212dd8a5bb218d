"""Staff have a member tried again whom an alert did not reach, and a kill comes in between."""

import time

from redis.asyncio import Redis

from services.notify.journal.entries import EntryKind
from services.notify.ledger.delivery import delivery_key, failures_key, ledger_key
from shared.events import to_fields
from tests.chaos.audit import complete
from tests.chaos.gate import in_journal
from tests.chaos.journal import journal_of
from tests.chaos.system import Chaos
from tests.notify.wishes import wanted

_MEMBER = 7
"""The number of whom it did not reach."""


class WishDeed:
    """An alert is delivered to all but one: notify is asked to try again, and mails that one."""

    name = "wish"
    kinds = ("heed.lua", *in_journal(EntryKind.WISH))

    async def prepare(self, chaos: Chaos) -> str:
        round_ = await chaos.post()
        await complete(chaos, round_)
        delivery = round_.delivery
        async with chaos.redis as redis:
            await _did_not_reach(redis, delivery)
        return f"{delivery} {int(time.time() * 1000)} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        delivery, sequence, _ = about.split()
        async with chaos.redis as redis:
            event = wanted("again", int(sequence), delivery=delivery)
            await redis.xadd("control", to_fields(event))

    async def lacks(self, chaos: Chaos, about: str) -> str:
        delivery, sequence, before = about.split()
        async with chaos.redis as redis:
            fields = await redis.hgetall(delivery_key(delivery))
            pending = (await redis.xpending("control", "notify"))["pending"]
            heard = (await journal_of(chaos, redis)).wishes.get(delivery)
        if pending or fields.get(b"heeded") != sequence.encode():
            return "not heard"
        if heard != int(sequence):
            return "not in the journal"
        if (fields[b"state"], fields[b"failed"]) != (b"complete", b"0"):
            return "not complete"
        mails = [m for m in chaos.sink.taken[int(before) :] if m.delivery == delivery]
        to = {mail.recipient for mail in mails}
        if to != {chaos.members[_MEMBER - 1]}:
            return f"mailed to {len(to)}"
        return f"mailed {len(mails)} times" if len(mails) > 2 else ""


async def _did_not_reach(redis: Redis, delivery: str) -> None:
    """As if the relay had refused the member."""
    async with redis.pipeline(transaction=True) as step:
        step.setrange(ledger_key(delivery), _MEMBER, b"\4")
        step.hset(failures_key(delivery), str(_MEMBER), "5.2.2 552")
        step.hincrby(delivery_key(delivery), "handed_over", -1)
        step.hincrby(delivery_key(delivery), "failed", 1)
        step.hincrby(delivery_key(delivery), "failed:full", 1)
        await step.execute()
