"""The listener as strangers meet it: SMTP or LMTP, and nothing that is not for us."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.bounces import handle_bounces, listener
from services.notify.bounces.intake import HEAD
from services.notify.bounces.listener import LARGEST
from services.notify.bounces.store import MAIL, MOST_WAITING
from services.notify.ledger.delivery import LISTENING
from tests.make import settings
from tests.notify.bounces.shapes import postfix
from tests.notify.bounces.steps import (
    ADDRESS,
    bounced,
    free_port,
    handled,
    hearing,
    return_path,
    send,
    talking,
)
from tests.notify.revisions import original
from tests.notify.system import System, running, system
from tests.wait import until

KARI, DELIVERY = "kari@example.org", f"{original.id}.1"


@pytest.fixture
async def up(redis: Redis, redis_url: str) -> AsyncIterator[System]:
    async with hearing(redis, redis_url) as found:
        await found.join(KARI, "ola@example.org")
        await found.publish(original)
        await found.delivery_of(original)
        yield found


async def speak(up: System, *said: str) -> list[str]:
    """A conversation word for word; gives the last line of each answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", up.settings.bounce_port)
    answers = [(await reader.readline()).decode().strip()]
    for line in said:
        writer.write(line.encode() + b"\r\n")
        answer = b"250-"
        while answer[3:4] == b"-":
            answer = await reader.readline()
        answers.append(answer.decode().strip())
    writer.close()
    return answers


async def test_a_relay_beside_us_can_speak_lmtp(up: System) -> None:
    mail = postfix("5.1.1").decode()
    answers = await speak(
        up,
        "LHLO relay.example.net",
        "MAIL FROM:<>",
        f"RCPT TO:<{return_path(up, KARI)}>",
        "DATA",
        f"{mail}\r\n.",
    )
    assert [answer[:3] for answer in answers] == ["220", "250", "250", "250", "354", "250"]
    await handled(up.redis)
    assert await bounced(up.redis, DELIVERY) == 1


async def test_each_mail_has_one_recipient(up: System) -> None:
    first, second = return_path(up, KARI), return_path(up, "ola@example.org")
    answers = await speak(up, "EHLO x", "MAIL FROM:<>", f"RCPT TO:<{first}>", f"RCPT TO:<{second}>")
    assert [answer[:3] for answer in answers[-2:]] == ["250", "452"]


async def test_a_mail_that_is_too_large_is_refused_and_one_with_all_of_ours_is_not(
    up: System,
) -> None:
    path = return_path(up, KARI)
    large = postfix("5.1.1") + b"x" * 70 + b"\r\n"
    assert (await send(up, path, large + (b"y" * 900 + b"\r\n") * (LARGEST // 900)))[0] == 552
    assert (await send(up, path, large + (b"y" * 900 + b"\r\n") * 1200))[0] == 250
    await handled(up.redis)
    assert await bounced(up.redis, DELIVERY) == 1


async def test_only_the_beginning_of_a_mail_is_kept(
    up: System, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handle_bounces, "AT_ONCE", 0)  # nobody reads it
    path = return_path(up, KARI)
    assert (await send(up, path, postfix("5.1.1") + (b"y" * 900 + b"\r\n") * 1000))[0] == 250
    (sealed,) = await redis.hvals(MAIL)
    assert HEAD < len(sealed) < HEAD + 1000


async def test_a_stream_without_an_end_is_cut_off(up: System) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", up.settings.bounce_port)
    path = return_path(up, KARI)
    for line in ("EHLO x", "MAIL FROM:<>", f"RCPT TO:<{path}>", "DATA"):
        writer.write(line.encode() + b"\r\n")
        await reader.readline()
    sent = 0
    with pytest.raises(ConnectionError):
        while sent < 20 * LARGEST:
            writer.write(b"x" * 65536)
            await writer.drain()
            sent += 65536
    assert sent < 20 * LARGEST


async def test_too_many_that_wait_come_again(up: System, redis: Redis) -> None:
    """The queue is full, and nobody reads: what is there is no mail of ours."""
    await redis.hset(MAIL, mapping={f"filler{n}": b"" for n in range(MOST_WAITING)})
    path = return_path(up, KARI)
    assert (await send(up, path, postfix("5.1.1")))[0] == 452
    await redis.hdel(MAIL, *(f"filler{n}" for n in range(MOST_WAITING)))
    assert (await send(up, path, postfix("5.1.1")))[0] == 250


async def test_a_connection_too_many_is_told_to_come_again(
    up: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "CONNECTIONS", 2)
    async with talking(up), talking(up):
        assert (await speak(up))[0].startswith("421")

    async def free() -> bool:
        return (await speak(up))[0].startswith("220")

    await until(free)


async def test_nobody_can_ask_who_there_is(up: System) -> None:
    for asked in (f"VRFY {KARI}", f"EXPN {KARI}"):
        (*_, answer) = await speak(up, "EHLO x", asked)
        assert not answer.startswith("250")
    (*_, known) = await speak(up, "EHLO x", "MAIL FROM:<>", f"RCPT TO:<{KARI}>")
    (*_, unknown) = await speak(up, "EHLO x", "MAIL FROM:<>", "RCPT TO:<nobody@example.org>")
    assert known == unknown
    assert known.startswith("550")


async def test_nothing_listens_unless_a_port_is_set(redis: Redis, redis_url: str) -> None:
    port = free_port()
    assert settings().bounce_port is None
    cases: list[tuple[dict[str, Any], set[int]]] = [({}, set()), ({"bounce_port": port}, {port})]
    for given, listened in cases:
        await redis.flushall()
        async with system(redis, redis_url, bounce_address=ADDRESS, **given) as on:
            before = _listened_to()
            async with running(on):
                await on.join(KARI)
                await on.publish(original)
                await on.delivery_of(original)
                assert on.relay.mails[0].sender.startswith("retur+")
                assert _listened_to() - before == listened
                assert bool(await redis.exists(LISTENING)) == bool(listened)


def _listened_to() -> set[int]:
    """The ports that this process listens on."""
    mine = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            mine.add(str(descriptor.readlink()))
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {
        int(line[1].rpartition(":")[2], 16)
        for line in lines
        if line[3] == "0A" and f"socket:[{line[9]}]" in mine
    }


async def test_without_an_address_mail_has_the_sender_of_all(redis: Redis, redis_url: str) -> None:
    async with hearing(redis, redis_url, bounce_port=None, bounce_address="") as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        assert up.relay.mails[0].sender == "varsel@example.org"
