"""What is left of somebody who was erased."""

from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.bounces.marks import Mark
from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.members.member import Consent
from services.notify.members.opened import open_membership
from services.notify.members.store import count
from services.notify.on_change import on_change
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from tests.notify.members.people import member
from tests.notify.revisions import corrected, original
from tests.notify.steps import balanced, dump, these
from tests.notify.system import System, running

KARI, OLA = "kari.canary@example.org", "ola.canary@example.org"


async def with_number(redis: Redis, number: int) -> set[str]:
    """The keys that tell of a member: by a field, a value or a byte of this number. The number is
    one that nothing else has."""
    bucket, field = divmod(number, 100)
    found = set()
    async for key in redis.scan_iter():
        name, kind = key.decode(), (await redis.type(key)).decode()
        if kind == "string":
            told = await redis.getrange(key, number, number) not in (b"", b"\0")
        else:
            value: Any = await {
                "hash": redis.hgetall,
                "set": redis.smembers,
                "zset": lambda k: redis.zrange(k, 0, -1),
                "stream": redis.xrange,
            }[kind](key)
            packed = name.endswith(f":{bucket}") and kind == "hash"
            told = packed and str(field).encode() in value
            told = told or str(number).encode() in repr(value).encode()
        if told:
            found.add(name)
    return found


@pytest.fixture
async def vault(notify: System) -> Vault:
    found = await keys.load(notify.redis, secret_key(notify.settings))
    return Vault(found.vault, found.index)


async def test_erasing_leaves_only_a_keyed_hash_and_the_ledgers_counts(
    notify: System, vault: Vault
) -> None:
    redis, number = notify.redis, 7123
    members = await notify.members()
    consent = await members.keep_consent(Consent("Ja takk"))
    async with open_membership(redis, notify.settings) as membership:
        for first in range(1, number, 1000):
            assert await membership.endings.skip(range(first, min(first + 1000, number)))
    new = [member(email, consent=consent) for email in (KARI, OLA)]
    assert await members.add(new, after=number - 1, staff=True)
    notify.relay.rcpt = these(KARI)
    async with running(notify):
        await notify.publish(original)
        await notify.delivery()
    choices = Choices(redis, vault)
    await choices.set(number, ["eksempelinib"])
    bounces = Bounces(redis, vault)
    domain = bounces.domain(KARI)
    mark = Mark("a1b2c3d4e5f6.1", 1, "5.1.1", 2, bounces.address(KARI))
    await bounces.mark(number, domain, mark)
    before = await with_number(redis, number)
    assert {"notify:members:71", "notify:staff"} <= before
    assert {"notify:failures:a1b2c3d4e5f6.1", "notify:replies:a1b2c3d4e5f6.1"} <= before
    assert {"notify:choice:base", "notify:bounces:marks:7"} <= before
    async with open_membership(redis, notify.settings, on_change) as membership:
        await membership.erase(number)
    (index,) = [key for key in before if key.startswith("notify:index:")]
    assert await with_number(redis, number) == {
        index,  # the keyed hash, and the number
        "notify:left:71",
        "notify:gone",
        "notify:ledger:a1b2c3d4e5f6.1",
        f"notify:bounces:heard:{domain}",  # for two hours
    }
    await balanced(notify)
    assert await count(redis) == 1
    assert b"canary" not in (await dump(redis)).lower()


async def test_a_correction_counts_the_erased_as_suppressed(notify: System) -> None:
    await notify.join(KARI, OLA)
    async with running(notify):
        await notify.publish(original)
        await notify.delivery_of(original)
        async with open_membership(notify.redis, notify.settings, on_change) as membership:
            await membership.erase(1)
        await notify.publish(corrected)
        sums = await notify.delivery_of(corrected)
    assert (sums["audience"], sums["handed_over"], sums["suppressed"]) == (2, 1, 1)
    assert [mail.recipient for mail in notify.relay.mails].count(KARI) == 1
