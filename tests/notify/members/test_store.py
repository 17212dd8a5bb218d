import json
from datetime import datetime

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.members.member import ALERTS, JOINED, Consent, Member, seal, unseal
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


_LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30)


@given(st.builds(Member, *[_LINE] * len(Member._fields)), st.integers(1, 2**40))
def test_a_record_gives_back_each_field_also_empty_ones(member: Member, number: int) -> None:
    vault = Vault(bytes(32), bytes(range(32)))
    assert unseal(vault, number, seal(vault, number, member)) == member


@pytest.mark.parametrize("field", Member._fields)
def test_a_line_break_in_any_field_is_refused(vault: Vault, field: str) -> None:
    broken = Member(*"abcdefgh")._replace(**{field: "a\nb"})
    with pytest.raises(ValueError, match="line break"):
        seal(vault, 1, broken)


def test_a_record_from_before_consents_had_times_is_of_an_imported_member(vault: Vault) -> None:
    old = vault.seal(b"kari@example.org\nKari\nnb\nconsent", "member:1")
    assert unseal(vault, 1, old) == Member("kari@example.org", "Kari", "nb", "consent", "import")


async def test_a_consent_is_kept_with_purpose_version_language_and_time(
    members: Members, redis: Redis
) -> None:
    first = Consent("Ja, send meg varsler.", version="2", lang="nb")
    other = Consent("Ja, send meg varsler.", version="3", lang="nb")
    shorts = [await members.keep_consent(one) for one in (first, other, first)]
    assert shorts[0] == shorts[2] != shorts[1]
    kept = json.loads(await redis.hget("notify:consents", shorts[0]) or b"")
    assert datetime.fromisoformat(kept.pop("time")).tzinfo
    assert kept == {
        "text": "Ja, send meg varsler.", "purpose": ALERTS, "version": "2", "lang": "nb"
    }  # fmt: skip
    assert await redis.hlen("notify:consents") == 2


async def test_what_somebody_who_joined_agreed_to_stands_in_their_record(
    members: Members,
) -> None:
    asked, confirmed = "2026-11-28T10:00:00+00:00", "2026-11-28T10:01:00+00:00"
    joined = KARI._replace(how=JOINED, asked=asked, confirmed=confirmed)
    await members.add([joined, OLA._replace(lists="styreweb,nord")], after=0)
    records = await members.records([1, 2])
    assert members.open(1, records[1]) == joined
    assert members.open(2, records[2]).lists == "styreweb,nord"


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
