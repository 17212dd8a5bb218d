"""An alert goes out, mail of it comes back, and everything that should follow does."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from services.notify.bounces import handle_bounces
from services.notify.bounces.marks import AddressStanding
from services.notify.bounces.standings import Standings
from services.notify.bounces.store import Bounces
from services.notify.bounces.store import told as told_of
from services.notify.ledger.delivery import bounces_key, delivery_key, ledger_key
from services.notify.ledger.states import Flag, State
from services.notify.members.store import Members, count, leave
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.revision import Revision
from tests.notify.bounces.shapes import SHAPES, complaint, postfix, vacation
from tests.notify.bounces.steps import (
    ADDRESS,
    another,
    bounced,
    comes_back,
    days_pass,
    handled,
    hearing,
    return_path,
    send,
)
from tests.notify.revisions import corrected, original
from tests.notify.steps import balanced, got
from tests.notify.system import System
from tests.wait import until

KARI, OLA, LISE = "kari@example.org", "ola@example.org", "lise@example.org"
DELIVERY = f"{original.id}.1"


@pytest.fixture
async def up(redis: Redis, redis_url: str) -> AsyncIterator[System]:
    async with hearing(redis, redis_url) as found:
        yield found


async def store(up: System) -> Bounces:
    found = await keys.load(up.redis, secret_key(up.settings))
    return Bounces(up.redis, Vault(found.vault, found.index))


async def stands(up: System, number: int) -> AddressStanding:
    bounces, members = await store(up), await up.members()
    records = await members.records([number])
    marks = (await bounces.marks([number])).get(number, [])
    found, _ = Standings(bounces, members).of(number, records[number], marks, datetime.now(UTC))
    return found


async def deliver(up: System, what: Revision, *members: str) -> str:
    """Publish, and wait until it is delivered; gives the delivery's id."""
    if members:
        await up.join(*members)
    await up.publish(what)
    return str((await up.delivery_of(what))["id"])


async def test_each_mail_has_an_envelope_sender_of_its_own(up: System) -> None:
    await deliver(up, original, KARI, OLA)
    senders = [mail.sender for mail in up.relay.mails]
    assert len(set(senders)) == 2
    for sender, mail in zip(senders, up.relay.mails, strict=True):
        assert sender.startswith("retur+") and sender.endswith("@varsel.example.org")
        assert "retur+" not in mail.content.decode()


async def test_a_retry_has_the_same_sender(up: System) -> None:
    senders: list[str] = []
    up.relay.mail = lambda address: senders.append(address) or None  # type: ignore[func-returns-value]
    up.relay.rcpt = lambda _: "451 4.7.1 greylisted" if len(senders) < 2 else None
    await up.join(KARI)
    await up.publish(original)
    await up.bring_forward()
    await up.delivery_of(original)
    assert len(senders) >= 2 and len(set(senders)) == 1


@pytest.mark.parametrize("shape", ["postfix", "qmail"])
async def test_what_comes_back_is_in_the_ledger_and_in_the_sums(up: System, shape: str) -> None:
    await deliver(up, original, KARI, OLA)
    await comes_back(up, KARI, SHAPES[shape]("5.1.1"))
    assert await bounced(up.redis, DELIVERY) == 1
    ledger = await up.redis.get(ledger_key(DELIVERY))
    assert list(ledger)[1:] == [State.HANDED_OVER + Flag.BOUNCED, State.HANDED_OVER]
    assert await up.redis.hgetall(bounces_key(DELIVERY)) == {b"1": b"5.1.1"}
    *_, last = await up.told()
    assert (last.data.handed_over, last.data.bounced) == (2, 1)  # type: ignore[union-attr]
    await balanced(up)
    await comes_back(up, KARI, SHAPES[shape]("5.1.1"))
    assert await bounced(up.redis, DELIVERY) == 1


