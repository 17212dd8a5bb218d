"""A machine looks for a way to break what is promised of alerts, and finds none:

(a) an alert that is published, on a page or in a mail, without the approvals that it needs, of just
    that content, by others than those who wrote it;
(b) a member who was left with an old version only, or with nothing;
(c) two different versions that are both called the newest, or a newest one that becomes older;
(d) a mail before its page.

People do whatever they like to articles, in any order, and again when an answer was lost: some by
the API, some in the newsroom, whose forms they read, fill in, and send at once or long after. An
expert remarks, and staff hold a delivery, let it go on and end it. Some are revoked, or get another
role, or are logged out, between a page and its button. Events are handled late, twice
and in any order. The relay puts mails off. Any service dies at any of its commands to Redis.
`make proof-alerts RUNS=500` tries so many runs instead of a few.
"""

import asyncio
import os
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from services.notify.ledger.delivery import deliveries, put_off_key
from shared.topology import DEAD_LETTER_STREAMS
from tests.notify.relay_server import BREAK
from tests.proof.desk import AT_THE_DESK
from tests.proof.facts import Who
from tests.proof.fallen import FALLS, Fallen
from tests.proof.world import Death, Place, Raw, World
from tests.server import Valkey
from tests.wait import until

T = TypeVar("T")
RUNS, LENGTH = int(os.environ.get("VARSEL_PROOF", "8")), 40
SHRINK = "VARSEL_PROOF" in os.environ
"""A run takes long, and making a bad one smaller takes hundreds of them."""
PEOPLE: tuple[Who, ...] = (
    ("Kari Eksempel", "editor"),
    ("Per Eksempel", "editor"),
    ("Anne Eksempel", "approver"),
    ("Åse Eksempel", "approver"),
    ("ola  EKSEMPEL", "approver"),
    ("Ola Eksempel", "approver"),
)
"""The last two are one person with two keys."""
APPROVERS = [who for who in PEOPLE if who[1] == "approver"]
WHAT = (
    *("edit", "correct", "correct", "withdraw", "submit", "approve", "reject", "stop", "post"),
    *("at the desk",) * 6,
    *("open form", "open form", "fall"),
    *("go on", "go on", "go on", "same call", "clock", "join", "leave"),
    *("event", "event", "event", "mails", "mails", "events", "events", "event again", "site lags"),
)
"""Some of it more often than the rest."""
STEPS = ("submit", "approve", "reject", "stop", "withdraw")
MEMBERS = 5
HOLD = 0.03

people = st.sampled_from(PEOPLE)
which = st.integers(min_value=0, max_value=1000)
deaths: st.SearchStrategy[Death] = st.one_of(
    st.none(), st.none(), st.tuples(st.integers(1, 14), st.sampled_from(["before", "after"]))
)


