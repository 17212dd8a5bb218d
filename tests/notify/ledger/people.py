"""People who join, choose, leave and come back, and alerts to them: for the real scripts, and for a
plain model beside them."""

from dataclasses import dataclass, field

from redis.asyncio import Redis

from services.notify.choices.store import Choices
from services.notify.ledger import chain, delivery
from services.notify.ledger.delivery import ledger_key
from services.notify.ledger.ledger import Ledger, Progress
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.start import Start, Starter
from services.notify.ledger.states import State
from services.notify.members.member import Member
from services.notify.members.store import Members, leave
from shared.bus import Bus, Entry
from shared.bus.entry import Place
from shared.event_data import DeliveryKind
from shared.events import PageEvent, PagePublished, PageWithdrawn, to_fields
from shared.revision import Change, Past, Revision
from shared.trace import new_traceparent
from tests.make import alert, revision

SUBJECTS = ("a", "b", "c")
Subjects = tuple[str, ...] | None
_OUTCOMES = {
    "taken": State.HANDED_OVER,
    "refused": State.FAILED,
    "put off": State.DEFERRED,
    "not mailed": State.SUPPRESSED,
}


@dataclass
class Person:
    """What a member knows of themselves; their numbers, oldest first."""

    numbers: list[int]
    wants: Subjects = None
    is_member: bool = True
    erased: bool = False


@dataclass
class Sent:
    """The newest delivery, as the model has it."""

    kind: DeliveryKind
    audience: int
    subjects: Subjects
    open: set[int]
    reached: set[int] = field(default_factory=set)
    """By this version or an earlier one."""


@dataclass
class People:
    redis: Redis
    bus: Bus
    members: Members
    choices: Choices
    starter: Starter
    ledger: Ledger
    people: list[Person] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    sent: Sent | None = None

    # What people do

    async def join(self) -> None:
        number = await self._new(len(self.people), ())
        self.people.append(Person([number]))

    async def choose(self, who: int, wants: Subjects) -> None:
        if (one := self._one(who)) and one.is_member:
            assert await self.choices.set(one.numbers[-1], wants)
            one.wants = wants

    async def leave(self, who: int) -> None:
        if (one := self._one(who)) and one.is_member:
            await leave(self.redis, one.numbers[-1])
            one.is_member = False

    async def come_back(self, who: int) -> None:
        one = self._one(who)
        if one and not one.is_member and not one.erased:
            number = await self._new(who % len(self.people), one.numbers)
            await self.choices.carry_over(one.numbers[-1], number)
            one.numbers.append(number)
            one.is_member = True

    async def erase(self, who: int) -> None:
        if one := self._one(who):
            await self.leave(who)
            for number in one.numbers:
                await self.choices.gone(number)
            one.erased = True

    def _one(self, who: int) -> Person | None:
        return self.people[who % len(self.people)] if self.people else None

    async def _new(self, who: int, earlier: list[int] | tuple[()]) -> int:
        last = await self.members.last()
        new = Member(f"m{who}@example.org", "", "nb", "consent")
        assert await self.members.add([new], after=last, earlier={last + 1: earlier[::-1]})
        return last + 1

    # What is sent

    def wanted(self, subjects: Subjects) -> set[int]:
        """The numbers of the members whom an alert about these subjects concerns."""
        return {
            one.numbers[-1]
            for one in self.people
            if one.is_member
            and (subjects is None or one.wants is None or set(one.wants) & set(subjects))
        }

    def expected(self, kind: DeliveryKind, subjects: Subjects) -> tuple[set[int], set[int]]:
        """The numbers in the next delivery's audience, and those of them that get its first mail
        about the alert."""
        if kind == "alert" or self.sent is None:
            wanted = self.wanted(subjects)
            return wanted, wanted
        first: set[int] = set()
        if kind == "correction":
            first = set(self.sent.open)
            if self.adds(subjects):
                owed = self.sent.reached | self.sent.open
                first |= {n for n in self.wanted(subjects) if not self.of(n) & owed}
        return self.sent.reached | first, first

    def adds(self, subjects: Subjects) -> bool:
        had = self.sent.subjects if self.sent else None
        return had is not None and (subjects is None or not set(subjects) <= set(had))

    def of(self, number: int) -> set[int]:
        """All numbers of the person with this number."""
        return next(set(one.numbers) for one in self.people if number in one.numbers)

    def next_sent(self, kind: DeliveryKind, subjects: Subjects, audience: set[int]) -> Sent:
        before = self.sent
        if before is None or kind == "alert":
            return Sent(kind, len(audience), subjects, set(audience))
        every = before.subjects
        if kind == "correction" and every is not None and self.adds(subjects):
            every = None if subjects is None else (*every, *subjects)
        return Sent(kind, len(audience), every, set(audience), set(before.reached))

    def next_revision(self, kind: DeliveryKind, subjects: Subjects) -> Revision:
        number = len(self.revisions) + 1
        change = None if kind == "alert" else Change(kind=kind, note="Dosen var feil.")
        past = tuple(Past(revision=r.revision, at=r.at, change=r.change) for r in self.revisions)
        return revision(
            alert(title=f"Utgave {number}"),
            revision=number,
            change=change,
            history=past,
            subjects=subjects,
        )

    async def start(self, kind: DeliveryKind, subjects: Subjects) -> Start:
        """The real start of the next revision's delivery."""
        said = self.next_revision(kind, subjects)
        about = PageWithdrawn if kind == "withdrawal" else PagePublished
        event: PageEvent = about.about(said, traceparent=new_traceparent())
        entry = await self._handed(event)
        self.revisions.append(said)
        return await self.starter.start(entry, event, before=await self.before(), held="")

    async def preview(self, kind: DeliveryKind, subjects: Subjects) -> chain.Reach:
        said = self.next_revision(kind, subjects)
        return await chain.would_reach(self.redis, self.choices, said, kind, await self.before())

    async def before(self) -> str:
        """The alert's newest delivery, or ''."""
        return (await self.redis.get("notify:alert:a1b2c3d4e5f6") or b"").decode()

    async def _handed(self, event: PageEvent) -> Entry:
        await self.redis.xadd("pages", to_fields(event))
        found = await self.redis.xreadgroup("notify", "notify-1", {"pages": ">"}, count=1)
        ((_, ((entry, _),)),) = found
        return Entry(Place("pages", "notify", "notify-1", entry.decode()), event, self.bus._commit)

    def may_be_mailed(self, number: int) -> bool:
        """Whether a worker mails the open member: who left gets only a change of what they have,
        unless they came back, and the erased get nothing."""
        one = next(one for one in self.people if number in one.numbers)
        is_owed = self.sent is not None and number in self.sent.reached
        return not one.erased and (is_owed or one.is_member)

    async def hear(self, who: int, what: str) -> None:
        """What the relay said to one of the open members' mail."""
        if self.sent is None or not self.sent.open:
            return
        number = sorted(self.sent.open)[who % len(self.sent.open)]
        if not self.may_be_mailed(number):
            what = "not mailed"
        newest = await delivery.find(self.redis, await self.before())
        progress = Progress(delivery.progressed(newest, new_traceparent()))
        await self.ledger.record(progress, [Outcome(number, _OUTCOMES[what])])
        if what != "put off":
            self.sent.open.discard(number)
        if what == "taken":
            self.sent.reached.add(number)

    async def bytes(self) -> bytes:
        """The newest delivery's ledger."""
        return await self.redis.get(ledger_key(await self.before())) or b""
