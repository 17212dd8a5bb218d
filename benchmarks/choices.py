"""What members' choices cost: Redis's processor time for the script that starts a delivery, at a
million members; memory; and a delivery by subjects beside one to all, in turn, as `speed` does
it."""

import random
import struct
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from statistics import median
from typing import Self, cast

from benchmarks import postfix
from benchmarks.deliveries import alert_of, deliver, site, take_in
from benchmarks.speed import relay_settings
from benchmarks.world import World, world
from services.notify.choices.store import BASE, GONE, OWN, Choices
from services.notify.ledger.delivery import ledger_key
from services.notify.ledger.start import Starter
from services.notify.members.store import CHAIN, LAST, LEAVES
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.bus import Bus, Entry
from shared.bus.entry import Place
from shared.bus.streams import create_topology
from shared.bus.users import as_user
from shared.event_data import DeliveryKind
from shared.events import PagePublished, to_fields
from shared.revision import Change, Past, Revision, content_sha256
from shared.trace import new_traceparent

MEMBERS = 1_000_000
SUBJECTS = tuple(f"emne-{n}" for n in range(50))
RETURNED = 200_000
"""Members who left and came back, as by a list that ended them and its undo."""
PICKY_PERCENT = 90
"""Of the members in the deliveries, those who picked subjects."""
DELIVERED = 20_000
ROUNDS = 5
CONNECTIONS = 16


_STATES = (0, 2, 2, 2, 4, 5, 7, 10)
"""Of a delivery in its middle."""


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    async with world() as here:
        bench = await _Bench(here).begin()
        plain = await bench.start_of("alert", None)
        before = await bench.memory()
        await bench.choose()
        used = await bench.memory() - before
        for name, kind, subjects in (
            ("for all", "alert", None),
            ("about one subject", "alert", SUBJECTS[:1]),
            ("about 50 subjects", "alert", SUBJECTS),
            ("whose correction reaches whom it reached", "correction", SUBJECTS[:1]),
            ("whose correction is for all", "correction", None),
        ):
            taken = await bench.start_of(cast("DeliveryKind", kind), subjects)
            yield (
                f"Redis's processor time to start an alert {name}, {MEMBERS} members of whom"
                f" {RETURNED} came back, {len(SUBJECTS)} subjects",
                f"{taken * 1000:.0f} ms ({plain * 1000:.0f} ms for all before anybody chose)",
                "≤ 100 ms",
            )
        yield (
            f"memory of choices with {len(SUBJECTS)} subjects",
            f"{used / MEMBERS:.1f} bytes a member",
            "reported",
        )
        await bench.bus.redis.aclose()
    yield await _in_turn()


