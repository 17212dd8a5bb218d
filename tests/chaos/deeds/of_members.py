"""What members do on their pages: choose, leave, come back, and have themselves erased. What the
pages have confirmed is so in Redis and in the journal, whichever process dies."""

import hmac
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
from redis.asyncio import Redis

from services.notify.choices.store import Choices
from services.notify.journal.entries import EntryKind
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.tokens import Tokens
from shared.events import SubjectChanged, to_fields
from shared.subject import Subject
from shared.trace import new_traceparent
from shared.visitors.cookies import MEMBER_COOKIES
from shared.visitors.sessions import MEMBER_SESSIONS, Sessions
from tests.chaos.deeds.telling import SECRET, vault_of
from tests.chaos.gate import in_journal
from tests.chaos.journal import journal_of
from tests.chaos.system import Chaos
from tests.visitor import Visitor
from tests.wait import until

SUBJECT = "jak-hemmere"
_NAME = "Kari Eksempel"
_used: Counter[int] = Counter()
"""How many members each system has used up, from the last one on."""


async def somebody(chaos: Chaos) -> int:
    """The number of a member to whom nothing has happened yet."""
    _used[id(chaos)] += 1
    return len(chaos.members) + 1 - _used[id(chaos)]


async def on_page(chaos: Chaos, number: int, path: str, **typed: str) -> None:
    """Send the form of a page as this member, again until an answer comes that is no failure."""

    async def sent() -> bool:
        try:
            async with _browser(chaos) as http:
                async with chaos.redis as redis:
                    http.cookies.set(MEMBER_COOKIES.session, await session_of(redis, number))
                page = await Visitor(http).open(path)
                if page.is_redirect:  # it was done before its answer was lost: nobody is left
                    return True
                return (await Visitor(http).fill(page, **typed)).status_code < 500
        except (httpx.HTTPError, OSError, IndexError):  # it died, or said that it cannot now
            return False

    await until(sent, 60.0)


def _browser(chaos: Chaos) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=chaos.workers()[0].url, timeout=10.0)


async def session_of(redis: Redis, number: int) -> str:
    found = await keys.load(redis, SECRET)
    key = hmac.digest(found.token, b"member pages", "sha256")
    return (await Sessions(redis, MEMBER_SESSIONS, key).begin(str(number))).id


async def leave(chaos: Chaos, number: int) -> None:
    """One click in a mail, by a program that tries until it is told that it is done."""
    async with chaos.redis as redis:
        token = Tokens((await keys.load(redis, SECRET)).token).seal(number)

    async def gone() -> bool:
        try:
            async with _browser(chaos) as http:
                answer = await http.post(f"/member/unsubscribe/{token}")
                return answer.status_code == 200
        except httpx.HTTPError:
            return False

    await until(gone, 60.0)


async def choose(chaos: Chaos, number: int) -> None:
    await on_page(chaos, number, "/min-side/emner/", hvilke="noen", emne=SUBJECT)


async def know_subject(chaos: Chaos) -> None:
    """Have a subject that members can choose."""
    async with chaos.redis as redis:
        event = SubjectChanged.about(
            Subject(id=SUBJECT, name="JAK-hemmere"), 1, traceparent=new_traceparent()
        )
        await redis.xadd("reference", to_fields(event))

        async def known() -> bool:
            return bool(await redis.hexists("notify:subjects", SUBJECT))

        await until(known)


class MemberDeed:
    """Something that one member does."""

    def __init__(
        self,
        name: str,
        kinds: tuple[str, ...],
        before: Callable[[Chaos, int], Awaitable[None]],
        does: Callable[[Chaos, int], Awaitable[None]],
        lacks: Callable[[Chaos, Redis, Members, Choices, int], Awaitable[str]],
    ) -> None:
        self.name = name
        self.kinds = kinds
        self._before = before
        self._does = does
        self._lacks = lacks

    async def prepare(self, chaos: Chaos) -> str:
        await know_subject(chaos)
        number = await somebody(chaos)
        await self._before(chaos, number)
        return str(number)

    async def do(self, chaos: Chaos, about: str) -> None:
        await self._does(chaos, int(about))

    async def lacks(self, chaos: Chaos, about: str) -> str:
        async with chaos.redis as redis:
            vault = await vault_of(redis)
            members, choices = Members(redis, vault), Choices(redis, vault)
            return await self._lacks(chaos, redis, members, choices, int(about))


async def _nothing(_: Chaos, __: int) -> None:
    pass


async def _chose(chaos: Chaos, _: Redis, __: Members, choices: Choices, number: int) -> str:
    return "" if await choices.of(number) == (SUBJECT,) else "not chosen"


async def _left(chaos: Chaos, redis: Redis, members: Members, _: Choices, number: int) -> str:
    if not await members.left([number]):
        return "not left"
    entry = (await journal_of(chaos, redis)).gone.get(number)
    return "" if entry and entry.kind is EntryKind.LEFT else "not in the journal"


async def _chosen_and_left(chaos: Chaos, number: int) -> None:
    await choose(chaos, number)
    await leave(chaos, number)


async def _came_back(
    chaos: Chaos, redis: Redis, members: Members, choices: Choices, number: int
) -> str:
    newest, *_ = await members.numbers_of(number)
    if newest == number or await members.left([newest]):
        return "not back"
    if not await members.left([number]):
        return "back as two"
    if await choices.of(newest) != (SUBJECT,):
        return "without what they chose"
    email = chaos.members[number - 1]
    holder = (await journal_of(chaos, redis)).holders.get(members.index_of(email))
    return "" if holder and holder.number == newest else "not in the journal"


async def _erased(
    chaos: Chaos, redis: Redis, members: Members, choices: Choices, number: int
) -> str:
    if await members.records([number]):
        return "a record is left"
    if await choices.of(number) not in (None, ()):
        return "a choice is left"
    entry = (await journal_of(chaos, redis)).gone.get(number)
    return "" if entry and entry.kind is EntryKind.ERASED else "not in the journal"


async def _comes_back(chaos: Chaos, number: int) -> None:
    await on_page(chaos, number, "/min-side/")


async def _has_erased(chaos: Chaos, number: int) -> None:
    await on_page(chaos, number, "/min-side/slett/")


async def _renames(chaos: Chaos, number: int) -> None:
    await on_page(chaos, number, "/min-side/opplysninger/", navn=_NAME)


async def _renamed(chaos: Chaos, _: Redis, members: Members, __: Choices, number: int) -> str:
    record = members.open(number, (await members.records([number]))[number])
    return "" if record.name == _NAME else "the old name"


CHOICE = MemberDeed("choice", ("choose.lua",), _nothing, choose, _chose)
LEAVING = MemberDeed("leaving", ("leave.lua", *in_journal(EntryKind.LEFT)), _nothing, leave, _left)
COMEBACK = MemberDeed(
    "comeback",
    ("members/add.lua", "carry_over.lua", *in_journal(EntryKind.RETURNED)),
    _chosen_and_left,
    _comes_back,
    _came_back,
)
ERASURE = MemberDeed(
    "erasure",
    ("erase.lua", "choices/forget.lua", *in_journal(EntryKind.ERASED)),
    choose,
    _has_erased,
    _erased,
)
NEW_NAME = MemberDeed("new name", ("replace.lua",), _nothing, _renames, _renamed)
DEEDS = (NEW_NAME, CHOICE, LEAVING, COMEBACK, ERASURE)
