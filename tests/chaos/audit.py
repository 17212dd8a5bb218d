"""What became of one alert, seen from outside: the relay's mails against the list of members, and
the ledger's bytes against its counters."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.ledger import DELIVERIES, delivery_key, ledger_key
from shared.topology import DEAD_LETTER_STREAMS, STREAMS
from tests.chaos.sink import Life, Taken
from tests.chaos.system import PATIENCE, Chaos, Round
from tests.wait import until

MOST_TWICE = 64
"""Of G7: what a worker may have handed over and not written down when it is killed."""
_BYTES = {2: "handed_over", 4: "failed", 5: "suppressed", 7: "nobody"}
"""Of a ledger, modulo 8; any other is open. See record.lua."""
_SUMS = ("audience", "handed_over", "failed", "suppressed", "open")


@dataclass
class Findings:
    """Of one or more alerts."""

    mailed: int = 0
    lost: int = 0
    """Members whom the relay got no mail for."""
    twice: Counter[Life] = field(default_factory=Counter)
    """Mails that came again later, by who had handed them over before."""
    wrong: list[str] = field(default_factory=list)
    """Whatever breaks a promise, in words."""

    def add(self, other: "Findings") -> None:
        self.mailed += other.mailed
        self.lost += other.lost
        self.twice += other.twice
        self.wrong += other.wrong

    @property
    def most_twice(self) -> int:
        return max(self.twice.values(), default=0)


async def complete(chaos: Chaos, round_: Round, *, timeout: float = PATIENCE) -> None:
    """Until the editor's receipt says so, and no event of anything is left to be handled."""

    async def told() -> bool:
        return (await chaos.receipt(round_.article)).get("state") == "complete"

    async def settled() -> bool:
        try:
            async with chaos.redis as redis:
                return not await _pending(redis)
        except RedisError:
            return False

    await until(told, timeout)
    await until(settled, timeout)


async def _pending(redis: Redis) -> dict[str, int]:
    """Entries by stream and group that were fetched and not settled."""
    found = {}
    for stream in STREAMS:
        for group in stream.groups:
            if count := (await redis.xpending(stream.name, group))["pending"]:
                found[f"{stream.name} {group}"] = int(count)
    return found


async def audit(chaos: Chaos, round_: Round) -> Findings:
    """Once it is complete. G1, G6 and G7."""
    mails = [mail for mail in chaos.sink.taken if mail.round == round_.number]
    killed = {life for process in chaos.processes.values() for life in process.killed}
    found = judge(mails, set(chaos.members), killed)
    async with chaos.redis as redis:
        names = cast("list[bytes]", await redis.zrange(DELIVERIES, 0, -1))
        own = [n.decode() for n in names if n.decode().partition(".")[0] == round_.article]
        if len(own) != 1:
            found.wrong.append(f"{len(own)} deliveries of one alert")
        for delivery in own:
            found.wrong += await unbalanced(redis, delivery, len(chaos.members))
            state = await redis.hget(delivery_key(delivery), "state")
            if state != b"complete":
                found.wrong.append(f"state {state!r}")
        for stream in DEAD_LETTER_STREAMS:
            if count := await redis.xlen(stream.name):
                found.wrong.append(f"{count} dead letters in {stream.name}")
    return found


def judge(mails: Iterable[Taken], members: set[str], killed: set[Life]) -> Findings:
    """Pure: what the relay took for one alert, in its order."""
    found = Findings()
    by_recipient: dict[str, list[Taken]] = defaultdict(list)
    by_id: dict[str, set[str]] = defaultdict(set)
    for mail in mails:
        found.mailed += 1
        by_recipient[mail.recipient].append(mail)
        by_id[mail.message_id].add(mail.recipient)
    found.lost = len(members - by_recipient.keys())
    if found.lost:
        found.wrong.append(f"{found.lost} members without mail")
    if strangers := by_recipient.keys() - members:
        found.wrong.append(f"{len(strangers)} recipients who are no members")
    others = sum(len({mail.message_id for mail in same}) > 1 for same in by_recipient.values())
    if others:
        found.wrong.append(f"{others} members got copies with different Message-IDs")
    if shared := sum(len(recipients) > 1 for recipients in by_id.values()):
        found.wrong.append(f"{shared} Message-IDs of several members")
    for same in by_recipient.values():
        for mail in same[:-1]:  # whoever handed it over did not write it down, or another went on
            found.twice[mail.sender] += 1
    for life, count in found.twice.items():
        if life not in killed:
            found.wrong.append(f"{count} mails twice though {life} was not killed")
        elif count > MOST_TWICE:
            found.wrong.append(f"{count} mails twice after {life} was killed")
    return found


async def unbalanced(redis: Redis, delivery: str, audience: int) -> list[str]:
    """What does not add up in a ledger: its counters among themselves, and against its bytes, read
    in one step."""
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hgetall(delivery_key(delivery))
        pipe.get(ledger_key(delivery))
        fields, states = await pipe.execute()
    fields = cast("dict[bytes, bytes]", fields)
    sums = {name: int(fields[name.encode()]) for name in _SUMS}
    open_ = "suppressed" if b"superseded" in fields else "open"
    counted = Counter(_BYTES.get(byte % 8, open_) for byte in (states or b"")[1:])
    wrong = []
    if sums["audience"] != audience:
        wrong.append(f"audience {sums['audience']}, not {audience}")
    if sums["audience"] != sum(sums[name] for name in _SUMS[1:]):
        wrong.append(f"the ledger does not add up: {sums}")
    if any(counted[name] != sums[name] for name in _SUMS[1:]):
        wrong.append(f"counted {dict(counted)}, noted {sums}")
    return wrong


async def watch_balance(chaos: Chaos, found: Findings) -> None:
    """Look at every newest ledger again and again, until cancelled: G6 holds at every moment."""
    while True:
        with suppress(RedisError):
            async with chaos.redis as redis:
                for name in await redis.zrange(DELIVERIES, 0, 3, desc=True):
                    delivery = cast("bytes", name).decode()
                    wrong = await unbalanced(redis, delivery, len(chaos.members))
                    found.wrong += [f"on the way: {words}" for words in wrong]
        await asyncio.sleep(0.1)
