"""Whom a delivery is owed to, by the real scripts and by a plain model, whoever joins, chooses,
leaves and comes back, and whatever an alert and its corrections are about."""

import struct
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Literal, cast

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.choices.store import BASE, GONE, Choices
from services.notify.ledger.chain import PREVIEW, Reach
from services.notify.ledger.delivery import delivery_key
from services.notify.ledger.ledger import Ledger
from services.notify.ledger.start import SCRATCH, Starter, StartWord
from services.notify.members.store import CHAIN, LAST, Members
from services.notify.vault.vault import Vault
from shared.bus import Bus, streams
from shared.bus.users import as_user
from shared.event_data import DeliveryKind
from tests.examples import examples
from tests.notify.choices.known import know
from tests.notify.ledger.people import SUBJECTS, People, Subjects

wishes = st.none() | st.sets(st.sampled_from(SUBJECTS)).map(lambda some: tuple(sorted(some)))
about = st.none() | st.sets(st.sampled_from(SUBJECTS), min_size=1).map(
    lambda some: tuple(sorted(some))
)
who = st.integers(0, 9)
steps = st.one_of(
    st.tuples(st.just("join")),
    st.tuples(st.just("choose"), who, wishes),
    st.tuples(st.sampled_from(["leave", "come_back", "erase"]), who),
    st.tuples(st.just("hear"), who, st.sampled_from(["taken", "taken", "refused", "put off"])),
)
JOIN = ("join",)
A, B, AB = ("a",), ("b",), ("a", "b")


@pytest.fixture
async def people(redis: Redis, redis_url: str) -> AsyncIterator[People]:
    bus = Bus(as_user(redis_url, "notify"), service="notify", consumer="notify-1")
    vault = Vault(bytes(32), bytes(range(32)))
    choices = Choices(bus.redis, vault)
    yield People(
        redis, bus, Members(redis, vault), choices, Starter(bus, choices), Ledger(bus, vault)
    )
    await bus.redis.aclose()


