"""Promise G9, by machine: whatever happens in whatever order, no member is left with an old version
of an alert only, no member who had none is told of a change or withdrawal of it, and the sums are
right."""

from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.choices.store import Choices
from services.notify.deliveries.page_hold import PageHold
from services.notify.deliveries.site import SiteReader
from services.notify.deliveries.start_delivery import StartDelivery
from services.notify.journal.entries import JournalState
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from services.notify.ledger.delivery import ledger_key
from services.notify.ledger.ledger import Ledger
from services.notify.members.member import Member
from services.notify.members.store import Members
from services.notify.vault.vault import Vault
from shared.bus import Bus, streams
from shared.bus.users import as_user
from shared.events import PageWithdrawn
from tests import make
from tests.examples import examples
from tests.notify.ledger.old_versions import MEMBERS, World
from tests.notify.revisions import changed, original
from tests.notify.site import Pages

numbers = st.integers(1, MEMBERS)
fates = st.sampled_from(
    ("taken", "taken", "taken", "put off", "refused", "unheard", "lost", "never sent")
)
steps = st.one_of(
    st.tuples(st.just("claim"), st.integers(1, MEMBERS)),
    st.tuples(st.just("claim"), st.just(MEMBERS)),
    st.tuples(st.just("claim at last"), st.just(MEMBERS)),
    st.tuples(st.just("hear"), fates),
    st.tuples(st.just("hear"), fates),
    st.tuples(st.just("kill"), st.booleans()),
    st.tuples(st.just("change"), st.sampled_from(("edit", "correction", "correction"))),
    st.tuples(st.just("repeat"), st.integers(0, 9)),
    st.tuples(st.just("leave"), numbers),
    st.tuples(st.just("erase"), numbers),
    st.tuples(st.just("control"), st.sampled_from(("hold", "resume", "cancel"))),
    st.tuples(st.just("again"), st.none()),
)


@pytest.fixture
async def site() -> AsyncIterator[Pages]:
    pages = await Pages().start()
    yield pages
    await pages.stop()


async def world(redis: Redis, url: str, site: Pages) -> World:
    await redis.flushall()
    await streams.create_topology(redis)
    bus = Bus(as_user(url, "notify"), service="notify", consumer="notify-1")
    vault = Vault(bytes(32), bytes(32))
    members = Members(redis, vault)
    people = [Member(f"m{n}@example.org", "", "nb", "c") for n in range(1, MEMBERS + 1)]
    assert await members.add(people, after=0)
    mine = make.settings(site_url=site.address)
    start = StartDelivery(
        bus,
        Choices(bus.redis, vault),
        SiteReader(site.address),
        PageHold(bus.redis, mine),
        mine,
        given=GivenIds(Journal(mine.journal_folder, vault, bus.redis), JournalState()),
    )
    made = World(redis, bus, site, start, members, Ledger(bus, vault))
    await made.tell(original)
    return made


End = Literal["nothing", "correction", "withdrawal"]


CLAIM = ("claim", MEMBERS)


LAST = ("claim at last", MEMBERS)
CORRECTION = ("change", "correction")


def hear(fate: str) -> list[tuple[str, Any]]:
    return [("hear", fate)] * MEMBERS


def heard(fate: str) -> list[tuple[str, Any]]:
    return [CLAIM, *hear(fate)]


# What became of the first try is not known, and then the relay or a person ends it.
@example([*heard("unheard")], "withdrawal", [])
@example([*heard("unheard"), *heard("refused")], "withdrawal", [])
@example([*heard("lost"), *heard("put off")], "withdrawal", [])
# On the way when it was superseded, and then it turns out that they never got it.
@example([CLAIM], "withdrawal", hear("never sent"))
@example([CLAIM], "correction", hear("never sent"))
@example([CLAIM], "withdrawal", hear("put off"))
@example([CLAIM], "correction", hear("put off"))
@example([CLAIM], "withdrawal", hear("refused"))
@example([CLAIM], "correction", hear("refused"))
@example([CLAIM, CORRECTION, *hear("put off")], "withdrawal", [])
@example([CLAIM, CORRECTION, *hear("refused")], "withdrawal", [])
@example([CLAIM, CORRECTION, *hear("never sent")], "withdrawal", [])
@example([CLAIM, CORRECTION], "withdrawal", [CLAIM, *hear("refused")])
@example([CLAIM], "withdrawal", [*hear("put off"), CORRECTION])
# Put off, and the next mail never left.
@example([*heard("put off"), *heard("never sent")], "correction", [])
@example([*heard("put off"), CLAIM], "correction", hear("never sent"))
@example([*heard("put off"), CLAIM], "withdrawal", hear("never sent"))
# The newer delivery could wait no more: what is heard of the old mail then changes nothing there.
@example(
    [CLAIM], "withdrawal", [LAST, *hear("put off"), ("hear", "taken"), *hear("put off"), CLAIM]
)
@example(
    [CLAIM], "correction", [LAST, *hear("refused"), ("hear", "taken"), *hear("put off"), CLAIM]
)
# What is heard of a second try says nothing of the first, which nobody heard of.
@example([*heard("unheard"), CLAIM], "withdrawal", hear("put off"))
@example([*heard("lost"), CLAIM], "withdrawal", hear("refused"))
# A chunk is planned again while its members are tried.
@example([*heard("refused"), ("again", None), ("repeat", 0)], "nothing", [])
@example([*heard("lost"), ("control", "cancel"), CLAIM], "withdrawal", [])
@example([*heard("lost"), *[("leave", n + 1) for n in range(MEMBERS)], CLAIM], "correction", [])
@given(
    before=st.lists(steps, max_size=25),
    end=st.sampled_from(("nothing", "correction", "withdrawal", "withdrawal")),
    after=st.lists(steps.filter(lambda step: step[0] not in ("change", "control")), max_size=8),
)
@settings(
    max_examples=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_g9_nobody_is_left_with_an_old_version_only(
    redis: Redis,
    redis_url: str,
    site: Pages,
    before: list[tuple[str, Any]],
    end: End,
    after: list[tuple[str, Any]],
) -> None:
    made = await world(redis, redis_url, site)
    try:
        for step in before:
            await made.do(step)
            await made.balanced()
        number = len(made.told) + 1
        if end == "correction":
            await made.tell(changed(number, "correction", original))
        elif end == "withdrawal":
            await made.tell(changed(number, "withdrawal", original), PageWithdrawn)
        for step in after:
            await made.do(step)
            await made.balanced()
        await made.to_the_end()
        await made.balanced()
        await _check(made)
    finally:
        await made.kill(after_sending=False)
        await made.bus.redis.aclose()


async def _check(made: World) -> None:
    newest = (await made.redis.get("notify:alert:a1b2c3d4e5f6")).decode()
    least = int(newest.partition(".")[2])
    states = [byte % 8 for byte in await made.redis.get(ledger_key(newest))]
    refused = {number for number, state in enumerate(states) if state == 4}
    for number, mails in made.has.items():
        excused = number in made.erased or number in refused or newest in made.cancelled
        if mails and not excused:
            assert any(mail.revision >= least for mail in mails), (number, mails)
        told = [mail for mail in mails if mail.tells_of_change]
        if told and number not in made.in_doubt:
            assert mails[0] not in told, f"{number} had nothing that could be changed or withdrawn"
