"""What members' choices cost: the script that starts a delivery, at a million members; memory; and
a delivery by subjects beside one to all, in turn."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from typing import Self, cast

from benchmarks.deliveries import alert_of, deliver, site, take_in, with_relay
from benchmarks.sink import sink
from benchmarks.world import World, world
from services.notify.choices.store import BASE, GONE, Choices
from services.notify.ledger.delivery import Kind, ledger_key
from services.notify.ledger.start import Starter
from services.notify.members.store import EARLIER, LAST, LEAVES
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.bus import Bus, Entry
from shared.bus.entry import Place
from shared.bus.streams import create_topology
from shared.bus.users import as_user
from shared.events import PagePublished, to_fields
from shared.revision import Change, Past, Revision, content_sha256
from shared.trace import new_traceparent

MEMBERS = 1_000_000
SUBJECTS = tuple(f"emne-{n}" for n in range(50))
RETURNED = 10_000
"""Members who left and came back."""
DELIVERED = 20_000
ROUNDS = 3


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
            taken = await bench.start_of(cast("Kind", kind), subjects)
            yield (
                f"start script of an alert {name}, {MEMBERS} members, {len(SUBJECTS)} subjects",
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
        returned = {str(MEMBERS - n): str(n + 1) for n in range(RETURNED)}
        await self._redis.hset(EARLIER, mapping=returned)

    async def start_of(self, kind: Kind, subjects: tuple[str, ...] | None) -> float:
        """Seconds that the start takes, of several the one in the middle."""
        return median([await self._once(kind, subjects) for _ in range(5)])

    async def _once(self, kind: Kind, subjects: tuple[str, ...] | None) -> float:
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
        start = perf_counter()
        await self._starter.start(entry, event, before=before, held="")
        return perf_counter() - start

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


async def _in_turn() -> tuple[str, str, str]:
    """Deliveries by subjects beside such to all, the same members each time."""
    first = alert_of()
    async with world() as here:
        with sink() as port:
            await take_in(here, DELIVERED)
            found = await keys.load(here.redis, secret_key(here.settings))
            choices = Choices(here.redis, Vault(found.vault, found.index))
            for number in range(1, DELIVERED + 1, DELIVERED // 100):
                await choices.set(number, SUBJECTS)
            taken: dict[bool, list[float]] = {True: [], False: []}
            for turn in range(2 * ROUNDS + 1):  # the first warms up
                by_subject = turn % 2 == 1
                revision = first.model_copy(
                    update={
                        "id": f"alert{turn:07}",
                        "subjects": SUBJECTS[:5] if by_subject else None,
                    }
                )
                async with site(revision) as check:
                    done = await deliver(here, with_relay(here.settings, port, check), revision)
                if turn:
                    taken[by_subject].append(done.seconds)
    ratio = median(taken[True]) / median(taken[False])
    return (
        f"a delivery by subjects beside one to all, the same {DELIVERED} members",
        f"{ratio:.3f}",
        "≤ 1.03",
    )
