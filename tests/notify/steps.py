"""What tests of notify have it do, and what they look at afterwards."""

from collections import Counter, defaultdict
from collections.abc import Callable

from redis.asyncio import Redis

from services.notify.ledger.delivery import deliveries, delivery_key, ledger_key
from tests.notify.revisions import original
from tests.notify.system import System
from tests.wait import until

DELIVERY = "a1b2c3d4e5f6.1"


def addresses(count: int) -> list[str]:
    return [f"medlem{number}@example.org" for number in range(1, count + 1)]


async def in_the_middle(up: System, members: int = 1300, after: int = 150) -> None:
    await up.join(*addresses(members))
    up.relay.slowness = 0.01
    await up.publish(original)
    await until(lambda: len(up.relay.mails) >= after)


def got(up: System) -> dict[str, list[str]]:
    """The subjects that each address was mailed, in order."""
    found: dict[str, list[str]] = defaultdict(list)
    for mail in up.relay.mails:
        found[mail.recipient].append(str(mail.head["Subject"]))
    return found


async def balanced(up: System) -> None:
    """The sums of every delivery, as they were told and as they are, and against the bytes."""
    names = ("handed_over", "failed", "suppressed", "open")
    for event in await up.told():
        if hasattr(event.data, "audience"):
            sums = event.data.model_dump()
            assert sums["audience"] == sum(sums[name] for name in names), sums
            for what in ("failed", "bounced"):
                assert sums[what] == sum(sums[f"{what}_by"].values()), sums
    for found in await deliveries(up.redis):
        async with up.redis.pipeline(transaction=True) as pipe:
            pipe.hgetall(delivery_key(str(found["id"])))
            pipe.get(ledger_key(str(found["id"])))
            fields, states = await pipe.execute()
        sums = {name: int(fields[name.encode()]) for name in (*names, "audience")}
        assert sums["audience"] == sum(sums[name] for name in names), sums
        count = Counter(byte % 8 for byte in states[1:])
        open_ = sum(count[state] for state in (0, 1, 3))
        superseded = b"superseded" in fields and fields[b"cause"] == b"superseded"
        assert sums["audience"] == sum(count.values()) - count[7]
        assert sums["handed_over"] == count[2]
        assert sums["failed"] == count[4]
        assert sums["suppressed"] == count[5] + (open_ if superseded else 0)
        assert sums["open"] == (0 if superseded else open_)


def these(*dead: str) -> Callable[[str], str | None]:
    return lambda to: "550 5.1.1 no such user" if to in dead else None


async def let_go(up: System) -> None:
    """Wait until no worker has a chunk in hand."""

    async def nobody_has() -> bool:
        return not [key async for key in up.redis.scan_iter("notify:lease:*")]

    await until(nobody_has)


async def taken_up(up: System) -> None:
    """Wait until a worker took a chunk, however short: a lease is the only thing that is SET."""

    async def leases() -> int:
        return int((await up.redis.info("commandstats")).get("cmdstat_set", {"calls": 0})["calls"])

    before = await leases()

    async def one_more() -> bool:
        return await leases() > before

    await until(one_more)


async def dump(redis: Redis) -> bytes:
    """All that Redis holds, keys and values."""
    parts: list[bytes] = []
    for key in sorted([key async for key in redis.scan_iter(count=1000)]):
        kind = (await redis.type(key)).decode()
        read = {
            "string": redis.get,
            "hash": redis.hgetall,
            "set": redis.smembers,
            "zset": lambda k: redis.zrange(k, 0, -1),
            "stream": redis.xrange,
        }[kind]
        parts += [key, repr(await read(key)).encode()]
    return b"\n".join(parts)