class Machine(Fallen, RuleBasedStateMachine):
    server: Valkey

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.sound = True

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize(
        wanted=st.sampled_from([1, 1, 2]),
        ahead=st.sampled_from([0, 5, 5]),
        events=st.integers(0, 9),
    )
    def begin(self, wanted: int, ahead: int, events: int) -> None:
        """An alert that was posted, and mostly has gone on to be published."""
        self.wanted = wanted

        async def start() -> None:
            self.world = World(self.server.url, self.server.folder / "s")
            await self.world.start(alert_approvals=wanted, alert_hold=HOLD)
            for _ in range(MEMBERS):
                await self.joins()
            await self.call(self.saving(PEOPLE[0], "", draft=False))
            await self.go_on(0, ahead)
            await self.handle_some(events)

        self.do(start())

    @rule(
        what=st.sampled_from(WHAT),
        n=which,
        who=people,
        dies=deaths,
        how=st.sampled_from(["new", "new", "new", "earlier", "blind", "in an hour"]),
        form=st.sampled_from(AT_THE_DESK),
        sure=st.booleans(),
        later=st.sets(st.integers(0, MEMBERS - 1), max_size=MEMBERS - 1),
    )
    def something_happens(
        self,
        what: str,
        n: int,
        who: Who,
        dies: Death,
        how: str,
        form: str,
        sure: bool,
        later: set[int],
    ) -> None:
        """One rule for all, so that in each run there is some of everything."""
        if what in ("edit", "correct"):
            self.do(self.save(who, n, what, how, not sure, dies))
            self.do(self.go_on(n, 4 if sure else 0))
        elif what == "post" and len(self.articles) < 2:
            self.do(self.call(self.saving(who, "", draft=not sure), dies))
        elif what in STEPS and (what != "withdraw" or n % 3 == 0):  # after that there is no more
            self.do(self.take(who, what, n, how == "blind", dies))
        elif what == "at the desk" and (form != "withdraw" or n % 3 == 0):
            self.do(self.act(who, form, self.article(n), leaves=n % 4 == 0, dies=dies))
            self.do(self.go_on(n, 4 if sure else 0))
        elif what == "open form":
            meanwhile = PEOPLE[n % 2] if sure else None
            self.do(self.press_what_is_open(n, meanwhile=meanwhile, dies=dies))
        elif what == "fall":
            self.do(self.falls_before_approving(self.article(n), FALLS[n % len(FALLS)]))
        elif what == "go on":
            self.do(self.go_on(n, n % 5 + 1))
        elif what == "same call":
            self.do(self.call_again(dies))
        elif what == "clock":
            self.do(self.clock(self.article(n), patient=sure, dies=dies))
        elif what == "join" and len(self.members) < MEMBERS + 3:
            self.do(self.joins())
        elif what == "leave" and len(self.left) < 3:
            self.do(self.leaves(n))
        elif what == "event":
            self.do(self.handle_one(n, dies, later, meanwhile=sure and how == "new"))
        elif what == "mails":
            self.do(self.handle_mails(n, dies, later, breaks=how == "blind"))
        elif what == "events":
            self.do(self.handle_some(n % 12 + 1))
        elif what == "site lags":
            self.world.site_lags(sure)
        elif what == "event again":
            self.do(self.handle_again(n, anew=sure))

    # What people do

    async def save(self, who: Who, n: int, what: str, how: str, draft: bool, dies: Death) -> None:
        article = self.article(n)
        head = await self.head(article)
        kind = ("edit" if what == "edit" else "correction") if head["live"] else ""
        etag = self.etags[n % len(self.etags)][1] if how == "blind" else head["etag"]
        call = self.saving(who, article, draft=draft, change=kind, how=how, n=n)
        await self.call(replace(call, etag=etag), dies)

    async def take(self, who: Who, step: str, n: int, blind: bool, dies: Death) -> None:
        article = self.article(n)
        head = await self.head(article)
        etag, seen = head["etag"], head["revision"]
        if blind and step == "approve":
            article, etag, seen = self.etags[n % len(self.etags)]
        await self.call(self.step(who, step, article, etag, seen), dies)

    async def go_on(self, n: int, steps: int) -> None:
        """The steps that come next, by people who may take them."""
        article = self.article(n)
        for number in range(steps):
            head = await self.head(article)
            about = (article, head["etag"], head["revision"])
            if n % 2 and head["status"] in ("draft", "in_review"):
                await self.goes_on_at_the_desk(article, head["status"], n + number)
            elif head["status"] == "draft":
                await self.call(self.step(PEOPLE[0], "submit", *about))
            elif head["status"] == "in_review":
                await self.call(self.step(APPROVERS[(n + number) % 3], "approve", *about))
            elif head["status"] == "approved":
                await self.clock(article, patient=True)

    async def goes_on_at_the_desk(self, article: str, status: str, n: int) -> None:
        """Of two who look at what waits, one approves it, and one leaves the page open."""
        if status == "in_review":
            who = APPROVERS[(n + 1) % 3]
            await self.act(who, "approve", article, leaves=True, dies=None)
            await self.act(APPROVERS[n % 3], "approve", article, leaves=False, dies=None)
        else:
            await self.act(PEOPLE[0], "submit", article, leaves=False, dies=None)

    async def call_again(self, dies: Death) -> None:
        """Where it was answered before, and nothing has happened since, it changes nothing."""
        if not self.last:
            return
        call, answered = self.last
        before = await self.head(call.article) if call.article else None
        await self.call(call, dies)
        if answered and before:
            assert before == await self.head(call.article), f"{call.step} twice"

    async def leaves(self, n: int) -> None:
        email = sorted(self.members)[n % len(self.members)]
        await self.world.leave(self.members[email])
        self.left.add(email)

    # What the machinery does

    async def handle_one(self, n: int, dies: Death, later: set[int], *, meanwhile: bool) -> None:
        """Where it is of mails, the relay puts some off; or something else happens meanwhile."""
        if not (waiting := await self.waiting()):
            return
        place, raw = waiting[n % len(waiting)]
        emails = sorted(self.members)
        put_off = {emails[i] for i in later}
        self.world.relay.rcpt = lambda to: "451 4.3.0 later" if to in put_off else None
        if place[0] == "chunks" and meanwhile:
            await self.mail_meanwhile(raw)
        else:
            await self.world.handle(place, raw, dies=dies)
        self.world.relay.rcpt = lambda _: None

    async def handle_mails(self, n: int, dies: Death, later: set[int], *, breaks: bool) -> None:
        """Of those that wait, if any: a worker dies of them, or the relay's answers are lost."""
        chunks = [(place, raw) for place, raw in await self.waiting() if place[0] == "chunks"]
        if not chunks:
            return
        emails = sorted(self.members)
        lost = {emails[i] for i in later} if breaks else set()
        self.world.relay.after_data = lambda to: BREAK if to in lost else None
        dies = None if breaks else dies or (n % 14 + 1, "before")
        await self.world.handle(*chunks[n % len(chunks)], dies=dies)
        self.world.relay.after_data = lambda _: None

    async def handle_some(self, count: int) -> None:
        """In their order."""
        for _ in range(count):
            if waiting := await self.waiting():
                await self.world.handle(*waiting[0])

    async def handle_again(self, n: int, *, anew: bool) -> None:
        """An event comes again to the same group, or is written again."""
        settled = [(place, raw) for place, its in self.world.settled.items() for raw in its]
        if not settled:
            return
        place, raw = settled[n % len(settled)]
        if anew or place[0] == "chunks":  # whose worker would wait some seconds for the lease
            await self.world.write_again(place[0], raw)
        else:
            await self.world.handle(place, raw)

    # What must be so after each step

    @invariant()
    def nothing_is_wrong(self) -> None:
        if not self.articles:
            return
        self.sound = False
        self.do(self.look())
        self.sound = True

    # In the end, when all is handled

    def teardown(self) -> None:
        try:
            if self.articles and self.sound:
                self.do(self.finish())
                self.nothing_is_wrong()
                self.do(self.agree())
                self.do(self.the_trail_tells())
                for known in self.articles.values():
                    self.nobody_is_left_behind(known)
        finally:
            if hasattr(self, "world"):
                self.do(self.world.stop())
            self.runner.close()

    async def finish(self) -> None:
        self.world.site_lags(False)
        for article in self.articles:
            await self.clock(article, patient=True)
        for _ in range(60):
            waiting = await self.waiting()
            if not waiting:
                break
            for delivery in await deliveries(self.world.redis):  # not waiting out the long pauses
                await self.world.redis.delete(put_off_key(str(delivery["id"])))
                if delivery["cause"] == "operator" and delivery["state"] == "paused":
                    article = str(delivery["article"])
                    await self.act(APPROVERS[0], "videre", article, leaves=False, dies=None)
            for place, raw in waiting:
                await self.world.handle(place, raw)
        assert not await self.waiting(), f"never settled: {await self.waiting()}"
        for stream in DEAD_LETTER_STREAMS:
            letters = await self.world.redis.xrange(stream.name)
            assert not letters, letters
        for delivery in await deliveries(self.world.redis):
            assert delivery["state"] == "complete", delivery

    # Helpers

    def article(self, n: int) -> str:
        return sorted(self.articles)[n % len(self.articles)]

    async def joins(self) -> None:
        email = f"medlem{len(self.members)}@example.org"
        self.members[email] = await self.world.join(email)

    async def waiting(self) -> list[tuple[Place, Raw]]:
        places = await self.world.fetch()
        all_ = [(place, raw) for place in places for raw in self.world.waiting[place]]
        return sorted(all_, key=lambda one: [int(part) for part in one[1][0].split("-")])

    async def mail_meanwhile(self, raw: Raw) -> None:
        """Mails are on their way, unanswered, while the next event of a page is handled."""
        relay = self.world.relay
        relay.hold = asyncio.Event()
        before = len(relay.mails)
        chunk = asyncio.create_task(self.world.handle(("chunks", "notify"), raw))
        await until(lambda: len(relay.mails) > before or chunk.done())
        for page in self.world.waiting["pages", "notify"][:1]:
            await self.world.handle(("pages", "notify"), page)
        relay.hold.set()
        relay.hold = None
        await chunk

    async def clock(self, article: str, *, patient: bool, dies: Death = None) -> None:
        """Ingest looks whether an article is due; patiently, once it is, if that is soon."""
        head = await self.head(article)
        soon = datetime.now(UTC) + timedelta(minutes=1)
        due = head["publish_at"] and datetime.fromisoformat(head["publish_at"])
        if patient and due and due < soon:
            await until(lambda: datetime.now(UTC) > due)
        self.last = None
        await self.world.look_at_the_clock(article, dies=dies)


def test_g9_no_alert_without_its_approvals_and_nobody_with_an_old_version_only(
    own_server: Valkey,
) -> None:
    class OnThisServer(Machine):
        server = own_server

    run_state_machine_as_test(
        OnThisServer,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=LENGTH,
            deadline=None,
            phases=[phase for phase in Phase if phase is not Phase.shrink or SHRINK],
            suppress_health_check=list(HealthCheck),
        ),
    )
