"""What became of one alert, seen from outside: the relay's mails against the list of members, and
the ledger's bytes against its counters."""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.ledger.delivery import DELIVERIES, delivery_key, ledger_key
from services.notify.ledger.states import Flag
from shared.topology import DEAD_LETTER_STREAMS, STREAMS
from tests.chaos.editor import PATIENCE, Round
from tests.chaos.journal import journal_of
from tests.chaos.system import Chaos
from tests.chaos.versions import Findings, Story, Version, judge
from tests.wait import until

_OUTSIDE = "not in the audience"
_BYTES = {2: "handed_over", 4: "failed", 5: "suppressed", 7: _OUTSIDE}
"""Of a ledger, but for the flag that an earlier version may have reached the member; any other is
open, or was until the delivery was superseded. See record.lua."""
_FLAG = 8
_SENDING = 1
_SUMS = ("audience", "handed_over", "failed", "suppressed", "open")


async def complete(chaos: Chaos, round_: Round, *, timeout: float = PATIENCE) -> None:
    """Until the editor's receipt says so of the newest delivery, and no event of anything is left
    to be handled. AssertionError with what is missing."""
    missing = "nothing was looked at"

    async def all_there() -> bool:
        nonlocal missing
        missing = await _missing(chaos, round_)
        return not missing

    try:
        await until(all_there, timeout)
    except AssertionError:
        raise AssertionError(missing) from None


async def _missing(chaos: Chaos, round_: Round) -> str:
    try:
        async with chaos.redis as redis:
            state = await redis.hget(delivery_key(round_.delivery), "state")
            pending = await _pending(redis)
    except RedisError as error:
        return f"Redis: {error}"
    if state != b"complete":
        return f"state {state!r} of {round_.delivery}"
    if pending:
        return f"pending {pending}"
    receipt = await chaos.editor.receipt(round_.article)
    return "" if receipt.get("state") == "complete" else f"receipt {receipt}"


async def _pending(redis: Redis) -> dict[str, int]:
    """Entries by stream and group that were fetched and not settled."""
    found = {}
    for stream in STREAMS:
        for group in stream.groups:
            if count := (await redis.xpending(stream.name, group))["pending"]:
                found[f"{stream.name} {group}"] = int(count)
    return found


async def audit(chaos: Chaos, round_: Round) -> Findings:
    """Once it is complete. G1, G6, G7 and G9."""
    taken = enumerate(list(chaos.sink.taken))
    mails = [(place, mail) for place, mail in taken if mail.round == round_.number]
    killed = {life for process in chaos.processes.values() for life in process.killed}
    wrong: list[str] = []
    async with chaos.redis as redis:
        names = cast("list[bytes]", await redis.zrange(DELIVERIES, 0, -1))
        own = {n.decode() for n in names if n.decode().partition(".")[0] == round_.article}
        wanted = [delivery for _, delivery in round_.deliveries]
        if own != set(wanted):
            wrong.append(f"deliveries {sorted(own)}, not {wanted}")
        in_doubt = {name: await _in_doubt(chaos, redis, name) for name in own}
        after = dict(zip(wanted, [*wanted[1:], ""], strict=True))
        for delivery in own & after.keys():
            audience = len(chaos.members) if delivery == wanted[0] else None
            wrong += await unbalanced(redis, delivery, audience)
            wrong += await _ended(redis, delivery, after[delivery])
        for stream in DEAD_LETTER_STREAMS:
            if count := await redis.xlen(stream.name):
                wrong.append(f"{count} dead letters in {stream.name}")
        wrong += await _not_in_journal(chaos, redis, wanted)
    story = Story(
        members=frozenset(chaos.members),
        versions=[Version(form, name, chaos.marks.get(name)) for form, name in round_.deliveries],
        killed=frozenset(killed),
        in_doubt=in_doubt,
    )
    found = judge(mails, story)
    found.wrong += wrong
    return found


async def _not_in_journal(chaos: Chaos, redis: Redis, deliveries: list[str]) -> list[str]:
    """What went out and could go out again from a copy of Redis: deliveries, and posts that the
    follower has got."""
    journal = await journal_of(chaos, redis)
    missing = [*(set(deliveries) - journal.deliveries), *(chaos.follower.taken - journal.posts)]
    return [f"not in the journal: {sorted(missing)}"] if missing else []


async def _in_doubt(chaos: Chaos, redis: Redis, delivery: str) -> frozenset[str]:
    """Whom the delivery may have reached without a word of it, by its ledger: numbers were given in
    the order of the list."""
    states = cast("bytes", await redis.get(ledger_key(delivery)) or b"")
    return frozenset(
        to
        for to, byte in zip(chaos.members, states[1:], strict=False)
        if byte % _FLAG == _SENDING or byte % Flag.BOUNCED >= _FLAG
    )


async def _ended(redis: Redis, delivery: str, by: str) -> list[str]:
    """`by` is the delivery that superseded it; empty for the newest."""
    state, superseded = await redis.hmget(delivery_key(delivery), "state", "superseded")
    if state != b"complete":
        return [f"state {state!r} of {delivery}"]
    return [] if (superseded or b"").decode() == by else [f"{superseded!r} superseded {delivery}"]


async def unbalanced(redis: Redis, delivery: str, audience: int | None) -> list[str]:
    """What does not add up in a ledger: its counters among themselves, and against its bytes, read
    in one step; and its audience, where that is known."""
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hgetall(delivery_key(delivery))
        pipe.get(ledger_key(delivery))
        fields, states = await pipe.execute()
    fields = cast("dict[bytes, bytes]", fields)
    sums = {name: int(fields[name.encode()]) for name in _SUMS}
    rest = "suppressed" if b"superseded" in fields else "open"
    counted = Counter(_BYTES.get(byte % _FLAG, rest) for byte in (states or b"")[1:])
    del counted[_OUTSIDE]
    wrong = []
    if audience is not None and sums["audience"] != audience:
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
                    wrong = await unbalanced(redis, delivery, None)
                    found.wrong += [f"on the way: {words}" for words in wrong]
        await asyncio.sleep(0.1)
