"""What members do in the story of the canaries: by letters, and on the real pages."""

import asyncio
import re

import httpx

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from tests.system import canary
from tests.system.canary_story import CHOSEN, Story
from tests.visitor import Visitor
from tests.wait import until


async def letters_are_asked_for(told: Story) -> None:
    """To members, with an address that a hostile relay refuses, and with a stranger's."""
    async with told.redis() as redis:
        found = await keys.load(redis, (told.up.data / "secret-key").read_text().strip())
        letters = Letters(redis, Vault(found.vault, found.index), found.letters)
        tickets = Tickets(redis, Vault(found.vault, found.index), found.letters)
        before = len(told.relay.mails)
        for kind, who in (
            (LetterKind.LOGIN, canary.TAKEN),
            (LetterKind.LOGIN, canary.UNKNOWN),
            (LetterKind.MOVE, canary.IDN),
            (LetterKind.JOIN, canary.STRANGER),
        ):
            await letters.ask(
                Asked(kind, who.wire, name=who.name, browser=f"nettleser {who.name}", number=1)
            )
        await until(lambda: len(told.relay.mails) == before + 3)
        await until(lambda: '"letter_given_up"' in told.up.log())
        for mail in told.relay.mails[before:]:
            text = mail.message.get_body(("plain",)).get_content()
            for token in re.findall(r"/([A-Za-z0-9_-]{43})", text):
                assert await tickets.look(token)
                told.secrets.append(token)
        await tickets.by_code(f"nettleser {canary.TAKEN.name}", "000000")


async def members_use_their_pages(told: Story) -> None:
    """One logs in, looks, changes, and types what is wrong, which comes back to them alone."""
    taken, stranger = canary.TAKEN, canary.STRANGER
    async with httpx.AsyncClient(base_url=told.up.url) as http:
        browser = Visitor(http)
        wrong = await browser.send("/bli-medlem/", epost=stranger.wire, navn=stranger.name)
        assert stranger.name in wrong.text
        assert (await browser.send("/bli-medlem/", epost=f"<{stranger.name}@")).status_code == 422
        before = len(told.relay.mails)
        await browser.send("/min-side/", epost=taken.wire)
        await until(lambda: len(told.relay.mails) > before)
        text = told.relay.mails[before].message.get_body(("plain",)).get_content()
        [link] = re.findall(r"/min-side/inn/\S+", text)
        assert taken.wire in (await browser.send(link)).text
        for path, typed in (
            ("/min-side/opplysninger/", {"navn": f"{taken.name}\x00"}),
            ("/min-side/opplysninger/", {"navn": taken.name}),
            ("/min-side/adresse/", {"epost": f"{taken.name}@{stranger.wire}"}),
            ("/min-side/adresse/", {"epost": stranger.wire}),
        ):
            await browser.send(path, **typed)
        assert taken.name in (await browser.open("/min-side/alt.json")).text
        await http.get(f"/min-side/{taken.wire}?gjort={stranger.name}")
        told.cookies += [value for value in http.cookies.values() if value]


async def somebody_comes_and_goes(told: Story) -> None:
    """They join with a choice, move, undo it, leave, come back, are erased, join again, and are
    erased for good: all on the real pages, by what the letters say."""
    guest, elsewhere = canary.GUEST, canary.ELSEWHERE
    file = told.up.data.parent / f"{told.up.data.name}-emner.yaml"
    file.write_text(f"subjects: [{{id: {CHOSEN}, name: {CHOSEN}}}]")
    await asyncio.to_thread(told.up.json, "subjects", "import", str(file))
    file.unlink()

    async def letter(who: canary.Canary, path: str, nth: int = 1) -> str:
        """The path of the link in the nth letter of its kind."""

        def found() -> list[str]:
            mine = [mail.message for mail in told.relay.mails if mail.recipient == who.wire]
            texts = [mail.get_body(("plain",)).get_content() for mail in mine]
            return [link[0] for text in texts if (link := re.search(rf"{path}[\w-]{{43}}", text))]

        await until(lambda: len(found()) >= nth)
        told.secrets.append(found()[nth - 1].rpartition("/")[2])
        return found()[nth - 1]

    async with (
        httpx.AsyncClient(base_url=told.up.url) as http,
        httpx.AsyncClient(base_url=told.up.url) as another,
    ):
        browser, owner = Visitor(http), Visitor(another)

        def note() -> None:
            told.cookies += [value for value in (*http.cookies.values(),) if value]

        for nth in (1, 2):
            await until(lambda: _can_be_chosen(told))
            typed = {"navn": guest.name, "samtykke": "ja", "hvilke": "noen", "emne": CHOSEN}
            await browser.send("/bli-medlem/", epost=guest.wire, **typed)
            joined = await browser.send(await letter(guest, "/bli-medlem/bekreft/", nth))
            assert guest.wire in joined.text
            note()
            known = (await browser.open("/min-side/alt.json")).json()
            assert known["emner"] == [CHOSEN]
            if nth == 1:
                await browser.send("/min-side/adresse/", epost=elsewhere.wire)
                moved = await browser.send(await letter(elsewhere, "/min-side/inn/"))
                assert elsewhere.wire in moved.text
                note()
                undone = await owner.send(await letter(guest, "/min-side/angre/"))
                assert "angret" in undone.text
                await browser.send("/min-side/", epost=guest.wire)
                await browser.send(await letter(guest, "/min-side/inn/"))
                left = await browser.send("/min-side/meld-av/")
                assert "Du er meldt av" in left.text
                back = await browser.fill(left)
                assert guest.wire in back.text
                note()
            erased = await browser.send("/min-side/slett/")
            assert "slettet" in erased.text
        told.cookies += [value for value in another.cookies.values() if value]


async def _can_be_chosen(told: Story) -> bool:
    async with told.redis() as redis:
        return bool(await redis.hexists("notify:subjects", CHOSEN))