@example([JOIN, JOIN, ("choose", 0, A), ("choose", 1, B)], A, [], "correction", AB, None)
@example([JOIN, JOIN, ("choose", 0, A), ("choose", 1, B)], B, [], "correction", AB, None)
@example([JOIN, ("choose", 0, B)], A, [JOIN], "correction", None, None)
# Chosen, and gone: what they chose is no reason to mail them.
@example([JOIN, ("choose", 0, A), ("leave", 0)], A, [("come_back", 0)], "correction", AB, None)
# Gone, and chose others: one reason for being left out is enough.
@example([JOIN, JOIN, ("choose", 0, B), ("leave", 0)], A, [], "correction", None, None)
# The earlier number has it, so that the new one gets no first mail.
@example(
    [JOIN], A, [("hear", 0, "taken"), ("leave", 0), ("come_back", 0)], "correction", None, None
)
@example(
    [JOIN],
    A,
    [("hear", 0, "taken"), *[("leave", 0), ("come_back", 0)] * 2],
    "correction",
    None,
    None,
)
# It has not: then the new one gets it.
@example(
    [JOIN], A, [("hear", 0, "refused"), ("leave", 0), ("come_back", 0)], "correction", None, None
)
@example([JOIN], A, [("leave", 0), ("come_back", 0)], "correction", B, None)
# The only one who picked it, before anybody chose: there is no string that it could be copied of.
@example([JOIN, ("choose", 0, B)], B, [], "correction", None, None)
# What an earlier version went to is no more than before.
@example([JOIN], A, [JOIN], "correction", B, A)
@given(
    before=st.lists(steps, max_size=15),
    subjects=about,
    after=st.lists(steps, max_size=12),
    end=st.sampled_from(["correction", "correction", "withdrawal"]),
    later=about,
    last=about,
)
@settings(
    max_examples=examples(150),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_g6_g9_everybody_whom_it_concerns_is_in_it_once(
    people: People,
    before: list[tuple[Any, ...]],
    subjects: Subjects,
    after: list[tuple[Any, ...]],
    end: Literal["correction", "withdrawal"],
    later: Subjects,
    last: Subjects,
) -> None:
    await _begin(people)
    await _do(people, before)
    await _send(people, "alert", subjects)
    await _do(people, after)
    await _send(people, end, later)
    await _do(people, after)
    if end == "correction":
        await _send(people, "correction", last)


async def _begin(people: People) -> None:
    await people.redis.flushall()
    await streams.create_topology(people.redis)
    await know(people.redis, *SUBJECTS)
    people.people, people.revisions, people.sent = [], [], None


async def _do(people: People, todo: list[tuple[Any, ...]]) -> None:
    for what, *more in todo:
        await getattr(people, what)(*more)


async def _send(people: People, change: DeliveryKind, subjects: Subjects) -> None:
    """Start the delivery of the next revision, and compare it with the model's."""
    sent, kind = people.sent, change
    if sent and sent.kind == "alert" and not sent.audience:
        if change == "withdrawal":
            assert (await people.start(change, subjects)).word is StartWord.NOTHING
            return
        kind = "alert"  # nobody was owed a version: the correction is the alert
    reached = set(sent.reached) if sent and kind != "alert" else set()
    audience, first = people.expected(kind, subjects)
    preview = await people.preview(kind, subjects)
    started = await people.start(change, subjects)
    assert (started.word, started.kind) == (StartWord.STARTED, kind)
    assert started.audience == len(audience)
    bytes_ = await people.bytes()
    members = dict(enumerate(bytes_[1:], 1))
    assert {n for n, byte in members.items() if byte != 7} == audience
    assert {n for n, byte in members.items() if byte == 8} == reached
    assert bytes_[0] == 7
    assert await people.redis.exists(SCRATCH, PREVIEW) == 0
    fields = await people.redis.hgetall(delivery_key(await people.before()))
    assert [int(fields[name]) for name in (b"audience", b"open")] == [len(audience)] * 2
    _check_preview(people, preview, audience, subjects)
    assert preview.first == len(audience - reached) == len(first - reached)
    people.sent = people.next_sent(kind, subjects, audience)
    mailed = Counter(min(people.of(n)) for n in audience if people.may_be_mailed(n))
    assert all(mails == 1 for mails in mailed.values())


def _check_preview(people: People, preview: Reach, audience: set[int], subjects: Subjects) -> None:
    """Each number is in the audience, or told to be left out for one reason."""
    now = {one.numbers[-1] for one in people.people if one.is_member}
    every = {number for one in people.people for number in one.numbers}
    out = every - audience
    assert preview.audience == len(audience)
    assert preview.gone == len(out - now)
    assert preview.chose_others == len((out & now) - people.wanted(subjects))
    assert preview.not_owed == len(out & now & people.wanted(subjects))


async def test_the_start_runs_no_command_for_each_member(people: People) -> None:
    """One for a chunk of a thousand, and one more to plan it: all else is over whole strings."""
    calls = []
    for members in (3_000, 300_000):
        await _begin(people)
        await people.redis.set(LAST, members)
        for string in (BASE, GONE, *people.choices.strings(("a", "b"))):
            await people.redis.set(string, bytes((0, 7, 0)) * (members // 3))
        for kind, subjects in (("alert", A), ("correction", AB)):
            before = await _calls(people.redis)
            assert (await people.start(cast("DeliveryKind", kind), subjects)).audience
            calls.append(await _calls(people.redis) - before)
    few, few_corrected, many, many_corrected = calls
    assert many - few <= 2 * 297
    assert many_corrected - few_corrected <= 2 * 297


async def test_a_correction_runs_no_command_for_each_who_came_back(people: People) -> None:
    """Two for a block of 256 numbers: `python -m benchmarks choices` has 200,000 who came back."""
    members, calls = 60_000, []
    for returned in (0, 20_000):
        await _begin(people)
        await people.redis.set(LAST, members)
        for string in (BASE, GONE, *people.choices.strings(("a", "b"))):
            await people.redis.set(string, bytes(members + 1))
        before = {members - n: n + 1 for n in range(returned)}
        chain = [before.get(number, 0) for number in range(members + 1)]
        await people.redis.set(CHAIN, struct.pack(f"<{len(chain)}I", *chain))
        assert (await people.start("alert", A)).audience == members
        before = await _calls(people.redis)
        assert (await people.start("correction", AB)).audience
        calls.append(await _calls(people.redis) - before)
    assert calls[1] - calls[0] <= 2 * (20_000 // 256 + 2) + 1


async def _calls(redis: Redis) -> int:
    """How many commands have run, those in scripts included."""
    told = await redis.info("commandstats")
    return sum(int(of["calls"]) for of in told.values())
