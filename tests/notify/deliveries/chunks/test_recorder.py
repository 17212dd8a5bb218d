"""What the relay has accepted is written down, however long that takes (promise G7)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from services.notify.deliveries.recorder import ENOUGH, ChunkRecord, Recorder
from services.notify.ledger import ledger as ledgers
from services.notify.ledger.delivery import EVENTS, delivery_key, ledger_key
from services.notify.ledger.ledger import Ledger, Progress, Recorded
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.relay.window import WINDOW, Window
from services.notify.vault.vault import Vault
from shared.bus import Bus
from shared.bus.users import as_user
from shared.events import DeliveryProgressed, from_fields
from shared.trace import new_traceparent
from tests.notify.ledger.steps import begin
from tests.notify.steps import DELIVERY
from tests.server import Valkey
from tests.wait import until


class Desk:
    def __init__(self, url: str) -> None:
        self.bus = Bus(as_user(url, "notify"), service="notify", consumer="notify-1")
        self.window = Window()
        self.recorder = Recorder(Ledger(self.bus, Vault(bytes(32), bytes(32))), self.window)

    async def record(self) -> ChunkRecord:
        fields = {"page_at": "2026-09-01T10:00:00+00:00"}
        await self.bus.redis.hset(delivery_key(DELIVERY), mapping=fields)
        found = await ledgers.find(self.bus.redis, DELIVERY)
        return ChunkRecord(found, Progress(ledgers.progressed(found, new_traceparent())))

    def accept(self, record: ChunkRecord, number: int) -> None:
        self.window.enter()
        self.recorder.add(record, Outcome(number, State.HANDED_OVER))


@pytest.fixture
async def desk(own_server: Valkey) -> AsyncIterator[Desk]:
    async with Redis.from_url(own_server.url) as redis:
        await begin(redis)
    made = Desk(own_server.url)
    yield made
    await made.recorder.close()
    await made.bus.redis.aclose()


async def test_g7_what_was_accepted_stays_in_the_window_until_it_is_written_down(
    desk: Desk, own_server: Valkey
) -> None:
    record = await desk.record()
    own_server.kill()
    for number in range(1, 33):
        desk.accept(record, number)
    for _ in range(WINDOW - 32):
        desk.window.enter()
    await until(lambda: record.writing)
    assert not desk.window.has_room, "nothing is written down, so nothing more may be sent"
    own_server.start()
    await desk.recorder.settle(record)
    assert desk.window.has_room
    async with Redis.from_url(own_server.url) as redis:
        assert await redis.getrange(ledger_key(DELIVERY), 1, 32) == b"\2" * 32


async def records(server: Valkey) -> int:
    async with Redis.from_url(server.url) as redis:
        return int((await redis.info("commandstats")).get("cmdstat_evalsha", {"calls": 0})["calls"])


async def test_outcomes_wait_for_company_but_not_for_long(desk: Desk, own_server: Valkey) -> None:
    record = await desk.record()
    desk.accept(record, 1)
    await desk.recorder.settle(record)  # the script is loaded by now
    before = await records(own_server)
    for number in range(2, 2 + ENOUGH):
        desk.accept(record, number)
        await asyncio.sleep(0)
    await until(lambda: record.is_settled)
    assert await records(own_server) == before + 1
    desk.accept(record, 2 + ENOUGH)
    await until(lambda: record.is_settled)


async def told(server: Valkey) -> list[int]:
    """How many the relay had taken, by each telling on `deliveries`."""
    async with Redis.from_url(server.url) as redis:
        events = [from_fields(fields) for _, fields in await redis.xrange(EVENTS)]
    return [one.data.handed_over for one in events if isinstance(one, DeliveryProgressed)]


async def test_while_the_relay_says_nothing_the_last_sums_are_told_all_the_same(
    desk: Desk, own_server: Valkey
) -> None:
    """What is recorded within a second after a telling waits for the next one, and of a relay that
    hangs there is no other outcome."""
    record = await desk.record()
    for number in (1, 2):
        desk.accept(record, number)
        await desk.recorder.settle(record)

    async def are_told() -> bool:
        return await told(own_server) == [1, 2]

    await until(are_told)


async def test_the_last_sums_are_told_though_redis_was_away_when_it_was_time(
    desk: Desk, own_server: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    real = Ledger.record

    async def record_of(self: Ledger, status: Progress, outcomes: list[Outcome]) -> Recorded:
        sizes.append(len(outcomes))
        return await real(self, status, outcomes)

    monkeypatch.setattr(Ledger, "record", record_of)
    record = await desk.record()
    for number in (1, 2):
        desk.accept(record, number)
        await desk.recorder.settle(record)
    own_server.kill()
    await until(lambda: 0 in sizes)
    own_server.start()

    async def are_told() -> bool:
        return (await told(own_server))[-1:] == [2]

    await until(are_told)


async def test_an_error_that_never_goes_away_is_told_and_holds_nobody_else_up(
    desk: Desk, own_server: Valkey
) -> None:
    record = await desk.record()
    async with Redis.from_url(own_server.url) as redis:
        await redis.delete(ledger_key(DELIVERY))
        await redis.hset(ledger_key(DELIVERY), "not", "a ledger")
    desk.accept(record, 1)
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await desk.recorder.settle(record)
    await until(lambda: desk.window.has_room)


async def test_each_chunk_in_hand_hears_at_once_that_its_delivery_is_halted(
    desk: Desk, own_server: Valkey
) -> None:
    """Else the room that one leaves in the window would be filled with the old text of the other:
    seen as 71 mails of one worker after a correction, found by `make chaos`."""
    heard, silent = await desk.record(), await desk.record()
    desk.recorder.follow(silent)
    async with Redis.from_url(own_server.url) as redis:
        await redis.hset(delivery_key(DELIVERY), "superseded", "another")
    desk.accept(heard, 1)
    await desk.recorder.settle(heard)
    assert heard.halted
    assert silent.halted
