"""What people ask of the API, and what is known of articles from it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.article import Article
from shared.revision import Change
from tests.mail_known import mail_known
from tests.make import alert
from tests.proof.facts import Content, Known, Who
from tests.proof.looks import Looks
from tests.proof.world import Death

WITHDRAWAL = Change(kind="withdrawal", note="Hele varselet var feil.")
NOTE = "Her sto det noe feil."
"""What every change says of itself."""


def text_with(title: str) -> Article:
    """The alert that somebody writes, under this title."""
    return alert(title=title, body="Tilsynet har fått flere meldinger.")


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


class Calls(Looks):
    def __init__(self) -> None:
        super().__init__()
        self.titles = 0
        """How many texts there are."""
        self.last: tuple[Call, bool] | None = None
        """The last call, and whether it was answered with yes, where nothing has happened since."""
        self.etags: list[tuple[str, str, int]] = []
        """All that was ever seen: article, entity tag and revision."""

    def saving(
        self, who: Who, article: str, *, draft: bool, change: str = "", how: str = "new", n: int = 0
    ) -> Call:
        title = self.title(article)
        if how == "earlier":
            earlier = list(self.articles[article].saved.values())
            title = earlier[n % len(earlier)].title
        whole = text_with(title)
        body = whole.model_dump(mode="json", exclude_none=True) | {"draft": draft}
        meant = None
        if change:
            meant = Change(kind=change, note=NOTE)
            body["change"] = meant.model_dump()
        if how == "in an hour":
            body["publish_at"] = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        key = f'"{title}"' if not article else ""
        return Call(who, "save", article, body, key=key, content=Content(whole, meant))

    def title(self, article: str) -> str:
        """One that nothing has yet."""
        self.titles += 1
        number = len(self.articles) + 1 if not article else sorted(self.articles).index(article) + 1
        return f"sak-{number}-utgave-{self.titles}"

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
            done = answer is None or answer.status_code < 300
            await self.learn(known, call, before, done=done)

    async def send(self, call: Call, dies: Death) -> httpx.Response | None:
        headers = {name: value for name, value in (
            ("If-Match", call.etag), ("Idempotency-Key", call.key)
        ) if value}  # fmt: skip
        method, path = "POST", f"/{call.article}/{call.step}"
        if call.step == "save":
            method, path = ("PUT", f"/{call.article}") if call.article else ("POST", "")
        if call.step == "approve":  # else nobody could, until the machine happens on the events
            await mail_known(self.world.redis, call.article)
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
        before: dict[str, Any] | None,
        *,
        done: bool,
    ) -> None:
        """What the call has done; `done`: it may have, also where its answer was lost."""
        after = await self.head(known.id)
        self.world.paths[known.id] = "/" + after["url"].split("/", 3)[3]
        was = before["revision"] if before else 0
        if call.content and after["revision"] > was:
            known.saves(after["revision"], call.content, call.who)
        elif call.step == "approve" and done:
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
