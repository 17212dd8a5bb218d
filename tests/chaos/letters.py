"""A letter to one member, and a kill on its way: asked for past the proxies, as a page does by its
own process, and sent by notify through them."""

import asyncio
from collections import Counter

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import QUEUE, Letters
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from shared.bus import tasks
from tests.chaos.editor import PATIENCE
from tests.chaos.kills import LATE, Counts, Kill, Place, Trap
from tests.chaos.sink import SunkMail
from tests.chaos.system import REDIS, Chaos
from tests.chaos.versions import Findings
from tests.wait import until

_SECRET = "k" * 64
_OURS = (
    *("letter", "admit.lua", "keep_ticket.lua", "keep_hold.lua"),
    *("SMTP MAIL", "SMTP RCPT", "SMTP DATA", "SMTP dot"),
)
"""What stands in the kinds of a letter's commands; other kinds come for alerts too, or always."""
_asked: Counter[int] = Counter()
"""How many letters each system was asked for: each is for another member, since few an hour are
for the same one."""


async def ask(chaos: Chaos) -> str:
    """Ask for a log-in letter; gives whose."""
    email = chaos.members[_asked[id(chaos)] % len(chaos.members)]
    _asked[id(chaos)] += 1
    async with chaos.redis as redis:
        found = await keys.load(redis, _SECRET)
        letters = Letters(redis, Vault(found.vault, found.index), found.letters)
        await letters.ask(Asked(LetterKind.LOGIN, email, browser=f"b{_asked[id(chaos)]}"))
    return email


async def learn_letter(chaos: Chaos) -> Counts:
    """How many commands of which kind notify sends for a letter."""
    chaos.counts.clear()
    before = len(chaos.sink.taken)
    await _sent(chaos, await ask(chaos), before)
    found: Counter[tuple[str, str, str]] = Counter()
    for (process, kind, moment), count in chaos.counts.items():
        if process.startswith("notify") and any(one in kind for one in _OURS):
            found["notify", kind, moment] += count
    return dict(found)  # type: ignore[arg-type]


def letter_kills(counts: Counts) -> list[Kill]:
    """notify at each command of a letter, before and after; and Redis at each script."""
    places = [Place(process, kind, moment) for process, kind, moment in sorted(counts)]
    return [Kill("notify", place) for place in places] + [
        Kill(REDIS, place) for place in places if place.kind.startswith("EVALSHA")
    ]


async def one_letter(chaos: Chaos, kill: Kill) -> tuple[bool, Findings]:
    """Ask for a letter, kill once, and see it sent; whether the kill came about, and what was
    found."""
    found = Findings(mailed=1)
    await until(lambda: _answers(chaos), PATIENCE)  # it may have died at the end of the line before
    before = len(chaos.sink.taken)
    trap = Trap(chaos, kill)
    try:
        email = await ask(chaos)
        sprung = asyncio.create_task(trap.sprung.wait())
        await asyncio.wait([sprung], timeout=LATE)
        await tasks.end([sprung])
    finally:
        trap.close()
    try:
        await _sent(chaos, email, before)
        await chaos.ready()
    except AssertionError as error:
        found.lost = 1
        found.wrong.append(f"not sent: {error}")
        return trap.sprung.is_set(), found
    mails = _mails(chaos, email, before)
    for mail in mails[:-1]:
        found.twice[mail.sender] += 1
    if len(mails) > 2:
        found.wrong.append(f"sent {len(mails)} times")
    if len({mail.message_id for mail in mails}) != 1:
        found.wrong.append("with several Message-IDs")
    return trap.sprung.is_set(), found


def _mails(chaos: Chaos, email: str, before: int) -> list[SunkMail]:
    """Letters to this address that the relay took, after so many mails of whatever."""
    return [m for m in chaos.sink.taken[before:] if m.recipient == email and m.round < 0]


async def _sent(chaos: Chaos, email: str, before: int) -> None:
    """Until the relay has the letter, and nothing waits any more."""

    async def over() -> bool:
        try:
            async with chaos.redis as redis:
                return bool(_mails(chaos, email, before)) and not await _waiting(redis)
        except RedisError:
            return False

    await until(over, PATIENCE)


async def _answers(chaos: Chaos) -> bool:
    try:
        async with chaos.redis as redis:
            return bool(await redis.ping())
    except RedisError:
        return False


async def _waiting(redis: Redis) -> int:
    return int(await redis.zcard(QUEUE))
