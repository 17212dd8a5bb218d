"""A machine looks for a way to break what is promised of alerts, and finds none:

(a) an alert that is published, on a page or in a mail, without the approvals that it needs, of just
    that content, by others than those who wrote it;
(b) a member who was left with an old version only, or with nothing;
(c) two different versions that are both called the newest, or a newest one that becomes older;
(d) a mail before its page.

People do whatever they like to articles, in any order, and again when an answer was lost. Events
are handled late, twice and in any order. The relay puts mails off. Any service dies at any of its
commands to Redis. `VARSEL_PROOF=500` tries so many runs instead of a few.
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from services.notify.ledger import deliveries, later_key
from shared.revision import Change
from shared.topology import DEAD_LETTER_STREAMS
from tests.make import alert
from tests.notify.relay import BREAK
from tests.proof.facts import Content, Known, Who
from tests.proof.world import Death, Place, Raw, Shown, World
from tests.server import Valkey
from tests.wait import until

T = TypeVar("T")
RUNS, LENGTH = int(os.environ.get("VARSEL_PROOF", "20")), 40
SHRINK = "VARSEL_PROOF" in os.environ
"""A run takes long, and making a bad one smaller takes hundreds of them."""
PEOPLE: tuple[Who, ...] = (
    ("Kari Eksempel", "editor"),
    ("Per Eksempel", "editor"),
    ("Anne Eksempel", "approver"),
    ("Åse Eksempel", "approver"),
    ("ola  EKSEMPEL", "editor"),
    ("Ola Eksempel", "approver"),
)
"""The last two are one person with two keys."""
APPROVERS = [who for who in PEOPLE if who[1] == "approver"]
WHAT = (
    *("edit", "correct", "correct", "withdraw", "submit", "approve", "reject", "stop", "post"),
    *("go on", "go on", "go on", "same call", "clock", "join", "leave"),
    *("event", "event", "event", "mails", "mails", "events", "events", "event again", "site lags"),
)
"""Some of it more often than the rest."""
STEPS = ("submit", "approve", "reject", "stop", "withdraw")
READER: Who = ("Leser", "editor")
MEMBERS = 5
HOLD = 0.03
WITHDRAWAL = Change(kind="withdrawal", note="Hele varselet var feil.")
_TITLE = re.compile(r"sak-\d+-utgave-\d+")
_FORMS = {"RETTET:": "correction", "TRUKKET:": "withdrawal"}

people = st.sampled_from(PEOPLE)
which = st.integers(min_value=0, max_value=1000)
deaths: st.SearchStrategy[Death] = st.one_of(
    st.none(), st.none(), st.tuples(st.integers(1, 14), st.sampled_from(["before", "after"]))
)


@dataclass(frozen=True)
class Call:
    """A call of the API, as it can be repeated."""

    who: Who
    step: str
    article: str = ""
    body: dict[str, Any] | None = None
    etag: str = ""
    key: str = ""
    content: Content | None = None
    """What it saves."""
    seen: int = 0
    """The revision that it is about."""


@dataclass(frozen=True)
class Got:
    """A mail, as a member sees it."""

    title: str
    form: str
    article: str
    delivery: int
    served: Shown
    """What the page said when it came, to those who look."""
    page: Shown
    """And on disk."""


class Machine(RuleBasedStateMachine):
    server: Valkey

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.world: World
        self.wanted = 1
        self.articles: dict[str, Known] = {}
        self.members: dict[str, int] = {}
        self.left: set[str] = set()
        self.titles = 0
        self.last: tuple[Call, bool] | None = None
        self.etags: list[tuple[str, str, int]] = []
        self.got: dict[str, list[Got]] = {}
        self.newest: Counter[str] = Counter()
        self.read = 0
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
        sure=st.booleans(),
        later=st.sets(st.integers(0, MEMBERS - 1), max_size=MEMBERS - 1),
    )
    def something_happens(
        self, what: str, n: int, who: Who, dies: Death, how: str, sure: bool, later: set[int]
    ) -> None:
        """One rule for all, so that in each run there is some of everything."""
        if what in ("edit", "correct"):
            self.do(self.save(who, n, what, how, not sure, dies))
            self.do(self.go_on(n, 4 if sure else 0))
        elif what == "post" and len(self.articles) < 2:
            self.do(self.call(self.saving(who, "", draft=not sure), dies))
        elif what in STEPS and (what != "withdraw" or n % 3 == 0):  # after that there is no more
            self.do(self.take(who, what, n, how == "blind", dies))
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
            if head["status"] == "draft":
                await self.call(self.step(PEOPLE[0], "submit", *about))
            elif head["status"] == "in_review":
                await self.call(self.step(APPROVERS[(n + number) % 3], "approve", *about))
            elif head["status"] == "approved":
                await self.clock(article, patient=True)

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

    async def look(self) -> None:
        for known in self.articles.values():
            await self.look_at_ingest(known)
            self.look_at_the_page(known)
            await self.look_at_notify(known)
        self.look_at_the_mails()
        for delivery in await deliveries(self.world.redis):
            known = self.articles[str(delivery["article"])]
            if known.audience is None:
                known.audience = set(self.members) - self.left
            sums = [delivery[name] for name in ("handed_over", "failed", "suppressed", "open")]
            assert delivery["audience"] == sum(map(int, sums)), delivery

    async def look_at_ingest(self, known: Known) -> None:
        revisions = await self.get(f"/{known.id}/revisions")
        published = sorted(r["revision"] for r in revisions["revisions"] if r["published_at"])
        assert published[: len(known.published)] == known.published, "(c) ingest"
        for revision in published[len(known.published) :]:
            assert known.may_be_published(revision, self.wanted), f"(a) ingest: {revision}"
            [shown] = [r for r in revisions["revisions"] if r["revision"] == revision]
            assert shown["sha256"] == known.saved[revision].sha256, "(a) ingest: other content"
        known.published = published

    def look_at_the_page(self, known: Known) -> None:
        revision, sha256, withdrawn = self.world.page(known.id)
        self.never_goes_back(f"page {known.id}", max(revision, withdrawn))
        for shown in {revision, withdrawn} - {0}:
            assert shown in known.published, f"(a) page: {shown} of {known.published}"
        if revision:
            assert sha256 == known.saved[revision].sha256, "(a) page: other content"

    async def look_at_notify(self, known: Known) -> None:
        fields = await self.world.redis.hmget(
            f"notify:article:{known.id}", "revision", "withdrawn", "posted"
        )
        for name, value in zip(("revision", "withdrawn", "posted"), fields, strict=True):
            number = int(value or 0)
            self.never_goes_back(f"notify {name} {known.id}", number)
            assert number in (0, *known.published), f"(a) notify: {number}"

    def look_at_the_mails(self) -> None:
        relay = self.world.relay
        for mail, shown in zip(relay.mails[self.read :], relay.shown[self.read :], strict=False):
            self.read += 1
            message = mail.message
            subject = message["Subject"]
            title = _TITLE.search(subject)
            assert title, subject
            delivery = message["Message-ID"].strip("<>").split(".")
            form = next((f for mark, f in _FORMS.items() if mark in subject), "alert")
            got = Got(title[0], form, delivery[0], int(delivery[1]), *shown[delivery[0]])
            self.look_at_a_mail(mail.recipient, got)
            self.got.setdefault(mail.recipient, []).append(got)

    def look_at_a_mail(self, recipient: str, got: Got) -> None:
        known = self.articles[got.article]
        texts = known.published_with(got.title)
        assert texts, f"(a) mail: {got.title} of {known.published}"
        assert got.delivery in known.published, f"(a) mail: delivery {got.delivery}"
        # What is wrong must not go on because a site does not answer: then the disk is enough.
        shown = got.page if got.form == "withdrawal" else got.served
        newest = max(shown.revision, shown.withdrawn)
        assert newest >= max(texts[0], got.delivery), f"(d) mail: {got}"
        if got.form == "withdrawal":
            assert got.page.withdrawn, f"(d) mail: withdrawn before the page: {got}"
        if known.audience is not None:
            assert recipient in known.audience, "a mail to who was no member"

    def never_goes_back(self, what: str, number: int) -> None:
        assert number >= self.newest[what], f"(c) {what}: {number} after {self.newest[what]}"
        self.newest[what] = number

    # In the end, when all is handled

    def teardown(self) -> None:
        try:
            if self.articles and self.sound:
                self.do(self.finish())
                self.nothing_is_wrong()
                self.do(self.agree())
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
        for _ in range(300):
            waiting = await self.waiting()
            if not waiting:
                break
            for delivery in await deliveries(self.world.redis):  # not waiting out the long pauses
                await self.world.redis.delete(later_key(str(delivery["id"])))
            await self.world.handle(*waiting[0])
        assert not await self.waiting(), f"never settled: {await self.waiting()}"
        for stream in DEAD_LETTER_STREAMS:
            letters = await self.world.redis.xrange(stream.name)
            assert not letters, letters
        for delivery in await deliveries(self.world.redis):
            assert delivery["state"] == "complete", delivery

    async def agree(self) -> None:
        """(c): whoever says which version is the newest."""
        for known in self.articles.values():
            if not known.published:
                continue
            newest = known.published[-1]
            rendered = int(await self.world.redis.hget(f"render:article:{known.id}", "revision"))
            revision, _, withdrawn = self.world.page(known.id)
            posted, content = await self.world.redis.hmget(
                f"notify:article:{known.id}", "posted", "revision"
            )
            told = (rendered, max(revision, withdrawn), int(content))
            assert told == (newest,) * 3, f"(c) newest {newest}: {told}, {posted}"
            assert bool(withdrawn) == known.is_withdrawn, "(c) withdrawn"
            title = known.saved[newest].title
            assert title in self.world.feed()[self.world.paths[known.id]], "(c) feed"
            await self.receipt_agrees(known)

    async def receipt_agrees(self, known: Known) -> None:
        """What the editor is told of each delivery is what notify counted."""
        told = (await self.get(f"/{known.id}/receipt"))["deliveries"]
        counted = [d for d in await deliveries(self.world.redis) if d["article"] == known.id]
        names = ("revision", "state", "audience", "handed_over", "failed", "suppressed", "open")
        assert sorted([one[name] for name in names] for one in told) == sorted(
            [one[name] for name in names] for one in counted
        )

    def nobody_is_left_behind(self, known: Known) -> None:
        """(b)"""
        if not known.published:
            return
        for email in self.members:
            mails = [got for got in self.got.get(email, []) if got.article == known.id]
            stayed = email in (known.audience or ()) and email not in self.left
            if known.is_withdrawn:
                if any(got.form != "withdrawal" for got in mails):
                    assert mails[-1].form == "withdrawal", f"(b) {email}: {mails}"
                continue
            assert mails or not stayed, f"(b) {email} got nothing"
            if mails:
                texts = known.published_with(mails[-1].title)
                assert texts[-1] >= known.owed, f"(b) {email}: {mails}"

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

    def saving(
        self, who: Who, article: str, *, draft: bool, change: str = "", how: str = "new", n: int = 0
    ) -> Call:
        self.titles += 1
        number = len(self.articles) + 1 if not article else sorted(self.articles).index(article) + 1
        title = f"sak-{number}-utgave-{self.titles}"
        if how == "earlier":
            earlier = list(self.articles[article].saved.values())
            title = earlier[n % len(earlier)].title
        whole = alert(title=title, body="Tilsynet har fått flere meldinger.")
        body = whole.model_dump(mode="json", exclude_none=True) | {"draft": draft}
        meant = None
        if change:
            meant = Change(kind=change, note="Her sto det noe feil.")
            body["change"] = meant.model_dump()
        if how == "in an hour":
            body["publish_at"] = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        key = f'"{title}"' if not article else ""
        return Call(who, "save", article, body, key=key, content=Content(whole, meant))

    def step(self, who: Who, step: str, article: str, etag: str, seen: int) -> Call:
        body = {"note": WITHDRAWAL.note} if step in ("withdraw", "reject") else None
        etag = etag if step == "approve" else ""
        return Call(who, step, article, body, etag=etag, seen=seen)

    async def call(self, call: Call, dies: Death = None) -> None:
        before = await self.head(call.article) if call.article else None
        answer = await self.send(call, dies)
        assert answer is None or answer.status_code < 500, answer.text
        article = call.article or await self.find(call, answer)
        self.last = (call, answer is not None and answer.status_code < 300)
        if article:
            known = self.articles.setdefault(article, Known(article))
            await self.learn(known, call, answer, before)

    async def send(self, call: Call, dies: Death) -> httpx.Response | None:
        headers = {name: value for name, value in (
            ("If-Match", call.etag), ("Idempotency-Key", call.key)
        ) if value}  # fmt: skip
        method, path = "POST", f"/{call.article}/{call.step}"
        if call.step == "save":
            method, path = ("PUT", f"/{call.article}") if call.article else ("POST", "")
        more = {"json": call.body} if call.body else {}
        return await self.world.ask(call.who, method, path, dies=dies, headers=headers, **more)

    async def find(self, call: Call, answer: httpx.Response | None) -> str:
        """The id of what was posted, also where the answer was lost; nothing where it was not."""
        assert call.content
        if answer is not None and answer.status_code == 201:
            return str(answer.json()["id"])
        those = (await self.get(""))["articles"]
        return next((one["id"] for one in those if one["title"] == call.content.title), "")

    async def learn(
        self,
        known: Known,
        call: Call,
        answer: httpx.Response | None,
        before: dict[str, Any] | None,
    ) -> None:
        """What the call has done, also where its answer was lost."""
        after = await self.head(known.id)
        self.world.paths[known.id] = "/" + after["url"].split("/", 3)[3]
        was = before["revision"] if before else 0
        if call.content and after["revision"] > was:
            known.saves(after["revision"], call.content, call.who)
        elif call.step == "approve" and (answer is None or answer.status_code == 200):
            known.approves(call.seen, call.who)
        elif call.step in ("stop", "reject") and after["status"] == "draft":
            known.is_draft_again(after["revision"])
        elif call.step == "withdraw" and after["revision"] > was:
            assert before and before["live"]
            live = known.saved[before["live"]["revision"]]
            known.withdrawn_by.add(call.who)
            known.saves(after["revision"], Content(live.article, WITHDRAWAL), call.who)

    async def head(self, article: str) -> dict[str, Any]:
        found = await self.get(f"/{article}")
        seen = (article, found["etag"], found["revision"])
        if seen not in self.etags:
            self.etags.append(seen)
        return {name: value for name, value in found.items() if name != "steps"}

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.world.ask(READER, "GET", path)
        assert answer is not None
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


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
