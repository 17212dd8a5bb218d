"""What really happens to an alert's versions beside what the product knows of it."""

from collections import Counter, defaultdict
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis

from services.notify.deliveries.start_delivery import StartDelivery
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.chain import earlier as earlier_deliveries
from services.notify.ledger.control import Command, NotPossible, again, control
from services.notify.ledger.delivery import Delivery, ledger_key
from services.notify.ledger.ledger import ChunkLost, Halted, Hold, Ledger, Progress
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.members.store import Members, leave
from services.notify.relay.replies import PUT_OFF
from shared.bus import Bus, Entry
from shared.bus.entry import Place
from shared.events import ChunkPlanned, PagePublished, PageWithdrawn, from_fields, to_fields
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.notify.ledger.steps import Sent, progressed
from tests.notify.revisions import changed, original
from tests.notify.site import Pages

MEMBERS = 3


@dataclass
class Pass:
    """A worker's work on a delivery's only chunk: it has the lease until all of it is heard of."""

    hold: Hold
    earlier: set[int]
    """Members who may have an earlier version, as the worker read it when it began."""
    over: AsyncExitStack
    """Closed, it gives the lease back."""


@dataclass
class World:
    """What the product does not know: who really has what."""

    redis: Redis
    bus: Bus
    site: Pages
    start: StartDelivery
    members: Members
    ledger: Ledger
    told: list[Revision] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)
    on_the_way: list[Sent] = field(default_factory=list)
    has: dict[int, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    in_doubt: set[int] = field(default_factory=set)
    """Nobody heard what became of their mail, or not before a newer delivery could wait no more."""
    passes: dict[str, Pass] = field(default_factory=dict)
    """By delivery."""
    cancelled: set[str] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)

    async def tell(self, said: Revision, kind: type = PagePublished) -> None:
        """An event of `pages`, handled by the real flow."""
        event = kind.about(said, traceparent=new_traceparent())  # type: ignore[attr-defined]
        if all(said.revision >= other.revision for other in self.told):
            self.site.show(said)
            if kind is PageWithdrawn:
                self.site.show_withdrawn(said)
        self.told.append(said)
        await self.redis.xadd("pages", to_fields(event))
        entry = await self._read("pages")
        await self.start(entry)
        with suppress(LookupError):
            while True:
                chunk = await self._read("chunks")
                assert isinstance(chunk.event, ChunkPlanned)
                self.deliveries.append(chunk.event.data.delivery)
                self.chunks[chunk.event.data.delivery] = chunk

    chunks: dict[str, Entry] = field(default_factory=dict)

    async def _read(self, stream: str) -> Entry:
        found = await self.redis.xreadgroup("notify", "notify-1", {stream: ">"}, count=1)
        if not found:
            raise LookupError("nothing new")
        ((_, ((entry_id, fields),)),) = found
        place = Place(stream, "notify", "notify-1", entry_id.decode())
        return Entry(place, from_fields(fields), self.bus._commit)

    async def claim(self, count: int, delivery: str, *, patient: bool = True) -> bool:
        """A worker takes up to `count` members; false if there is nobody to take.

        If a worker still has the chunk of a delivery before, a patient one leaves it alone.
        """
        found = await deliveries.find(self.redis, delivery)
        if found.superseded:
            return False
        before = await earlier_deliveries(self.redis, found)
        if patient and any(name in self.passes for name in before):
            return False
        if delivery not in self.passes:
            await self._begin(found, before)
        under_way = self.passes[delivery]
        open_ = await self.ledger.still_open(delivery, found.cut.chunk(0))
        numbers = sorted((*open_.planned, *open_.begun))
        audience = await self.members.audience(found.cut, numbers, though_left=under_way.earlier)
        busy = {sent.number for sent in self.on_the_way if sent.delivery == delivery}
        free = [number for number in audience.reachable if number not in busy]
        gone = [Outcome(number, State.SUPPRESSED) for number in audience.suppressed]
        await self.ledger.record(self._status(delivery), gone)
        taken: list[Sent] = []
        try:
            claim = await under_way.hold.claim(free[:count])
            taken = [
                Sent(delivery, n, claim.revision, n in under_way.earlier)
                for n in sorted(claim.numbers)
            ]
        except Halted as halted:
            if halted.why == "cancelled":
                rest = [Outcome(number, State.SUPPRESSED) for number in free]
                await self.ledger.record(self._status(delivery), rest)
        except ChunkLost:
            raise AssertionError("there is one worker") from None
        self.on_the_way += taken
        await self._end_if_heard(delivery)
        return bool(taken)

    async def _begin(self, found: Delivery, before: list[str]) -> None:
        """A pass begins, as in deliver_chunk.py. Members whose old mail is on the way still may get
        it: their worker did not let go in time."""
        self.in_doubt |= {sent.number for sent in self.on_the_way if sent.delivery in before}
        entry = self.chunks[found.id]
        over = AsyncExitStack()
        hold = self.ledger.hold(entry, entry.event.data, article=found.article)  # type: ignore[union-attr, arg-type]
        held = await over.enter_async_context(hold)
        chunk = found.cut.chunk(0)
        await self.ledger.never_sent((*before, found.id), chunk, new_traceparent())
        earlier = await self.ledger.reached_earlier(found, chunk)
        self.passes[found.id] = Pass(held, earlier, over)

    async def _end_if_heard(self, delivery: str) -> None:
        if not any(sent.delivery == delivery for sent in self.on_the_way):
            await self.passes.pop(delivery).over.aclose()

    async def hear(self, fate: str) -> None:
        """What becomes of the oldest mail on the way."""
        if not self.on_the_way:
            return
        sent = self.on_the_way.pop(0)
        if fate in ("taken", "unheard", "lost"):
            self.has[sent.number].append(sent)
        outcomes = {
            "taken": Outcome(sent.number, State.HANDED_OVER),
            "put off": Outcome(sent.number, State.DEFERRED, "450", tries=PUT_OFF),
            "refused": Outcome(sent.number, State.FAILED, "5.1.1 550"),
            "unheard": Outcome(sent.number, State.SENDING, "000", tries=1),
            "never sent": Outcome(sent.number, State.PLANNED),
        }
        self.in_doubt |= {sent.number} if fate in ("unheard", "lost") else set()
        if fate in outcomes:  # else the worker was killed, or the delivery's other worker knows
            for _ in range(2):  # told twice, as after a lost answer
                await self.ledger.record(self._status(sent.delivery), [outcomes[fate]])
        await self._end_if_heard(sent.delivery)

    async def kill(self, *, after_sending: bool) -> None:
        for sent in self.on_the_way:
            self.in_doubt.add(sent.number)
            if after_sending:
                self.has[sent.number].append(sent)
        self.on_the_way.clear()
        for under_way in self.passes.values():  # the leases run out
            await under_way.over.aclose()
        self.passes.clear()

    def _status(self, delivery: str) -> Any:
        return Progress(progressed(delivery))

    async def balanced(self) -> None:
        for delivery in self.deliveries:
            fields = await self.redis.hgetall(deliveries.delivery_key(delivery))
            names = ("handed_over", "failed", "suppressed", "open", "audience")
            sums = {name: int(fields[name.encode()]) for name in names}
            assert sums["audience"] == sum(sums[name] for name in names[:-1])
            count = Counter(b % 8 for b in (await self.redis.get(ledger_key(delivery)))[1:])
            open_ = count[0] + count[1] + count[3]
            superseded = fields[b"cause"] == b"superseded"
            assert sums["handed_over"] == count[2]
            assert sums["failed"] == count[4]
            assert sums["open"] == (0 if superseded else open_)
            assert sums["suppressed"] == count[5] + (open_ if superseded else 0)
            assert sums["audience"] == MEMBERS - count[7]
            done = fields[b"state"] == b"complete"
            assert done == (sums["open"] == 0)

    async def do(self, step: tuple[str, Any]) -> None:
        verb, what = step
        newest = self.deliveries[-1]
        if verb == "claim":
            await self.claim(what, newest)
        elif verb == "claim at last":
            await self.claim(what, newest, patient=False)
        elif verb == "hear":
            await self.hear(what)
        elif verb == "kill":
            await self.kill(after_sending=what)
        elif verb == "change":
            await self.tell(changed(len(self.told) + 1, what, original))
        elif verb == "repeat":
            await self.tell(self.told[what % len(self.told)])
        elif verb == "leave":
            await leave(self.redis, what)
        elif verb == "erase":
            await self.redis.hdel("notify:members:0", str(what))
            self.erased.add(what)
        elif verb == "again":
            with suppress(NotPossible):
                await again(self.redis, newest)
        else:
            await self._control(newest, what)

    async def _control(self, delivery: str, action: Command) -> None:
        with suppress(NotPossible):
            await control(self.redis, delivery, action, why="operator")
            if action == "cancel":
                self.cancelled.add(delivery)

    async def to_the_end(self) -> None:
        """The worker dies, another comes, and the relay takes everything."""
        await self.kill(after_sending=True)
        newest = self.deliveries[-1]
        with suppress(NotPossible):
            await control(self.redis, newest, "resume")
        for delivery in dict.fromkeys(self.deliveries):
            while await self.claim(MEMBERS, delivery) or self.on_the_way:
                await self.hear("taken")