class _Bench:
    """Start scripts on a Redis that knows how many members there are, and what they chose."""

    def __init__(self, here: World) -> None:
        self._redis = here.redis
        self.bus = Bus(as_user(here.redis_url, "notify"), service="notify", consumer="bench")
        self._choices = Choices(self.bus.redis, Vault(bytes(32), bytes(32)))
        self._starter = Starter(self.bus, self._choices)
        self._strings = [BASE, GONE, *self._choices.strings(SUBJECTS)]
        self._number = 0

    async def begin(self) -> Self:
        await create_topology(self._redis)
        await self._redis.mset({LAST: MEMBERS, LEAVES: 0})
        return self

    async def choose(self) -> None:
        """At random: a third of the members did not want each subject; a tenth is gone."""
        for string in self._strings:
            likely = 9 if string == GONE else 2
            drawn = random.choices((0, 7), weights=(likely, 1), k=MEMBERS + 1)
            await self._redis.set(string, bytes(drawn))
        before = random.sample(range(1, MEMBERS - RETURNED), RETURNED)
        chain = [0] * (MEMBERS - RETURNED + 1) + before
        await self._redis.set(CHAIN, struct.pack(f"<{len(chain)}I", *chain))

    async def start_of(self, kind: DeliveryKind, subjects: tuple[str, ...] | None) -> float:
        """Seconds of Redis for the start, of several the one in the middle."""
        return median([await self._once(kind, subjects) for _ in range(5)])

    async def _once(self, kind: DeliveryKind, subjects: tuple[str, ...] | None) -> float:
        self._number += 1
        of_first = subjects if kind == "alert" else SUBJECTS[:1]
        first = alert_of(f"alert{self._number:07}").model_copy(update={"subjects": of_first})
        taken, delivery = await self._start(first, ""), f"{first.id}.1"
        if kind == "alert":
            return taken
        states = bytes(random.choices(_STATES, k=MEMBERS + 1))
        await self._redis.set(ledger_key(delivery), states)
        return await self._start(_corrected(first, subjects), delivery)

    async def _start(self, revision: Revision, before: str) -> float:
        event = PagePublished.about(revision, traceparent=new_traceparent())
        await self._redis.xadd("pages", to_fields(event))  # type: ignore[arg-type]
        found = await self._redis.xreadgroup("notify", "bench", {"pages": ">"}, count=1)
        place = Place("pages", "notify", "bench", found[0][1][0][0].decode())
        entry = Entry(place, event, self.bus._commit)
        began = await self._processor_seconds()
        await self._starter.start(entry, event, before=before, held="")
        return await self._processor_seconds() - began

    async def _processor_seconds(self) -> float:
        """Of Redis, and of its thread that runs scripts."""
        used = await self._redis.info("cpu")
        return float(used["used_cpu_user_main_thread"] + used["used_cpu_sys_main_thread"])

    async def memory(self) -> int:
        """Bytes that Redis uses."""
        return int((await self._redis.info("memory"))["used_memory"])


def _corrected(first: Revision, subjects: tuple[str, ...] | None) -> Revision:
    change = Change(kind="correction", note="Dosen var feil.")
    return first.model_copy(
        update={
            "revision": 2,
            "change": change,
            "sha256": content_sha256(first.article, {}, change),
            "history": (Past(revision=1, at=first.at),),
            "revised_at": datetime.now(UTC),
            "subjects": subjects,
        }
    )


async def _in_turn(members: int = DELIVERED, rounds: int = ROUNDS) -> tuple[str, str, str]:
    """Deliveries by subjects beside such to all, the same members each time."""
    ratios = []
    with postfix.tools() as found, postfix.smtp_sink(found) as port:
        async with world() as here:
            await take_in(here, members)
            await _be_picky(here, members)
            await _delivered(here, port, 0, None)  # warms up
            for turn in range(rounds):
                took = {}
                # Each of the two is the first one as often, but for one.
                for subjects in (None, SUBJECTS[:5])[:: 1 if turn % 2 else -1]:
                    number = 1 + 2 * turn + (subjects is None)
                    took[subjects] = await _delivered(here, port, number, subjects)
                ratios.append(took[None] / took[SUBJECTS[:5]])
    return (
        f"a delivery by subjects beside one to all, mails per second, {members} members of whom"
        f" {PICKY_PERCENT} % are picky: median and spread of {rounds}",
        f"{median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})",
        "≥ 0.97",
    )


async def _be_picky(here: World, members: int) -> None:
    """Most of them picked the five subjects, so that all are in the audience all the same."""
    found = await keys.load(here.redis, secret_key(here.settings))
    strings = Choices(here.redis, Vault(found.vault, found.index)).strings(SUBJECTS[:5])
    picky = [7 if random.random() * 100 < PICKY_PERCENT else 0 for _ in range(members + 1)]
    await here.redis.set(BASE, bytes(picky))
    await here.redis.mset(dict.fromkeys(strings, bytes(members + 1)))
    await here.redis.sadd(OWN, *(string.rpartition(":")[2] for string in strings))


async def _delivered(
    here: World, port: int, number: int, subjects: tuple[str, ...] | None
) -> float:
    """Seconds of a delivery, as `speed` measures it."""
    revision = alert_of(f"alert{number:07}", long=True)
    revision = revision.model_copy(update={"subjects": subjects})
    async with site(revision) as check:
        settings = relay_settings(here.settings, port, check, CONNECTIONS)
        return (await deliver(here, settings, revision)).seconds
