"""The walk of an alert from draft to withdrawal, whoever's hands take it: who is mailed what."""

import asyncio
import csv
import re
from collections import Counter
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

import httpx

from tests.make import alert
from tests.notify.relay_server import Relay
from tests.render.real import real_article
from tests.system.running import Up
from tests.system.steps import REAL
from tests.wait import until

WHAT = "Rådet om å slutte var feil. Ta kontakt med legen før neste dose."
WHY = "Myndighetene har trukket advarselen."


def fields() -> dict[str, Any]:
    """The real article where it is here, else a made-up one."""
    article = real_article() if REAL.exists() else alert()
    return article.model_dump(mode="json", exclude_none=True)


def corrected(fields: dict[str, Any]) -> dict[str, Any]:
    advice = {"code": "contact_before_next_dose", "text": "Ring legen før neste dose."}
    return fields | {"alert": fields["alert"] | {"stop_advice": advice}}


def pictures() -> list[Path]:
    return sorted(REAL.parent.glob("*.jpg")) if REAL.exists() else []


class Hands(Protocol):
    """An editor and an approver; each call gives what the system answers."""

    async def draft(self, fields: dict[str, Any]) -> dict[str, Any]: ...
    async def submit(self, article: str) -> dict[str, Any]: ...
    async def preview(self, article: str) -> dict[str, Any]: ...
    async def approve(self, article: str, *, by_the_author: bool = False) -> int:
        """0 where it was approved."""

    async def correct(self, article: str, fields: dict[str, Any]) -> dict[str, Any]: ...
    async def withdraw(self, article: str) -> dict[str, Any]: ...


@dataclass
class Walk:
    up: Up
    relay: Relay
    hands: Hands
    key: str
    """For looking."""
    read: int = 0

    async def join(self, *emails: str) -> None:
        file = self.up.data / "medlemmer.csv"
        with file.open("w", newline="") as out:
            csv.writer(out).writerows([("email", "name", "lang"), *((e, "", "nb") for e in emails)])
        consent = ("--consent", "Ja takk")
        await asyncio.to_thread(self.up.json, "members", "import", str(file), *consent)

    async def leave(self, mail: EmailMessage) -> None:
        """As a mail program does that unsubscribes by one click."""
        [link] = re.findall(r"<(http[^>]+)>", mail["List-Unsubscribe"])
        async with httpx.AsyncClient() as http:
            answer = await http.post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    async def get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(headers=headers) as http:
            return (await http.get(f"{self.up.url}/api/articles/{path}")).json()

    async def mailed(self, article: str, kind: str) -> dict[str, EmailMessage]:
        """Each member's mail of the newest delivery, once it is complete; nobody has two."""

        async def complete() -> bool:
            newest = ((await self.get(f"{article}/receipt"))["deliveries"] or [{}])[0]
            return (newest.get("kind"), newest.get("state")) == (kind, "complete")

        await until(complete, timeout=30)
        new, self.read = self.relay.mails[self.read :], len(self.relay.mails)
        assert max(Counter(taken.recipient for taken in new).values()) == 1
        return {taken.recipient: taken.message for taken in new}

    async def page(self, url: str) -> str:
        async with httpx.AsyncClient() as http:
            answer = await http.get(url)
        return answer.text if answer.status_code == 200 else ""


async def walk(on: Walk) -> None:
    """The whole of it."""
    first = [f"medlem{n}@example.org" for n in range(6)]
    await on.join(*first)
    article = fields()
    title, hands = article["title"], on.hands

    saved = await hands.draft(article)
    id_, url = saved["id"], saved["url"]
    assert saved["status"] == "draft"
    assert (await hands.submit(id_))["status"] == "in_review"
    seen = await hands.preview(id_)
    assert title in seen["subject"]
    assert article["alert"]["what_to_do"][0].split()[0] in seen["text"]
    assert seen["audience"] == 6
    draft = await on.page(seen["page"])
    assert "Ikke publisert" in draft
    assert title in draft
    assert not await on.page(url)
    assert not on.relay.mails

    assert await hands.approve(id_, by_the_author=True) != 0
    assert await hands.approve(id_) == 0
    alerts = await on.mailed(id_, "alert")
    assert sorted(alerts) == first
    assert title in await on.page(url)
    for mail in alerts.values():
        assert mail["Subject"] == f"Sikkerhetsvarsel: {title}"
        assert mail["In-Reply-To"] is None

    await on.leave(alerts[first[0]])
    await on.leave(alerts[first[1]])
    await on.join("ny@example.org")
    new = await hands.correct(id_, corrected(article))
    assert (new["status"], new["revision"]) == ("in_review", 2)
    assert (await hands.preview(id_))["audience"] == 6
    assert len(on.relay.mails) == 6
    assert await hands.approve(id_) == 0
    corrections = await on.mailed(id_, "correction")
    assert sorted(corrections) == first  # also who has left; not who has got nothing to correct
    assert WHAT in await on.page(url)
    for to, mail in corrections.items():
        assert mail["Subject"].startswith("RETTET: ")
        assert title in mail["Subject"]
        assert WHAT in text(mail)
        assert text(mail).index(WHAT) < text(mail).index(article["alert"]["what_happened"][:20])
        assert mail["In-Reply-To"] == mail["References"] == alerts[to]["Message-ID"]

    await on.leave(corrections[first[2]])
    await on.join("enda-en@example.org")
    gone = await hands.withdraw(id_)
    assert gone["status"] == "withdrawn"
    withdrawals = await on.mailed(id_, "withdrawal")
    assert sorted(withdrawals) == first
    assert WHY in await on.page(url)
    for to, mail in withdrawals.items():
        assert mail["Subject"].startswith("TRUKKET: ")
        assert WHY in text(mail)
        assert mail["In-Reply-To"] == corrections[to]["Message-ID"]
        thread = [alerts[to]["Message-ID"], corrections[to]["Message-ID"]]
        assert mail["References"].split() == thread

    assert len(on.relay.mails) == 18
    receipt = await on.get(f"{id_}/receipt")
    kinds = [(one["kind"], one["handed_over"]) for one in receipt["deliveries"]]
    assert kinds == [("withdrawal", 6), ("correction", 6), ("alert", 6)]
    history = (await on.get(f"{id_}/revisions"))["revisions"]
    assert [one["status"] for one in history] == ["withdrawn", "revised", "revised"]


def text(mail: EmailMessage) -> str:
    """The plain part, without its line breaks."""
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())
