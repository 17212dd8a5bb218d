"""A page that is left open asks by itself, and keeps nobody logged in with that."""

import re
from typing import Any

from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import FormFields
from tests.ingest.newsroom.review.cases import form_of, person, waiting, writer
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, newsroom_routes

_AS_IT_WAS = 1000
"""Seconds that the session has left."""
_STREAM = "/redaksjon/sak/{id}/kvittering/strom"
"""Has a test of its own, which follows it."""
_REFRESH = re.compile(r'http-equiv="refresh" content="\d+; url=([^"]+)"')


def asked_by_scripts() -> list[str]:
    """What the newsroom serves of a case besides pages: for scripts, and for frames."""
    gets = (one.path for one in newsroom_routes() if "GET" in (one.methods or ()))
    return [one for one in gets if "/sak/{id}/" in one and not one.endswith("/")]


async def renews(ingest: Ingest, browser: NewsroomBrowser, path: str, **data: str) -> bool:
    """Whether asking this gives the session its twelve hours anew."""
    (key,) = await ingest.redis.keys("ingest:session:*")
    await ingest.redis.expire(key, _AS_IT_WAS)
    answer = await (browser.http.post(path, data=data) if data else browser.http.get(path))
    assert answer.status_code < 500, answer.text
    return bool(await ingest.redis.ttl(key) > _AS_IT_WAS)


async def test_nothing_that_a_page_asks_by_itself_keeps_anybody_logged_in(
    make_ingest: Any,
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    article = await waiting(ingest, await writer(ingest))
    case = f"/redaksjon/sak/{article}/"
    asked = {one.replace("{id}", article) for one in asked_by_scripts() if one != _STREAM}
    assert len(asked) >= 8
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        for path in sorted(asked):
            assert not await renews(ingest, ola, path), path
            # Of a case that is gone they are asked on and on, too.
            assert not await renews(ingest, ola, path.replace(article, "0123456789ab")), path
        form = FormFields((await ola.get(f"{case}skriv/")).text).dict()
        for only in ("her", "sjekk"):
            said = {"skjema": form["skjema"], "bare": only}
            assert not await renews(ingest, ola, f"{case}lagre", **said), only
        assert await renews(ingest, ola, f"{case}lagre", **form), "somebody types"
        assert await renews(ingest, ola, f"{case}godkjenn/"), "somebody reads"


async def test_a_page_that_is_loaded_again_by_itself_keeps_nobody_logged_in(
    make_ingest: Any,
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    article = await waiting(ingest, await writer(ingest))
    case = f"/redaksjon/sak/{article}/"
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        await ola.get(f"{case}godkjenn/")
        await ola.send(f"{case}godkjenn/", **form_of(ola, f"{case}godkjenn/"))
        (again,) = _REFRESH.findall(ola.page)
        assert await renews(ingest, ola, f"{case}stopp/")
        assert not await renews(ingest, ola, f"{case}stopp/{again}")