async def test_an_address_is_gone_after_two_deliveries_and_gets_no_third(up: System) -> None:
    await deliver(up, original, KARI, OLA)
    await comes_back(up, KARI, postfix("5.1.1"))
    assert await stands(up, 1) is AddressStanding.WELL
    await days_pass(up.redis)
    await deliver(up, another("b"))
    await comes_back(up, KARI, postfix("5.1.10"))
    assert await stands(up, 1) is AddressStanding.GONE
    third = await deliver(up, another("c"))
    assert {to: len(mails) for to, mails in got(up).items()} == {KARI: 2, OLA: 3}
    sums = await up.redis.hmget(delivery_key(third), "audience", "handed_over", "suppressed")
    assert sums == [b"2", b"1", b"1"]
    await balanced(up)


async def test_g9_a_correction_is_tried_at_an_address_that_is_gone(up: System) -> None:
    await deliver(up, original, KARI)
    await comes_back(up, KARI, postfix("5.1.1"))
    await days_pass(up.redis)
    await deliver(up, another("b"))
    await comes_back(up, KARI, postfix("5.1.1"))
    assert await stands(up, 1) is AddressStanding.GONE
    await deliver(up, corrected)
    assert [("Utgave 3" in subject) for subject in got(up)[KARI]] == [False, False, True]


async def test_only_the_token_says_whose_mail_it_was(up: System) -> None:
    await deliver(up, original, KARI, "ola@example.net")
    await comes_back(up, KARI, postfix("5.1.1"))  # its text names ola@example.net
    assert await up.redis.hgetall(bounces_key(DELIVERY)) == {b"1": b"5.1.1"}
    assert set(await (await store(up)).marks([1, 2])) == {1}


async def test_a_token_in_other_case_is_read_and_a_forged_one_is_not(up: System) -> None:
    await deliver(up, original, KARI)
    path = return_path(up, KARI)
    code, _ = await send(up, path.replace("retur+", "retur+b")[:-1], postfix("5.1.1"))
    assert code == 550
    token = path.partition("+")[2]
    forged = path.replace(token[:4], "abcd" if token[:4] != "abcd" else "efgh")
    assert (await send(up, forged, postfix("5.1.1")))[0] == 550
    assert (await send(up, KARI, postfix("5.1.1")))[0] == 550
    assert (await send(up, path.upper(), postfix("5.1.1")))[0] == 250
    await handled(up.redis)
    assert await bounced(up.redis, DELIVERY) == 1


async def test_a_token_expires_thirty_days_after_the_last_word_of_the_relay(up: System) -> None:
    await deliver(up, original, KARI)
    ago = (datetime.now(UTC).timestamp() - 31 * 86400) * 1000
    await up.redis.hset(delivery_key(DELIVERY), mapping={"tried_at": int(ago)})
    started = datetime.fromtimestamp(ago / 1000, UTC).isoformat()
    kept = await up.redis.hget(delivery_key(DELIVERY), "started")
    await up.redis.hset(delivery_key(DELIVERY), "started", started)
    assert (await send(up, return_path(up, KARI), postfix("5.1.1")))[0] == 550
    await up.redis.hset(delivery_key(DELIVERY), "started", kept)
    assert (await send(up, return_path(up, KARI), postfix("5.1.1")))[0] == 250


async def test_what_speaks_of_us_marks_nobody_and_staff_hear_of_it(up: System) -> None:
    await deliver(up, original, KARI)
    await comes_back(up, KARI, postfix("5.7.26"))
    await deliver(up, another("b"))
    await comes_back(up, KARI, postfix("5.1.8"))
    assert await (await store(up)).marks([1]) == {}
    told = await told_of(up.redis)
    assert {what: count for what, (count, _) in told.items()} == {
        "about_us 5.7.26": 1,
        "about_us 5.1.8": 1,
    }
    assert await bounced(up.redis, DELIVERY) == 1  # it did come back


async def test_a_complaint_ends_mail_and_staff_hear_of_it(up: System) -> None:
    await deliver(up, original, KARI, OLA)
    await comes_back(up, KARI, complaint())
    assert await count(up.redis) == 1
    assert (await told_of(up.redis))["complaint"][0] == 1
    assert await bounced(up.redis, DELIVERY) == 0
    await deliver(up, another("b"))
    assert [len(got(up)[to]) for to in (KARI, OLA)] == [1, 2]


