"""What people do by a letter: join, log in, move to another address, and undo that. Whoever is
answered that it failed, or not at all, does it again; a letter that is used up has done what it is
for, and nothing comes about by half."""

from collections import Counter
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.choices.store import Choices
from services.notify.journal.entries import EntryKind
from services.notify.letters.store import JOINS, QUEUE
from services.notify.members.store import Found, Members, count
from shared.visitors.cookies import MEMBER_COOKIES
from tests.chaos.deeds.of_members import SUBJECT, know_subject, session_of, somebody
from tests.chaos.deeds.reader import Reader, letters
from tests.chaos.deeds.telling import vault_of
from tests.chaos.editor import PATIENCE
from tests.chaos.gate import in_journal
from tests.chaos.journal import journal_of
from tests.chaos.system import Chaos
from tests.wait import until

_MOST_TIMES = 2
"""That the relay may get one letter: the second is of a sender whose answer was lost."""


class JoiningDeed:
    """Somebody who is no member becomes one, by the letter's code or its link."""

    def __init__(self, by: str) -> None:
        self.name = f"joining by {by}"
        self.kinds: tuple[str, ...] = (
            *("ask_letter.lua", "count_source.lua", "members/add.lua", "choose.lua"),
            *("use_ticket.lua", *(["try_code.lua"] if by == "code" else [])),
        )
        self._by = by
        self._count = 0

    async def prepare(self, chaos: Chaos) -> str:
        await know_subject(chaos)
        self._count += 1
        async with chaos.redis as redis:
            members = await count(redis)
        return f"ny{self._count}@{self._by}.example.org {members} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        email, _, before = about.split()
        async with Reader(chaos) as person:
            await person.send(
                "/bli-medlem/", epost=email, samtykke="ja", hvilke="noen", emne=[SUBJECT]
            )
            letter = await person.letter(email, int(before))
            if self._by == "code":
                await person.send("/bli-medlem/kode/", kode=letter.code)
            else:
                await person.send(letter.link)

    async def lacks(self, chaos: Chaos, about: str) -> str:
        email, before_them, before = about.split()
        async with chaos.redis as redis:
            vault = await vault_of(redis)
            members, choices = Members(redis, vault), Choices(redis, vault)
            found = await _member(members, email)
            if not found:
                return "no member"
            if await count(redis) != int(before_them) + 1:
                return "a member twice"
            record = members.open(
                found.number, (await members.records([found.number]))[found.number]
            )
            if not record.consent or not record.confirmed:
                return "without a consent"
            if await choices.of(found.number) != (SUBJECT,):
                return "without what they chose"
            return await wrong_letters(chaos, redis, email, int(before))


class LogInDeed:
    """A member gets in by a code. A code that was used up before its answer was lost is one that
    the member asks for again, as a person would."""

    name = "log-in"
    kinds = ("ask_letter.lua", "count_source.lua", "try_code.lua", "use_ticket.lua")

    async def prepare(self, chaos: Chaos) -> str:
        return f"{await somebody(chaos)} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        number, before = map(int, about.split())
        email = chaos.members[number - 1]
        async with Reader(chaos) as person:
            for _ in range(2):
                seen = len(chaos.sink.taken) if letters(chaos, email, before) else before
                await person.send("/min-side/", epost=email)
                letter = await person.letter(email, seen)
                await person.send("/min-side/kode/", kode=letter.code)
                if email in (await person.open("/min-side/")).text:
                    return
        raise AssertionError("two codes let nobody in")

    async def lacks(self, chaos: Chaos, about: str) -> str:
        number, before = map(int, about.split())
        async with chaos.redis as redis:
            return await wrong_letters(chaos, redis, chaos.members[number - 1], before)


class StrangersLogInDeed:
    """Somebody wants to log in whom nobody knows: they are told so by a letter."""

    name = "stranger's log-in"
    kinds = ("put_with_joins.lua",)
    _count = 0

    async def prepare(self, chaos: Chaos) -> str:
        self._count += 1
        return f"fremmed{self._count}@example.org {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        email = about.split(maxsplit=1)[0]
        async with Reader(chaos) as person:
            await person.send("/min-side/", epost=email)

    async def lacks(self, chaos: Chaos, about: str) -> str:
        email, before = about.split()
        async with chaos.redis as redis:
            return await wrong_letters(chaos, redis, email, int(before))


