"""What the staff do in the newsroom. What its pages have confirmed is so, and the audit trail says
it once, whichever process dies; whoever is not answered does it again."""

import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.audit.entries import TrailEntry
from services.ingest.audit.trail import Trail
from services.ingest.desk.store import Desk
from services.ingest.newsroom.visit import key_of
from services.ingest.people.invitations import Invitations
from services.ingest.people.keys import ApiKeys
from services.ingest.people.person import Person
from services.ingest.people.store import People
from services.ingest.sketches.store import Sketches
from services.ingest.subjects.store import Subjects
from services.notify.staff.store import Staff
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Sessions
from tests.chaos.deeds.reader import answered
from tests.chaos.deeds.telling import vault_of
from tests.chaos.editor import PATIENCE
from tests.chaos.system import Chaos
from tests.ingest.newsroom.desk.steps import FormFields, begin
from tests.ingest.newsroom.steps import NewsroomBrowser
from tests.wait import until

_TITLE = "Eksempelinib kan skade leveren"
_SEEN = re.compile(r'name="utgave" value="(\d+)"')
_ADDRESS_LINK = re.compile(r'href="(/beskjed/[A-Za-z0-9_-]{43}/)"')


@dataclass(frozen=True)
class NewsroomDeed:
    """Something that a person of the staff does."""

    name: str
    kinds: tuple[str, ...]
    before: Callable[[Chaos], Awaitable[str]]
    does: Callable[[Chaos, str], Awaitable[None]]
    is_lacking: Callable[[Chaos, Redis, str], Awaitable[str]]

    async def prepare(self, chaos: Chaos) -> str:
        return await self.before(chaos)

    async def do(self, chaos: Chaos, about: str) -> None:
        await self.does(chaos, about)

    async def lacks(self, chaos: Chaos, about: str) -> str:
        async with chaos.redis as redis:
            return await self.is_lacking(chaos, redis, about)


# Who does it, and in which browser


async def somebody_new(chaos: Chaos) -> Person:
    """Somebody of the staff who was not there before."""
    async with chaos.redis as redis:
        return await People(redis).add(f"Ola {secrets.token_hex(4)}", "editor")


@asynccontextmanager
async def browser_of_admin(chaos: Chaos) -> AsyncIterator[NewsroomBrowser]:
    """A browser in which an admin is logged in."""
    session = await until(lambda: _session(chaos), PATIENCE)
    url = chaos.processes["ingest"].url
    async with httpx.AsyncClient(base_url=url, timeout=10.0) as http:
        http.cookies.set(STAFF_COOKIES.session, session)
        yield NewsroomBrowser(http)


async def _session(chaos: Chaos) -> str:
    """Of the admin; empty while Redis is away."""
    try:
        async with chaos.redis as redis:
            people = People(redis)
            admin = await people.named("Anne") or await people.add("Anne", "admin")
            return (await Sessions(redis, STAFF_SESSIONS, await key_of(redis)).begin(admin.id)).id
    except RedisError:
        return ""


async def _press(browser: NewsroomBrowser, page: str, action: str, **fields: str) -> httpx.Response:
    """Open a page and send one of its forms, again until there is an answer."""

    async def press() -> httpx.Response:
        opened = await browser.get(page)
        if opened.status_code >= 500:
            return opened
        return await browser.send(action, **fields)

    return await answered(press)


# Writing


async def _begun(chaos: Chaos) -> str:
    async with browser_of_admin(chaos) as browser:
        return await begin(browser)


async def _writes(chaos: Chaos, sak: str) -> None:
    """As the page saves by itself: the same form again, until it is answered."""
    async with browser_of_admin(chaos) as browser:
        form = FormFields((await browser.get(f"{sak}skriv/")).text).dict() | {"title": _TITLE}
        accept = {"Accept": "application/json"}
        saved = await answered(lambda: browser.http.post(f"{sak}lagre", data=form, headers=accept))
        assert saved.status_code == 200, saved.text


def _article(sak: str) -> str:
    return sak.strip("/").rpartition("/")[2]


async def _written(_: Chaos, redis: Redis, sak: str) -> str:
    desk = Desk(redis)
    copy = await desk.find(_article(sak))
    if not copy or copy.fields["title"] != _TITLE:
        return "not saved"
    return "laid aside" if await desk.asides(_article(sak)) else ""


