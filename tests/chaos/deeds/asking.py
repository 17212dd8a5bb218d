"""What staff ask of others: an expert's word on an article, a delivery's pause, and two people's
approval of a notice."""

import re
import secrets
from contextlib import suppress
from typing import Any

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.audit.trail import Trail
from services.ingest.notices.store import Notices
from services.ingest.people.keys import create_key
from services.ingest.remarks.store import Remarks
from services.notify.ledger.delivery import delivery_key
from tests.chaos.audit import complete
from tests.chaos.deeds.newsroom import NewsroomDeed, browser_of_admin, times_in_trail
from tests.chaos.deeds.reader import answered
from tests.chaos.deeds.telling import MEMBERS, notice_lacks
from tests.chaos.system import Chaos
from tests.ingest.newsroom.review.cases import form_of
from tests.ingest.newsroom.steps import NewsroomBrowser
from tests.wait import until

_EXPERT = re.compile(r"https?://[^\s\"</]+(/redaksjon/fag/[\w-]+/)")


async def _published(chaos: Chaos) -> str:
    round_ = await chaos.post()
    await complete(chaos, round_)
    return round_.article


async def _asks_expert(chaos: Chaos, article: str) -> str:
    """The path of the link, by one form that is sent until it is answered."""
    path = f"/redaksjon/sak/{article}/fag/"
    async with browser_of_admin(chaos) as browser:
        await browser.get(path)
        form = form_of(browser, path)
        page = await answered(lambda: browser.send(path, **form))
    found = _EXPERT.search(page.text)
    assert found, page.text
    return found[1]


async def _makes_link(chaos: Chaos, article: str) -> None:
    await _asks_expert(chaos, article)


async def _link_is_made(_: Chaos, redis: Redis, article: str) -> str:
    links = await Remarks(redis, Trail(redis)).links(article)
    if len(links) != 1:
        return f"{len(links)} links"
    times = await times_in_trail(redis, "expert_asked", article)
    return "" if times == 1 else f"{times} times in the trail"


async def _asked(chaos: Chaos) -> str:
    article = await _published(chaos)
    return f"{article} {await _asks_expert(chaos, article)}"


async def _remarks_on_it(chaos: Chaos, about: str) -> None:
    link = about.split()[1]
    url = chaos.processes["ingest"].url
    async with httpx.AsyncClient(base_url=url, timeout=10.0) as http:
        expert = NewsroomBrowser(http)
        await expert.get(link)
        said = form_of(expert, "#merknader") | {"navn": "Lise Lege", "merknad": "Dosen er feil."}
        await answered(lambda: expert.send(link, **said))


async def _remark_is_there(_: Chaos, redis: Redis, about: str) -> str:
    article = about.split(maxsplit=1)[0]
    found = await Remarks(redis, Trail(redis)).of(article)
    if [one.text for one in found] != ["Dosen er feil."]:
        return f"{len(found)} remarks"
    times = await times_in_trail(redis, "remark_added", article)
    return "" if times == 1 else f"{times} times in the trail"


async def _under_way(chaos: Chaos) -> str:
    round_ = await chaos.post(slow=True)
    await chaos.reached(round_, 0.05)
    return f"{round_.number} {round_.delivery} {len(chaos.sink.taken)}"


async def _pauses_and_goes_on(chaos: Chaos, about: str) -> None:
    number, delivery, _ = about.split()
    path = f"/redaksjon/sak/{delivery.partition('.')[0]}/kvittering/"
    async with browser_of_admin(chaos) as browser:
        for word in ("pause", "videre"):

            async def press(word: str = word) -> httpx.Response:
                page = await browser.get(path)
                if f'action="{path}{word}"' not in page.text:  # it was heard
                    return page
                return await browser.send(f"{path}{word}", **form_of(browser, path + word))

            async def is_offered(word: str = word) -> bool:
                page = await answered(lambda: browser.get(path))
                is_over = await until(lambda: _state(chaos, delivery), 60.0) == b"complete"
                return is_over or f'action="{path}{word}"' in page.text

            await until(is_offered, 60.0)
            await answered(press)
    chaos.sink.slow.discard(int(number))


async def _state(chaos: Chaos, delivery: str) -> bytes:
    """Of a delivery; empty while Redis is away."""
    with suppress(RedisError):
        async with chaos.redis as redis:
            return await redis.hget(delivery_key(delivery), "state") or b""
    return b""


async def _all_got_it(chaos: Chaos, redis: Redis, about: str) -> str:
    _, delivery, _ = about.split()
    state = await redis.hget(delivery_key(delivery), "state")
    if state != b"complete":
        return f"state {state!r}"
    got = {mail.recipient for mail in chaos.sink.taken if mail.delivery == delivery}
    if missing := set(chaos.members) - got:
        return f"{len(missing)} without the mail"
    article = delivery.partition(".")[0]
    held, resumed = [
        await times_in_trail(redis, what, article) for what in ("delivery_held", "delivery_resumed")
    ]
    # Whoever is not answered may ask once more, which changes nothing. If the newsroom was away
    # until all was sent, there was nothing left to pause or to let go on.
    return "" if held <= 2 and resumed <= 2 else f"{held} and {resumed} times in the trail"


async def _two_approvers(chaos: Chaos) -> str:
    async with chaos.redis as redis:
        keys = [
            await create_key(redis, f"Siv {secrets.token_hex(4)}", "approver") for _ in range(2)
        ]
    return " ".join([*keys, secrets.token_hex(4), str(len(chaos.sink.taken))])


async def _drafts_and_approves(chaos: Chaos, about: str) -> None:
    first, second, mark, _ = about.split()
    content = {
        "lang": "nb",
        "what_happened": f"En kopi kom bort ({mark}).",
        "consequences": "Ingen som vi vet om.",
        "measures": "Vi har byttet nøkkel.",
        "contact": "Kari Eksempel",
        "members": list(range(1, MEMBERS + 1)),
    }
    url = chaos.processes["ingest"].url
    async with httpx.AsyncClient(base_url=url, timeout=10.0) as http:

        async def post(path: str, key: str, **more: Any) -> httpx.Response:
            by = {"Authorization": f"Bearer {key}"}
            return await answered(lambda: http.post(path, headers=by, **more))

        drafted = await post("/api/notices", first, json=content)
        assert drafted.status_code == 201, drafted.text
        for key in (first, second):
            approved = await post(f"/api/notices/{drafted.json()['id']}/approve", key)
            assert approved.status_code == 200, approved.text


async def _notice_is_mailed(chaos: Chaos, redis: Redis, about: str) -> str:
    *_, mark, before = about.split()
    found = [one for one in await Notices(redis).all() if mark in one.content.what_happened]
    approved = [one for one in found if one.state == "approved"]
    if len(approved) != 1 or len(found) > 2:  # a draft whose answer was lost is one too many
        return f"{len(approved)} approved of {len(found)}"
    times = await times_in_trail(redis, "notice_approved", approved[0].id)
    if times != 2:
        return f"approved {times} times in the trail"
    return await notice_lacks(chaos, approved[0].id, int(before))


ASKING_DEEDS = (
    NewsroomDeed("question", ("change_link.lua",), _published, _makes_link, _link_is_made),
    NewsroomDeed("remark", ("remarks/add.lua",), _asked, _remarks_on_it, _remark_is_there),
    NewsroomDeed("pause", ("ask.lua", "heed.lua"), _under_way, _pauses_and_goes_on, _all_got_it),
    NewsroomDeed(
        "notice by two",
        ("notices/keep.lua",),
        _two_approvers,
        _drafts_and_approves,
        _notice_is_mailed,
    ),
)