class MoveDeed:
    """A member moves to another address, by the code in the letter to it."""

    name = "move"
    kinds = (
        "ask_letter.lua",
        "try_code.lua",
        "use_ticket.lua",
        "EVALSHA move.lua",
        *in_journal(EntryKind.MOVED),
    )

    async def prepare(self, chaos: Chaos) -> str:
        return f"{await somebody(chaos)} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        number, before = map(int, about.split())
        async with Reader(chaos) as person:
            await log_in(chaos, person, number)
            await person.send("/min-side/adresse/", epost=moved_to(number))
            letter = await person.letter(moved_to(number), before)
            page = await person.send("/min-side/adresse/kode/", kode=letter.code)
            if page.status_code == 403:
                # It was broken off after the move, which has logged everybody out.
                await log_in(chaos, person, number)
                await person.send("/min-side/adresse/kode/", kode=letter.code)

    async def lacks(self, chaos: Chaos, about: str) -> str:
        number, before = map(int, about.split())
        old, new = chaos.members[number - 1], moved_to(number)
        async with chaos.redis as redis:
            if wrong := await _is_at(chaos, redis, number, new, old):
                return wrong
            return await wrong_letters(chaos, redis, new, before) or await wrong_letters(
                chaos, redis, old, before
            )


class UndoDeed:
    """The member's old address is told of the move, and whoever has it undoes that."""

    name = "undo"
    kinds = ("EVALSHA move.lua", "use_ticket.lua")

    async def prepare(self, chaos: Chaos) -> str:
        move = MoveDeed()
        about = await move.prepare(chaos)
        number, before = map(int, about.split())
        await move.do(chaos, about)
        async with Reader(chaos) as owner, chaos.redis as redis:
            link = (await owner.letter(chaos.members[number - 1], before)).link
            return f"{number} {link} {await session_of(redis, number)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        async with Reader(chaos) as owner:
            await owner.send(about.split()[1])

    async def lacks(self, chaos: Chaos, about: str) -> str:
        text, _, session = about.split()
        number = int(text)
        async with chaos.redis as redis:
            if wrong := await _is_at(
                chaos, redis, number, chaos.members[number - 1], moved_to(number)
            ):
                return wrong
        async with Reader(chaos) as thief:
            thief.http.cookies.set(MEMBER_COOKIES.session, session)
            page = (await thief.open("/min-side/")).text
            return "" if chaos.members[number - 1] not in page else "still logged in"


def moved_to(number: int) -> str:
    return f"flyttet{number}@example.org"


async def log_in(chaos: Chaos, person: Reader, number: int) -> None:
    async def session() -> str:
        with suppress(RedisError):
            async with chaos.redis as redis:
                return await session_of(redis, number)
        return ""

    person.http.cookies.set(MEMBER_COOKIES.session, await until(session, PATIENCE))


async def _member(members: Members, email: str) -> Found | None:
    """Whose address this is now."""
    [found] = await members.find([email])
    return found if found and not found.left and not found.moved else None


async def _is_at(chaos: Chaos, redis: Redis, number: int, email: str, not_at: str) -> str:
    """What is not so of a member who is at one address, and no longer at the other."""
    members = Members(redis, await vault_of(redis))
    found = await _member(members, email)
    if not found or found.number != number:
        return "not at the address"
    if await _member(members, not_at):
        return "at two addresses"
    if members.open(number, (await members.records([number]))[number]).email != email:
        return "another address in the record"
    holder = (await journal_of(chaos, redis)).holders.get(members.index_of(email))
    return "" if holder and holder.number == number else "not in the journal"


async def wrong_letters(chaos: Chaos, redis: Redis, email: str, before: int) -> str:
    """What is not so as it must be of the letters to an address."""
    if await redis.zcard(QUEUE) or await redis.zcard(JOINS):
        return "a letter waits"
    times = Counter(mail.message_id for mail in letters(chaos, email, before))
    if not times:
        return "no letter"
    return f"a letter {max(times.values())} times" if max(times.values()) > _MOST_TIMES else ""


LETTER_DEEDS = (
    JoiningDeed("code"),
    JoiningDeed("link"),
    LogInDeed(),
    StrangersLogInDeed(),
    MoveDeed(),
    UndoDeed(),
)