async def _begun_and_written(chaos: Chaos) -> str:
    sak = await _begun(chaos)
    await _writes(chaos, sak)
    return sak


async def _throws_away(chaos: Chaos, sak: str) -> None:
    async with browser_of_admin(chaos) as browser:

        async def press() -> httpx.Response:
            page = await browser.get(f"{sak}kast/")
            seen = _SEEN.search(page.text)
            if not seen:  # it is gone, or the server is
                return page
            return await browser.send(f"{sak}kast/", utgave=seen[1])

        await answered(press)


async def _thrown_away(_: Chaos, redis: Redis, sak: str) -> str:
    return "still there" if await Desk(redis).find(_article(sak)) else ""


async def _looks(chaos: Chaos, sak: str) -> None:
    async with browser_of_admin(chaos) as browser:
        await _press(browser, f"{sak}vis/", f"{sak}vis/")


async def _seen(_: Chaos, redis: Redis, sak: str) -> str:
    sketch = await Sketches(redis).of(_article(sak))
    if not sketch or not sketch.page or not sketch.mail:
        return "no page or no mail to be seen"
    return ""


# People


async def _name(_: Chaos) -> str:
    return f"Liv {secrets.token_hex(4)}"


async def _invites(chaos: Chaos, name: str) -> None:
    async with browser_of_admin(chaos) as browser:
        page = await _press(
            browser, "/redaksjon/folk/", "/redaksjon/folk/inviter/", navn=name, rolle="approver"
        )
        if page.status_code == 422:  # the person is there, and the link was not seen
            person = await until(lambda: _named(chaos, name), PATIENCE)
            page = await _press(
                browser, "/redaksjon/folk/", "/redaksjon/folk/lenke/", person=person.id
            )
        assert "/redaksjon/inn/" in page.text


async def _named(chaos: Chaos, name: str) -> Person | None:
    with suppress(RedisError):
        async with chaos.redis as redis:
            return await People(redis).named(name)
    return None


async def _invited(_: Chaos, redis: Redis, name: str) -> str:
    person = await People(redis).named(name)
    if not person or person.role != "approver":
        return "nobody was let in"
    if person.id not in await Invitations(redis).waiting():
        return "no invitation waits"
    times = await times_in_trail(redis, "person_added", person.id)
    return "" if times == 1 else f"{times} times in the trail"


async def _somebody(chaos: Chaos) -> str:
    return (await somebody_new(chaos)).id


async def _changes_role(chaos: Chaos, person: str) -> None:
    async with browser_of_admin(chaos) as browser:
        await _press(
            browser, "/redaksjon/folk/", "/redaksjon/folk/rolle/", person=person, rolle="approver"
        )


async def _has_role(_: Chaos, redis: Redis, person: str) -> str:
    found = await People(redis).find(person)
    return "" if found and found.role == "approver" else "the old role"


async def _somebody_with_an_address(chaos: Chaos) -> str:
    person = await _somebody(chaos)
    async with chaos.redis as redis:
        await Staff(redis, await vault_of(redis)).set(person, f"{person}@example.org")
    return person


async def _puts_out(chaos: Chaos, person: str) -> None:
    async with browser_of_admin(chaos) as browser:
        await _press(browser, "/redaksjon/folk/", "/redaksjon/folk/ut/", person=person, sikker="ja")


async def _is_out(_: Chaos, redis: Redis, person: str) -> str:
    if await People(redis).find(person):
        return "still in"
    if await Staff(redis, await vault_of(redis)).address(person):
        return "the address is still known"
    times = await times_in_trail(redis, "person_revoked", person)
    return "" if times == 1 else f"{times} times in the trail"


async def _gives_key(chaos: Chaos, person: str) -> None:
    async with browser_of_admin(chaos) as browser:
        page = await _press(browser, "/redaksjon/nokler/", "/redaksjon/nokler/ny/", person=person)
        assert re.search(r"varsel_[0-9a-f]{8}_", page.text)


async def _keys_of(redis: Redis, person: str) -> list[str]:
    return [id_ for id_, key in (await ApiKeys(redis).all()).items() if key.person == person]


async def _has_key(_: Chaos, redis: Redis, person: str) -> str:
    keys = await _keys_of(redis, person)
    if not 1 <= len(keys) <= 2:  # one whose answer was lost is seen in the list, and can be ended
        return f"{len(keys)} keys"
    times = [await times_in_trail(redis, "key_created", key) for key in keys]
    return "" if set(times) == {1} else f"{times} times in the trail"


