"""What must be so of all that Varsel shows and mails, after each step and in the end."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from services.notify.ledger.delivery import deliveries
from tests.proof.facts import Known, Who
from tests.proof.world import Shown, World

READER: Who = ("Leser", "editor")
_TITLE = re.compile(r"sak-\d+-utgave-\d+")
_FORMS = {"RETTET:": "correction", "TRUKKET:": "withdrawal"}


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


class Looks:
    """Looks at a world, beside what is known of its articles and members."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.wanted = 1
        """Approvals that an alert needs."""
        self.articles: dict[str, Known] = {}
        self.members: dict[str, int] = {}
        """Their numbers, by address."""
        self.left: set[str] = set()
        self.ended: set[str] = set()
        """Deliveries that somebody has asked to end."""
        self.got: dict[str, list[Got]] = {}
        """The mails of each member."""
        self._newest: Counter[str] = Counter()
        self._read = 0
        """Mails of the relay that were looked at."""

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
            if delivery["cause"] == "cancelled":
                assert delivery["id"] in self.ended, f"nobody has ended {delivery}"
                known.cancelled.add(int(delivery["revision"]))
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
        for mail, shown in zip(relay.mails[self._read :], relay.shown[self._read :], strict=False):
            self._read += 1
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
        assert number >= self._newest[what], f"(c) {what}: {number} after {self._newest[what]}"
        self._newest[what] = number

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
            if known.is_withdrawn and known.published[-1] in known.cancelled:
                continue
            if known.is_withdrawn:
                if any(got.form != "withdrawal" for got in mails):
                    assert mails[-1].form == "withdrawal", f"(b) {email}: {mails}"
                continue
            assert mails or not stayed or known.cancelled, f"(b) {email} got nothing"
            if mails:
                texts = known.published_with(mails[-1].title)
                assert texts[-1] >= known.owed, f"(b) {email}: {mails}"

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.world.ask(READER, "GET", path)
        assert answer is not None
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
