"""The search for canaries finds them, in whatever form and place."""

import base64
import json

import pytest
from redis.asyncio import Redis

from shared.bus.users import OPERATOR
from shared.compact import compact
from tests.system import canary
from tests.system.canary import forms, leaks, left_behind
from tests.system.running import Up
from varsel.run.embedded import redis_url


@pytest.mark.parametrize("word", [*canary.TAKEN.words(), *canary.IDN.words()])
def test_a_canary_is_found_in_every_form(word: str) -> None:
    for form, written in forms(word).items():
        assert len(written) > 5, form
        assert leaks({"a place": b"before it " + written + b" and after"}, [word]), form


@pytest.mark.parametrize("before", ["", "a", "to", "tre"])
def test_a_canary_is_found_within_a_text_in_base64(before: str) -> None:
    text = base64.b64encode(f"{before}{canary.IDN.name} og mer".encode())
    assert leaks({"a place": text}, canary.IDN.words())


async def test_a_canary_is_found_wherever_a_system_may_leave_it() -> None:
    word = canary.TAKEN.email
    with Up() as up:
        up.start()
        async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
            await redis.xadd("deliveries.dead", {"dead_cause": word.upper()})
            await redis.hset("notify:replies:x.1", "1", f"550 {word}")
            await redis.set(f"ingest:{word}", "")
            await redis.zadd("notify:posts:due", {word: 2e15})
            await redis.sadd("render:set", word)
            await redis.hset(
                "render:packed", "data", compact(json.dumps({"note": f"{word} " * 40}))
            )
        (up.data / "site" / "planted.html").write_text(word)
        with (up.data / "up.log").open("a") as log:
            log.write(json.dumps({"cause": word}))
        found = leaks(await left_behind(up), [word])
    for place in ("key b'deliveries.dead'", "key b'notify:replies:x.1'", "key b'ingest:",
                  "key b'notify:posts:due'", "key b'render:set'", "key b'render:packed'",
                  "file site/planted.html", "file up.log", "file appendonlydir/"):  # fmt: skip
        assert any(line.startswith(place) for line in found), place