async def test_a_complaint_at_the_address_itself_is_known_by_the_token_in_it(up: System) -> None:
    await deliver(up, original, KARI, OLA)
    inner = f"Return-Path: <{return_path(up, OLA).upper()}>\nSubject: Varsel\n\nHei\n"
    assert (await send(up, ADDRESS, complaint(inner=inner)))[0] == 250
    await handled(up.redis)
    assert await up.redis.hexists("notify:left:0", "2")
    assert await count(up.redis) == 1
    code, _ = await send(up, ADDRESS, complaint())
    assert code == 550


async def test_an_answering_machine_changes_nothing(up: System) -> None:
    await deliver(up, original, KARI)
    await comes_back(up, KARI, vacation("Autosvar", Auto_Submitted="auto-replied"))
    await comes_back(up, KARI, postfix("4.4.1", action="delayed"))
    assert await bounced(up.redis, DELIVERY) == 0
    assert await (await store(up)).marks([1]) == {}
    assert await told_of(up.redis) == {}


async def test_a_surge_at_one_domain_marks_nobody_and_staff_hear_of_it(up: System) -> None:
    many = [f"medlem{n}@store.example" for n in range(12)]
    before = REGISTRY.get_sample_value("varsel_bounce_surges_total") or 0.0
    for what in (original, another("b")):
        await deliver(up, what, *(() if what.id != original.id else (*many, KARI)))
        for to in (*many, KARI):
            assert (await send(up, return_path(up, to), postfix("5.1.1")))[0] == 250
        await handled(up.redis)
        await days_pass(up.redis)
    bounces = await store(up)
    assert set(await bounces.marks(range(1, 14))) == {13}
    assert await stands(up, 13) is AddressStanding.GONE
    (surge,) = await bounces.surges()
    assert (surge.domain, surge.members) == ("store.example", 12)
    assert (await told_of(up.redis))["surge"][0] == 12
    assert (REGISTRY.get_sample_value("varsel_bounce_surges_total") or 0.0) > before
    third = await deliver(up, another("c"))
    assert await up.redis.hget(delivery_key(third), "handed_over") == b"12"


async def test_an_alert_and_its_correction_in_one_outage_of_a_small_host_mark_nobody(
    up: System,
) -> None:
    """Of nine at one host all come back, of two at another, and of a tenth alone: each twice."""
    few = [f"medlem{n}@liten.example" for n in range(9)] + ["a@to.example", "b@to.example"]
    for what in (original, corrected):
        await deliver(up, what, *((*few, KARI) if what is original else ()))
        for to in (*few, KARI):
            assert (await send(up, return_path(up, to), postfix("5.1.1")))[0] == 250
        await handled(up.redis)
    assert {await stands(up, n) for n in range(1, len(few) + 2)} == {AddressStanding.WELL}
    (surge,) = await (await store(up)).surges()
    assert (surge.domain, surge.members) == ("liten.example", 9)
    await deliver(up, another("c"))
    assert all("Et annet varsel" in mails[-1] for mails in got(up).values())


