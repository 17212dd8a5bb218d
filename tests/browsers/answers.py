"""The pages of members that can be had once only, as what «Min side» answers once something was
done: they are kept as they came, and shown in the browser at their own address."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import NamedTuple

import httpx
from redis.asyncio import Redis

from services.notify.bounces.marks import Mark
from services.notify.bounces.store import Bounces
from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import AN_HOUR, Letters
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from shared.article import Lang
from shared.bus.users import OPERATOR
from shared.languages.say import LANGS
from tests.browsers.world import World, member
from varsel.run.embedded import redis_url

ANSWERS = (
    *("confirm joining", "code, wrong", "choices, wrong", "confirm move", "confirm undo"),
    *("move undone", "address taken", "left on my page", "my page, left", "erased"),
    *("back", "undo over", "my page, unreachable", "confirm lock", "locked"),
    *("erased later", "back later"),
)
ANSWERS_ELSEWHERE = tuple(f"{name} ({lang})" for name in ANSWERS for lang in ("nn", "en"))
"""The same for members who have another language than bokmål.

«Noe ble endret i mellomtiden» is not among them: it takes two who change the same at once."""
_HIDDEN = re.compile(r'name="(skjema)" value="([0-9a-f]+)"')


class KeptAnswer(NamedTuple):
    path: str
    text: str
    policy: str
    """What it lets the browser load."""


class _Member:
    """A member at a browser of their own, who has logged in."""

    def __init__(self, world: World, number: int, lang: Lang) -> None:
        self.world, self.email = world, member(number, lang)
        self.http = _at_home(world, number, lang)
        self._seen: list[int] = []
        self.send("/min-side/", epost=self.email)
        assert self.email in self.send(self.link()).text

    def send(self, path: str, **typed: str) -> httpx.Response:
        """As `World.send`; letters that came before are no answer to it."""
        self._seen = self.world.numbers()
        return self.world.send(path, self.http, **typed)

    def link(self, to: str = "") -> str:
        """The link of the letter that this brought."""
        return self.world.letter(to or self.email, seen=self._seen)[0]


def _at_home(world: World, number: int, lang: Lang) -> httpx.Client:
    """A browser with an address of its own, since what may be asked from one is limited."""
    address = f"127.0.{1 + LANGS.index(lang)}.{number}"
    return httpx.Client(
        base_url=world.up.url,
        follow_redirects=True,
        transport=httpx.HTTPTransport(local_address=address),
    )


def answers(world: World, lang: Lang) -> dict[str, KeptAnswer]:
    """Each of `ANSWERS` in a language, by its name."""
    stranger = _at_home(world, 9, lang)
    new, said = f"ny.{lang}@example.org", f"?maal={lang}"
    world.send(f"/bli-medlem/{said}", stranger, epost=new, samtykke="ja", maal=lang)
    found = {
        "confirm joining": stranger.get(world.letter(new)[0]),
        "code, wrong": world.send(f"/bli-medlem/kode/{said}", stranger, kode="12345"),
    }
    for some in (_of_a_move, _of_a_farewell, _of_an_old_mail, _of_trouble, _of_haste):
        found |= some(world, lang)
    assert found.keys() == set(ANSWERS)
    return {
        name: KeptAnswer(
            str(answer.url).removeprefix(world.up.url),
            answer.text,
            answer.headers["content-security-policy"],
        )
        for name, answer in found.items()
    }


def _of_a_move(world: World, lang: Lang) -> dict[str, httpx.Response]:
    one = _Member(world, 10, lang)
    new, taken = f"ny.adresse.{lang}@example.org", f"opptatt.{lang}@example.org"
    found = {"choices, wrong": one.send("/min-side/emner/", hvilke="noen")}
    one.send("/min-side/adresse/", epost=taken)
    link = one.link(taken)
    world.import_members((taken, "Ola Eksempel"), lang=lang)
    found["address taken"] = one.send(link)
    one.send("/min-side/adresse/", epost=new)
    link = one.link(new)
    found["confirm move"] = one.http.get(link)
    one.send(link)
    undo = one.link()
    found["confirm undo"] = one.http.get(undo)
    return found | {"move undone": one.send(undo)}


def _of_a_farewell(world: World, lang: Lang) -> dict[str, httpx.Response]:
    one = _Member(world, 11, lang)
    left = one.send("/min-side/meld-av/")
    mine = one.http.get("/min-side/")
    return {
        "left on my page": left,
        "my page, left": mine,
        "erased": one.send("/min-side/slett/"),
    }


def _of_an_old_mail(world: World, lang: Lang) -> dict[str, httpx.Response]:
    path = world.unsubscribe_path(member(12, lang))
    left = world.http.post(path).text
    token = left.partition('name="angre" value="')[2].partition('"')[0]
    return {
        "undo over": world.http.post(f"{path}/angre", data={"angre": "x"}),
        "back": world.http.post(f"{path}/angre", data={"angre": token}),
    }


def _of_trouble(world: World, lang: Lang) -> dict[str, httpx.Response]:
    """Mail to one came back, and another has a passkey that they do not know of."""
    one, other = _Member(world, 13, lang), _Member(world, 14, lang)

    async def write(redis: Redis, found: keys.Keys) -> None:
        vault = Vault(found.vault, found.index)
        bounces, members = Bounces(redis, vault), Members(redis, vault)
        numbers = [found.number for found in await members.find([one.email, other.email]) if found]
        now = int(datetime.now(UTC).timestamp())
        for delivery, at in (("a.1", now - 4 * 24 * 60 * 60), ("b.1", now)):
            mark = Mark(delivery, at, "5.1.1", at, bounces.address(one.email))
            await bounces.mark(numbers[0], bounces.domain(one.email), mark)
        asked = Asked(LetterKind.PASSKEY_ADDED, other.email, lang=lang, number=numbers[1])
        await Letters(redis, vault, found.letters).ask(asked)

    _with_keys(world, write)
    lock = other.link()
    return {
        "my page, unreachable": one.http.get("/min-side/"),
        "confirm lock": other.http.get(lock),
        "locked": other.send(lock),
    }


def _of_haste(world: World, lang: Lang) -> dict[str, httpx.Response]:
    """One wants to be deleted just after a move, and one comes and goes without end."""
    one, new = _Member(world, 15, lang), f"flyttet.{lang}@example.org"
    one.send("/min-side/adresse/", epost=new)
    one.send(one.link(new))
    other = _Member(world, 16, lang)
    for _ in range(AN_HOUR + 2):
        left = other.send("/min-side/meld-av/")
        hidden = dict(_HIDDEN.findall(left.text))
        back = other.http.post("/min-side/kom-tilbake/", data=hidden)
        if back.status_code != 200:
            break
    return {"erased later": one.http.get("/min-side/slett/"), "back later": back}


def _with_keys(world: World, work: Callable[[Redis, keys.Keys], Awaitable[None]]) -> None:
    """Do something with the system's keys, where Playwright's event loop may run already."""

    async def run() -> None:
        async with Redis.from_url(redis_url(world.up.data, OPERATOR)) as redis:
            secret = (world.up.data / "secret-key").read_text().strip()
            await work(redis, await keys.load(redis, secret))

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
