import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.members.member import Member, seal, unseal
from services.notify.members.numbers import BUCKET, CHUNK, Cut
from services.notify.members.store import Found, Members, count, count_staff, leave
from services.notify.vault.vault import Vault
from tests.make import alert, revision
from tests.notify.steps import dump
from tests.notify.system import System, running

KARI = Member("Kari.Canary@example.org", "Kari Canary", "nb", "consent")
OLA = Member("ola.canary@example.org", "", "nn", "consent")


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(32), bytes(range(32)))


@pytest.fixture
def members(redis: Redis, vault: Vault) -> Members:
    return Members(redis, vault)


async def test_members_are_numbered_from_one_and_found_by_any_spelling(members: Members) -> None:
    assert await members.add([KARI, OLA], after=0)
    found = await members.find(["kari.canary@example.org", OLA.email, "no@example.org"])
    assert found == [Found(1, left=False), Found(2, left=False), None]
    assert await members.last() == 2


async def test_a_number_is_never_given_twice(members: Members, redis: Redis) -> None:
    assert await members.add([KARI], after=0)
    assert not await members.add([OLA], after=0)
    assert await members.find([OLA.email]) == [None]
    assert await count(redis) == 1


async def test_who_leaves_and_joins_again_gets_a_new_number(members: Members, redis: Redis) -> None:
    await members.add([KARI, OLA], after=0)
    await leave(redis, 1)
    assert await members.find([KARI.email]) == [Found(1, left=True)]
    await members.add([KARI], after=2)
    assert await members.find([KARI.email]) == [Found(3, left=False)]
    assert await count(redis) == 2
    audience = await members.audience(Cut(3, 1), range(1, 4))
    opened = {n: members.open(n, sealed) for n, sealed in audience.reachable.items()}
    assert opened == {2: OLA, 3: KARI}


async def test_who_leaves_is_no_staff_any_more_and_cannot_be_made_it(
    members: Members, redis: Redis
) -> None:
    """An exercise's audience is all staff: nobody may be in it whom no chunk would serve."""
    await members.add([KARI, OLA], after=0, staff=True)
    await leave(redis, 1)
    assert await count_staff(redis) == 1
    await members.mark_staff([1, 2])
    assert await count_staff(redis) == 1


async def test_leaving_twice_is_leaving_once(members: Members, redis: Redis) -> None:
    await members.add([KARI, OLA], after=0)
    for _ in range(3):
        await leave(redis, 1)
    assert await count(redis) == 1
    assert await redis.get("notify:leaves") == b"1"


@pytest.mark.parametrize("number", [0, -1, 3, 2**60])
async def test_nobody_else_can_leave(members: Members, redis: Redis, number: int) -> None:
    await members.add([KARI, OLA], after=0)
    with pytest.raises(LookupError):
        await leave(redis, number)
    assert await count(redis) == 2


async def test_an_audience_is_a_cut_of_the_members(members: Members, redis: Redis) -> None:
    new = [Member(f"m{n}@example.org", "", "nb", "c") for n in range(1, 8)]
    await members.add(new, after=0)
    await leave(redis, 2)
    cut = Cut(await members.last(), int(await redis.get("notify:leaves")))
    await leave(redis, 3)
    await members.add([KARI], after=7)
    await redis.hdel("notify:members:0", "5")
    audience = await members.audience(cut, range(1, 9))
    assert set(audience.reachable) == {1, 4, 6, 7}
    assert audience.suppressed == [3, 5]


@given(st.integers(1, 5000), st.integers(0, 12))
def test_chunks_cover_every_number_once_and_share_no_bucket(last: int, chunk: int) -> None:
    cut = Cut(last, 0)
    chunks = [cut.chunk(number) for number in range(last // CHUNK + 1)]
    assert [number for part in chunks for number in part] == list(range(1, last + 1))
    assert CHUNK % BUCKET == 0
    assert not cut.chunk(last // CHUNK + 1 + chunk)


def test_a_record_belongs_to_its_number(vault: Vault) -> None:
    sealed = seal(vault, 1, KARI)
    assert unseal(vault, 1, sealed) == KARI
    with pytest.raises(InvalidTag):
        unseal(vault, 2, sealed)
    assert seal(vault, 1, KARI) != sealed


async def test_addresses_and_names_are_sealed_in_redis(members: Members, redis: Redis) -> None:
    await members.add([KARI, OLA], after=0)
    stored = await dump(redis)
    assert b"notify:members:0" in stored
    assert b"canary" not in stored.lower()


async def test_no_member_shows_anywhere_after_a_delivery(
    notify: System, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Promise G8, with a relay that quotes addresses in its replies."""
    await notify.join(*(f"canary{n}@canary.example" for n in range(30)), name="Canary Bird")
    greylisted = iter(range(5))
    notify.relay.rcpt = lambda to: (
        f"550 5.1.1 <{to}> Canary Bird unknown"
        if "canary7" in to
        else f"450 4.2.0 <{to}> later"
        if next(greylisted, None) is not None
        else None
    )
    async with running(notify):
        await notify.publish(revision(alert()))
        await notify.bring_forward()
        found = await notify.delivery()
    assert (found["failed"], found["handed_over"]) == (1, 29)
    stored = await dump(notify.redis)
    assert b"delivery.completed" in stored
    printed = "".join(capfd.readouterr())
    assert "delivery_completed" in printed
    for place in (stored.decode(), printed, caplog.text):
        assert "canary" not in place.lower()