async def test_three_dead_addresses_at_a_domain_that_the_sample_missed_are_marked(
    up: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As most often in a large association, whose records are not all looked at."""
    few = [f"medlem{n}@liten.example" for n in range(3)]
    await deliver(up, original, *few, KARI)
    some_records = Members.some_records

    async def misses(members: Members, last: int) -> dict[int, bytes]:
        found = await some_records(members, last)
        return {number: sealed for number, sealed in found.items() if number > len(few)}

    monkeypatch.setattr(Members, "some_records", misses)
    for to in few:
        assert (await send(up, return_path(up, to), postfix("5.1.1")))[0] == 250
    await handled(up.redis)
    bounces = await store(up)
    assert set(await bounces.marks(range(1, 5))) == {1, 2, 3}
    assert await bounces.surges() == []


async def test_a_surge_is_a_part_of_those_who_were_mailed_however_many_the_domain_has(
    up: System,
) -> None:
    many = [f"medlem{n}@store.example" for n in range(12)]
    await deliver(up, original, *many)
    await up.join(*(f"senere{n}@store.example" for n in range(150)))
    for to in many:
        assert (await send(up, return_path(up, to), postfix("5.1.1")))[0] == 250
    await handled(up.redis)
    bounces = await store(up)
    (surge,) = await bounces.surges()
    assert (surge.domain, surge.members) == ("store.example", 12)
    assert await bounces.marks(range(1, 13)) == {}


async def test_it_is_a_surge_too_if_the_same_members_were_mailed_twice_in_the_hour(
    up: System,
) -> None:
    many = [f"medlem{n}@store.example" for n in range(110)]
    for what in (original, another("b")):
        await deliver(up, what, *(many if what is original else ()))
        for to in many[:12]:
            assert (await send(up, return_path(up, to), postfix("5.1.1")))[0] == 250
        await handled(up.redis)
        assert await (await store(up)).marks(range(1, 111)) == {}


async def test_a_member_who_has_moved_is_not_marked_for_the_old_address(up: System) -> None:
    await deliver(up, original, KARI)
    members = await up.members()
    (before,) = (await members.records([1])).values()
    moved = members.open(1, before)._replace(email=OLA)
    assert await members.replace({1: (before, moved)}) == {1}
    await comes_back(up, KARI, postfix("5.1.1"))
    assert await bounced(up.redis, DELIVERY) == 1
    assert await (await store(up)).marks([1]) == {}


async def test_marks_of_an_old_address_are_not_the_new_one_s(up: System) -> None:
    await deliver(up, original, KARI)
    await comes_back(up, KARI, postfix("5.1.1"))
    await days_pass(up.redis)
    await deliver(up, another("b"))
    await comes_back(up, KARI, postfix("5.1.1"))
    assert await stands(up, 1) is AddressStanding.GONE
    members = await up.members()
    (before,) = (await members.records([1])).values()
    moved = members.open(1, before)._replace(email=LISE)
    assert await members.replace({1: (before, moved)}) == {1}
    assert await stands(up, 1) is AddressStanding.WELL
    await deliver(up, another("c"))
    assert len(got(up)[LISE]) == 1


async def test_staff_can_forget_marks(up: System) -> None:
    await deliver(up, original, KARI, OLA)
    for to in (KARI, OLA):
        await comes_back(up, to, postfix("5.1.1"))
    bounces = await store(up)
    await bounces.forget(1)
    assert set(await bounces.marks([1, 2])) == {2}


async def test_a_complaint_is_followed_also_if_the_members_record_is_damaged(up: System) -> None:
    await deliver(up, original, KARI, OLA)
    await up.redis.hset("notify:members:0", "1", b"damaged")
    assert (await send(up, return_path(up, KARI), complaint()))[0] == 250
    assert (await send(up, return_path(up, OLA), postfix("5.1.1")))[0] == 250
    await handled(up.redis)
    assert await count(up.redis) == 1
    assert (await told_of(up.redis))["complaint"][0] == 1
    assert await bounced(up.redis, DELIVERY) == 1


async def test_who_left_before_a_bounce_comes_is_no_trouble(up: System) -> None:
    await deliver(up, original, KARI)
    await leave(up.redis, 1)
    await comes_back(up, KARI, postfix("5.1.1"))
    assert await bounced(up.redis, DELIVERY) == 1


async def test_g8_what_comes_back_is_sealed_while_it_waits(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(redis, redis_url) as up:
        await deliver(up, original, KARI)
        bounces = await store(up)
        with monkeypatch.context() as nobody_reads:
            nobody_reads.setattr(handle_bounces, "AT_ONCE", 0)
            assert (await send(up, return_path(up, KARI), postfix("5.1.1")))[0] == 250
            assert await bounces.waiting() == 1
            await _nothing_tells_who_it_is(redis)
            assert await bounces.waiting() == 1

        async def seen() -> bool:
            return await bounced(up.redis, DELIVERY) == 1

        await until(seen)
        await handled(redis)
        await _nothing_tells_who_it_is(redis)
        assert await bounces.waiting() == 0


async def _nothing_tells_who_it_is(redis: Redis) -> None:
    for key in await redis.keys("notify:bounce*"):
        kind = (await redis.type(key)).decode()
        read = {"zset": lambda key: redis.zrange(key, 0, -1), "hash": redis.hgetall}
        content = await read.get(kind, redis.get)(key)
        for secret in (b"example.net", b"example.org", b"kari"):
            assert secret not in repr(content).encode(), key
