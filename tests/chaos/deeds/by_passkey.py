"""A member and a person of the staff get a passkey each, and log in by it. Whoever is not answered
makes another one: nobody is shut out, and no link is used up without letting them in."""

import html
import re
from collections.abc import Callable
from contextlib import suppress

import httpx
from redis.exceptions import RedisError

from services.ingest.people.invitations import Invitations
from services.ingest.people.passkeys import StaffPasskeys
from services.notify.passkeys.store import MemberPasskeys
from tests.authenticator import Authenticator
from tests.chaos.deeds.by_letter import log_in, wrong_letters
from tests.chaos.deeds.newsroom import somebody_new
from tests.chaos.deeds.of_members import somebody
from tests.chaos.deeds.reader import Reader, answered
from tests.chaos.deeds.telling import vault_of
from tests.chaos.system import Chaos
from tests.ingest.newsroom.steps import NewsroomBrowser

_ASK = re.compile(r'action="([^"]*)" data-passkey="\w+" data-ask="([^"]*)"')
_TOKEN = re.compile(r'name="skjema" value="([0-9a-f]+)"')
_STAFF_ASK = re.compile(r'data-ask="([^"]*)"')
_HELD = re.compile(r'name="fjern" value="([^"]+)"')
_MOST = 2
"""Passkeys that somebody has who made one, was not answered, and made another."""


class MemberPasskeyDeed:
    name = "passkey of a member"
    kinds = ("passkeys/add.lua", "use.lua")

    async def prepare(self, chaos: Chaos) -> str:
        return str(await somebody(chaos))

    async def do(self, chaos: Chaos, about: str) -> None:
        number, phone = int(about), Authenticator(chaos.site)
        async with Reader(chaos) as member:
            await _log_in_by_letter(chaos, member, chaos.members[number - 1])
            await _answer(member, "/min-side/passnokkel/", phone.make)
        async with Reader(chaos) as elsewhere:

            async def get_in() -> httpx.Response:
                await _answer(elsewhere, "/min-side/", lambda ask: phone.use(ask, -1))
                return await elsewhere.http.get("/min-side/")

            page = await answered(get_in)
            assert chaos.members[number - 1] in page.text, "the passkey lets nobody in"

    async def lacks(self, chaos: Chaos, about: str) -> str:
        async with chaos.redis as redis:
            found = await MemberPasskeys(redis, await vault_of(redis)).of([int(about)])
        return "" if 1 <= len(found) <= _MOST else f"{len(found)} passkeys"


class PasskeyEndDeed:
    """A member removes their passkey, and is told so."""

    name = "passkey's end"
    kinds = ("passkeys/remove.lua",)

    async def prepare(self, chaos: Chaos) -> str:
        number = await somebody(chaos)
        async with Reader(chaos) as member:
            await _log_in_by_letter(chaos, member, chaos.members[number - 1])
            await _answer(member, "/min-side/passnokkel/", Authenticator(chaos.site).make)
            page = await member.open("/min-side/passnokkel/")
            assert _HELD.search(page.text), page.text
        return f"{number} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        number = int(about.split(maxsplit=1)[0])
        async with Reader(chaos) as member:
            await log_in(chaos, member, number)
            page = await member.open("/min-side/passnokkel/")
            found = _HELD.search(page.text)
            assert found, page.text
            await member.send("/min-side/passnokkel/", fjern=found[1])

    async def lacks(self, chaos: Chaos, about: str) -> str:
        number, before = map(int, about.split())
        async with chaos.redis as redis:
            if await MemberPasskeys(redis, await vault_of(redis)).of([number]):
                return "it still lets in"
            return await wrong_letters(chaos, redis, chaos.members[number - 1], before)


async def _log_in_by_letter(chaos: Chaos, member: Reader, email: str) -> None:
    """Whoever has just read their mail may make a passkey."""
    before = len(chaos.sink.taken)
    await member.send("/min-side/", epost=email)
    letter = await member.letter(email, before)
    await member.send("/min-side/kode/", kode=letter.code)


async def _answer(person: Reader, path: str, answers: Callable[[str], str]) -> None:
    """Open a page that asks for a passkey, and press its button with what `answers` gives."""

    async def press() -> httpx.Response:
        page = await person.http.get(path)
        ask, token = _ASK.search(page.text), _TOKEN.search(page.text)
        if not ask or not token:
            return page  # a failure, or they are in
        return await person.http.post(
            ask[1],
            data={"skjema": token[1], "svar": answers(html.unescape(ask[2]))},
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=True,
        )

    await answered(press)


class InvitedDeed:
    """Whoever is invited presses until they are in, or told that the link is used up: then the
    passkey that they made lets them in."""

    name = "passkey of somebody invited"
    kinds = ("use_invitation.lua", "use.lua")

    async def prepare(self, chaos: Chaos) -> str:
        person = (await somebody_new(chaos)).id
        async with chaos.redis as redis:
            return f"{person} {await Invitations(redis).make(person)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        link = f"/redaksjon/inn/{about.split()[1]}/"
        phone = Authenticator(chaos.site)
        url = chaos.processes["ingest"].url
        async with httpx.AsyncClient(base_url=url, timeout=10.0) as http:
            browser = NewsroomBrowser(http)

            async def press(path: str, is_new: bool, which: int = 0) -> httpx.Response:
                page = await browser.get(path)
                ask = _STAFF_ASK.search(page.text)
                if not ask:
                    return page
                asked = html.unescape(ask[1])
                answer = phone.make(asked) if is_new else phone.use(asked, which)
                return await browser.send(path, svar=answer)

            await answered(lambda: press(link, is_new=True))
            for which in range(len(phone.credentials)):
                http.cookies.clear()
                await answered(lambda which=which: press("/redaksjon/inn/", False, which))

    async def lacks(self, chaos: Chaos, about: str) -> str:
        person, token = about.split()
        with suppress(RedisError):
            async with chaos.redis as redis:
                held = await StaffPasskeys(redis).of(person)
                if not held:
                    again = await Invitations(redis).look(token)
                    return "not let in" + ("" if again else ", and the link is used up")
                return "" if len(held) <= _MOST else f"{len(held)} passkeys"
        return "Redis is away"


PASSKEY_DEEDS = (InvitedDeed(), MemberPasskeyDeed(), PasskeyEndDeed())