async def _somebody_with_a_key(chaos: Chaos) -> str:
    person = await somebody_new(chaos)
    async with chaos.redis as redis:
        await ApiKeys(redis).create(person)
        [key] = await _keys_of(redis, person.id)
    return f"{person.id} {key}"


async def _ends_key(chaos: Chaos, about: str) -> None:
    async with browser_of_admin(chaos) as browser:
        await _press(browser, "/redaksjon/nokler/", "/redaksjon/nokler/slutt/", id=about.split()[1])


async def _has_no_key(_: Chaos, redis: Redis, about: str) -> str:
    person, key = about.split()
    if await _keys_of(redis, person):
        return "the key still opens"
    times = await times_in_trail(redis, "key_revoked", key)
    return "" if times == 1 else f"{times} times in the trail"


# Where staff are told


async def _gives_address(chaos: Chaos, email: str) -> None:
    async with browser_of_admin(chaos) as browser:
        page = await _press(browser, "/redaksjon/varsle/", "/redaksjon/varsle/")
        found = _ADDRESS_LINK.search(page.text)
        assert found, page.text
    url = chaos.workers()[0].url
    async with httpx.AsyncClient(base_url=url, timeout=10.0) as http:
        notify = NewsroomBrowser(http)

        async def is_known() -> bool:
            """notify has heard of the link."""
            return (await answered(lambda: notify.get(found[1]))).status_code == 200

        await until(is_known, 60.0)
        await _press(notify, found[1], found[1], epost=email)


async def _an_address(_: Chaos) -> str:
    return f"{secrets.token_hex(4)}@example.org"


async def _address_is_known(_: Chaos, redis: Redis, email: str) -> str:
    admin = await People(redis).named("Anne")
    assert admin
    found = await Staff(redis, await vault_of(redis)).address(admin.id)
    return "" if found and found.email == email else "not known"


# Subjects


async def _adds_subject(chaos: Chaos, name: str) -> None:
    async with browser_of_admin(chaos) as browser:
        path = "/redaksjon/emner/nytt/"
        await _press(browser, path, path, name=name, substance="eksempelinib")


async def _subject_is_added(_: Chaos, redis: Redis, name: str) -> str:
    found = [one.id for one in await Subjects(redis).all() if one.name == name]
    if len(found) != 1:
        return f"{len(found)} subjects"
    if not await redis.hexists("notify:subjects", found[0]):
        return "members cannot choose it"
    told = await redis.xrange("reference")
    times = sum(found[0].encode() in b" ".join(fields.values()) for _, fields in told)
    return "" if times == 1 else f"told {times} times"


async def times_in_trail(redis: Redis, what: str, about: str) -> int:
    """How many entries of the audit trail say this of somebody or something."""
    found = [TrailEntry.of(line) async for line in Trail(redis).read()]
    return sum(
        one.what == what and (one.article == about or about in one.detail.values()) for one in found
    )


NEWSROOM_DEEDS = (
    NewsroomDeed("writing", ("save.lua",), _begun, _writes, _written),
    NewsroomDeed(
        "throwing away", ("desk/remove.lua",), _begun_and_written, _throws_away, _thrown_away
    ),
    NewsroomDeed(
        "look", ("sketches/begin.lua", "store_preview.lua"), _begun_and_written, _looks, _seen
    ),
    NewsroomDeed("invitation", ("people/change.lua", "invite.lua"), _name, _invites, _invited),
    NewsroomDeed("new role", ("people/change.lua",), _somebody, _changes_role, _has_role),
    NewsroomDeed(
        "farewell",
        ("people/change.lua", "forget_person.lua"),
        _somebody_with_an_address,
        _puts_out,
        _is_out,
    ),
    NewsroomDeed("new key", ("give_key.lua",), _somebody, _gives_key, _has_key),
    NewsroomDeed("key's end", ("change_key.lua",), _somebody_with_a_key, _ends_key, _has_no_key),
    NewsroomDeed(
        "new address",
        ("ask_address.lua", "keep_link.lua", "use_link.lua"),
        _an_address,
        _gives_address,
        _address_is_known,
    ),
    NewsroomDeed("new subject", ("subjects/change.lua",), _name, _adds_subject, _subject_is_added),
)
