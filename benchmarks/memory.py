"""What a member takes in Redis, by what it is for: record, index, choices, how somebody left.

`python -m benchmarks memory`, a minute; VARSEL_BENCH_MEMBERS sets another number than a million.
Each family of keys is deleted in turn: what Redis has less then is what it took.
"""

import os
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from redis.asyncio import Redis

from benchmarks.world import World, world
from services.notify.choices.store import Choices
from services.notify.members.many import ManyMembers
from services.notify.members.member import Consent, Member
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.subject import Subject

MEMBERS = int(os.environ.get("VARSEL_BENCH_MEMBERS", "1000000"))
SUBJECTS = 50
PICKY = 2_000
"""Members who pick subjects. How many hardly matters: a string has a byte for everybody."""
LEFT_PERCENT = 5
_BATCH = 2_000
FAMILIES = {
    "the sealed record: address, name, language, consent, list and date": ("notify:members:*",),
    "the index: keyed hash of the address to the number": ("notify:index:*",),
    f"choices of {SUBJECTS} subjects: a byte for each, and one for `base`": ("notify:choice:*",),
    f"{LEFT_PERCENT} % who left: their place, when and how": ("notify:left:*", "notify:left_at:*"),
    "who is gone, for audiences: a byte": ("notify:gone",),
}


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    async with world() as here:
        before = await _used(here.redis)
        await _fill(here)
        after = await _used(here.redis)
        yield (
            f"Redis with {MEMBERS} members, their consents and {SUBJECTS} subjects",
            f"{(after - before) / 2**20:.0f} MB, {(after - before) / MEMBERS:.0f} bytes a member",
            "≤ 250 MB for 1,000,000, without a ledger",
        )
        for what, patterns in FAMILIES.items():
            for pattern in patterns:
                found = [key async for key in here.redis.scan_iter(pattern, count=5000)]
                for first in range(0, len(found), 1000):
                    await here.redis.delete(*found[first : first + 1000])
            less = await _used(here.redis)
            yield what, f"{(after - less) / MEMBERS:.0f} bytes a member", ""
            after = less
        yield "all else", f"{(after - before) / MEMBERS:.0f} bytes a member", ""


async def _used(redis: Redis) -> int:
    return int((await redis.info("memory"))["used_memory"])


async def _fill(here: World) -> None:
    found = await keys.load(here.redis, secret_key(here.settings))
    vault = Vault(found.vault, found.index)
    members = Members(here.redis, vault)
    consent = await members.keep_consent(Consent("Ja, send meg varsler.", version="1", lang="nb"))
    for first in range(0, MEMBERS, _BATCH):
        batch = range(first, min(first + _BATCH, MEMBERS))
        assert await members.add([_member(n, consent) for n in batch], after=first)
    dice = random.Random(0)
    choices = Choices(here.redis, vault)
    names = [f"emne-{n}" for n in range(SUBJECTS)]
    for name in names:
        known = Subject(id=name, name=name).model_dump_json()
        await here.redis.hset("notify:subjects", name, known)
    for number in (*dice.sample(range(1, MEMBERS), PICKY), MEMBERS):
        await choices.set(number, names if number == MEMBERS else dice.sample(names, 3))
    await _let_leave(here, members, dice)


def _member(n: int, consent: str) -> Member:
    return Member(
        f"medlem{n}@example.org", f"Åse Eksempel {n}", "nb", consent,
        confirmed="2026-11-28", lists="styreweb",
    )  # fmt: skip


async def _let_leave(here: World, members: Members, dice: random.Random) -> None:
    many = ManyMembers(here.redis, members)
    seconds, _ = await here.redis.time()
    at = datetime.fromtimestamp(seconds, UTC)
    async for known in many.all_known(MEMBERS):
        some = dice.sample(sorted(known), len(known) * LEFT_PERCENT // 100)
        await many.end({number: known[number].sealed or b"" for number in some}, at)
