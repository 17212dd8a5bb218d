"""Articles that wait, and who decides on them in a browser."""

import html
import re
from typing import Any

from services.ingest.lifecycle.store import Articles
from services.ingest.people.person import Person, Role
from services.ingest.people.store import People
from services.ingest.receipts.previews import page_previewed
from shared.events import ArticleSubmitted
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import NewsroomBrowser
from tests.ingest.staff_at_work import Somebody, alert, events, somebody
from tests.mail_known import mail_known

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


async def person(ingest: Ingest, name: str, role: Role = "approver") -> Person:
    """A person of the staff, who may be there already."""
    people = People(ingest.redis)
    return await people.named(name) or await people.add(name, role)


async def writer(ingest: Ingest, name: str = "Kari Eksempel") -> Somebody:
    return await somebody(ingest, name, "editor")


async def waiting(ingest: Ingest, kari: Somebody | None = None, **more: Any) -> str:
    """An alert in review whose page and mail can be seen; gives its id."""
    kari = kari or await writer(ingest)
    answer = await kari.new(alert(**more))
    assert answer.json()["status"] == "in_review", answer.text
    article = str(answer.json()["id"])
    await previewed(ingest, article)
    return article


async def previewed(ingest: Ingest, article: str, **mail: Any) -> None:
    """What render and notify tell of the newest revision."""
    told = [one for one in await events(ingest) if isinstance(one, ArticleSubmitted)]
    (newest,) = [one for one in told if one.subject == article][-1:]
    for op in page_previewed(newest.data).ops:
        await ingest.redis.execute_command(*op)
    await mail_known(ingest.redis, article, **({"audience": 1234} | mail))


async def state(ingest: Ingest, article: str) -> str:
    life = await Articles(ingest.redis).life(article)
    assert life
    return life.state


def form_of(browser: NewsroomBrowser, action: str) -> dict[str, str]:
    """The hidden fields of the form on the browser's page that is sent to `action`."""
    (part,) = re.findall(
        rf'<form[^>]*action="{re.escape(action)}".*?</form>', browser.page, re.DOTALL
    )
    return {name: html.unescape(value) for name, value in _HIDDEN.findall(part)}
