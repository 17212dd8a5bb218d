"""Posts as they are sent: real Redis, real HTTP, a follower's own check of the signature."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import pytest
import structlog
from redis.asyncio import Redis
from starlette.responses import Response, StreamingResponse

from services.notify.posting.plan import ATTEMPTS, DUE, POSTS
from services.notify.posting.send_posts import AT_ONCE
from services.notify.posting.store import Posts
from shared.bus import connect
from shared.events import PostDelivered, PostFailed
from tests.notify.posting.events import followed_by, published, secret_of
from tests.notify.posting.follower import SECRET, Follower
from tests.notify.posting.running import (
    due_in,
    everything,
    make_due,
    outcome,
    outcomes,
    plan,
    sending,
)
from tests.server import Valkey
from tests.wait import until


async def test_a_post_arrives_signed_and_its_delivery_is_an_event(
    redis: Redis, follower: Follower
) -> None:
    settings, event = followed_by(follower.url), published()
    (post,) = await plan(redis, event, settings)
    async with sending(redis, settings):
        told = await outcome(redis, 1)
    (call,) = follower.calls
    assert call.id == post
    assert call.verified()["type"] == "page.published"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["user-agent"] == "Varsel/0.1 (+https://varsel.example.org)"
    assert isinstance(told, PostDelivered)
    assert (told.id, told.subject) == (f"{post}.1.post.delivered", event.data.id)
    assert told.traceparent == event.traceparent
    assert (told.data.attempt, told.data.status, told.data.final) == (1, 204, True)
    assert told.data.follower == "127.0.0.1"


async def test_a_hub_is_pinged_without_a_signature(redis: Redis, follower: Follower) -> None:
    settings = followed_by(hubs=(follower.url,))
    await plan(redis, published(), settings)
    async with sending(redis, settings):
        await outcome(redis, 2)
    assert {call.headers["content-type"] for call in follower.calls} == {
        "application/x-www-form-urlencoded"
    }
    assert sorted(parse_qsl(call.body.decode()) for call in follower.calls) == [
        [("hub.mode", "publish"), ("hub.url", "https://varsel.example.org/feed.atom")],
        [("hub.mode", "publish"), ("hub.url", "https://varsel.example.org/feed.json")],
    ]
    assert not any("webhook-signature" in call.headers for call in follower.calls)


async def test_a_failed_post_comes_again_with_the_same_id_and_a_new_timestamp(
    redis: Redis, follower: Follower
) -> None:
    follower.answers = [Response(status_code=500)]
    settings = followed_by(follower.url)
    (post,) = await plan(redis, published(), settings)
    async with sending(redis, settings):
        failed = await outcome(redis, 1)
        assert isinstance(failed, PostFailed)
        assert failed.id == f"{post}.1.post.failed"
        assert (failed.data.status, failed.data.final) == (500, False)
        assert 3 < await due_in(redis, post) < 6.1
        await until(lambda: int(time.time()) > follower.calls[0].sent_at)
        await make_due(redis, post)
        delivered = await outcome(redis, 2)
    assert isinstance(delivered, PostDelivered)
    assert (delivered.id, delivered.data.attempt) == (f"{post}.2.post.delivered", 2)
    first, again = follower.calls
    assert again.id == first.id
    assert again.body == first.body
    assert again.sent_at > first.sent_at
    again.verified()


async def test_a_redirect_is_a_failure_and_is_not_followed(
    redis: Redis, follower: Follower
) -> None:
    follower.answers = [Response(status_code=302, headers={"Location": "/elsewhere"})]
    settings = followed_by(follower.url)
    await plan(redis, published(), settings)
    async with sending(redis, settings):
        told = await outcome(redis, 1)
    assert isinstance(told, PostFailed)
    assert told.data.status == 302
    assert len(follower.calls) == 1


async def test_a_throttling_follower_is_left_alone_for_as_long_as_it_asks(
    redis: Redis, follower: Follower
) -> None:
    follower.answers = [Response(status_code=429, headers={"Retry-After": "3600"})]
    settings = followed_by(follower.url)
    (post,) = await plan(redis, published(), settings)
    async with sending(redis, settings):
        await outcome(redis, 1)
        assert await due_in(redis, post) == pytest.approx(3600, abs=30)


async def test_a_follower_that_is_gone_ends_the_post(redis: Redis, follower: Follower) -> None:
    follower.answers = [Response(status_code=410)]
    settings = followed_by(follower.url)
    await plan(redis, published(), settings)
    async with sending(redis, settings):
        told = await outcome(redis, 1)
    assert isinstance(told, PostFailed)
    assert told.data.final
    assert not await redis.exists(POSTS, DUE, ATTEMPTS)


async def test_the_tenth_failure_ends_the_post(redis: Redis, follower: Follower) -> None:
    follower.answers = [Response(status_code=500) for _ in range(10)]
    settings = followed_by(follower.url)
    (post,) = await plan(redis, published(), settings)
    async with sending(redis, settings):
        for attempt in range(1, 11):
            told = await outcome(redis, attempt)
            assert (told.data.attempt, told.data.final) == (attempt, attempt == 10)
            if not told.data.final:
                await make_due(redis, post)
    assert len(follower.calls) == 10
    assert not await redis.exists(POSTS, DUE, ATTEMPTS)


async def test_a_delivered_post_leaves_nothing_behind(redis: Redis, follower: Follower) -> None:
    settings = followed_by(follower.url)
    await plan(redis, published(), settings)
    async with sending(redis, settings):
        await outcome(redis, 1)
    assert not await redis.exists(POSTS, DUE, ATTEMPTS)


async def test_planning_twice_posts_once(redis: Redis, follower: Follower) -> None:
    settings, event = followed_by(follower.url), published()
    await plan(redis, event, settings)
    (post,) = await plan(redis, event, settings)
    follower.answers = [Response(status_code=500)]
    async with sending(redis, settings):
        await outcome(redis, 1)
        before = await redis.zscore(DUE, post)
        await plan(redis, event, settings)
        assert await redis.zscore(DUE, post) == before
    assert len(follower.calls) == 1


async def test_a_follower_that_cannot_be_reached_fails_without_a_status(redis: Redis) -> None:
    nobody = await Follower().start()
    settings = followed_by(nobody.url)
    await nobody.stop()
    await plan(redis, published(), settings)
    async with sending(redis, settings):
        told = await outcome(redis, 1)
    assert isinstance(told, PostFailed)
    assert (told.data.status, told.data.final) == (None, False)


async def test_a_slow_follower_does_not_hold_up_the_others(
    redis: Redis, follower: Follower
) -> None:
    slow = await Follower().start()
    slow.hold = asyncio.Event()
    settings = followed_by(slow.url, follower.url)
    await plan(redis, published(), settings)
    try:
        async with sending(redis, settings):
            await until(lambda: slow.calls and follower.calls)
            told = await outcome(redis, 1)
            assert isinstance(told, PostDelivered)
            assert told.data.post == follower.calls[0].id
    finally:
        await slow.stop()


async def test_an_attempt_that_is_told_twice_counts_once(redis: Redis, follower: Follower) -> None:
    settings = followed_by(follower.url)
    (post,) = await plan(redis, published(), settings)
    posts = Posts(redis)
    (taken,), _ = await posts.take(8)
    follower.answers = [Response(status_code=500)]
    await make_due(redis, post)
    async with sending(redis, settings):
        told = await outcome(redis, 1)
    for pause in (5.0, None):
        await posts.finish(taken, told, pause)
    assert len(await outcomes(redis)) == 1
    assert await redis.hget(ATTEMPTS, post) == b"1"
    assert await redis.hexists(POSTS, post)


async def test_a_last_attempt_that_is_told_twice_counts_once(
    redis: Redis, follower: Follower
) -> None:
    settings = followed_by(follower.url)
    (post,) = await plan(redis, published(), settings)
    posts = Posts(redis)
    (taken,), _ = await posts.take(1)
    await make_due(redis, post)
    async with sending(redis, settings):
        told = await outcome(redis, 1)
    await posts.finish(taken, told, None)
    assert len(await outcomes(redis)) == 1


async def test_a_follower_that_left_the_settings_gets_nothing_more(
    redis: Redis, follower: Follower
) -> None:
    await plan(redis, published(), followed_by(follower.url))
    async with sending(redis, followed_by()):
        told = await outcome(redis, 1)
    assert isinstance(told, PostFailed)
    assert (told.data.status, told.data.final) == (None, True)
    assert told.data.follower == "127.0.0.1"
    assert follower.calls == []
    assert not await redis.exists(POSTS, DUE, ATTEMPTS)


async def test_secrets_and_addresses_are_nowhere_in_redis_and_nowhere_in_the_log(
    redis: Redis, follower: Follower, caplog: pytest.LogCaptureFixture
) -> None:
    follower.answers = [Response(status_code=500)]
    nobody = "http://127.0.0.1:1/private-path?key=address-secret"
    settings = followed_by(follower.url, nobody)
    post, _ = await plan(redis, published(), settings)
    caplog.set_level(logging.INFO)
    with structlog.testing.capture_logs() as lines:
        async with sending(redis, settings):
            await outcome(redis, 2)
            seen = await everything(redis)
            await make_due(redis, post)
            await outcome(redis, 3)
            await until(lambda: len(lines) == 3)
    told = seen + await everything(redis) + str(lines) + caplog.text
    assert {line["event"] for line in lines} == {"post_delivered", "post_failed"}
    assert {line["follower"] for line in lines} == {"127.0.0.1"}
    assert post in told
    for hidden in (SECRET.removeprefix("whsec_"), "address-secret", "private-path", "/hook"):
        assert hidden not in told


async def test_no_more_than_eight_posts_are_under_way_and_the_others_stay_free(
    redis: Redis, follower: Follower
) -> None:
    follower.hold = asyncio.Event()
    settings = followed_by(follower.url)
    posts = [(await plan(redis, published(n), settings))[0] for n in range(1, 13)]
    async with sending(redis, settings):
        await until(lambda: follower.waiting == AT_ONCE)
        dues = [await due_in(redis, post) for post in posts]
        assert len([due for due in dues if due <= 0]) == len(posts) - AT_ONCE
        follower.hold.set()
        await outcome(redis, len(posts))


async def test_an_endless_answer_is_read_no_further_than_it_must_be(
    redis: Redis, follower: Follower
) -> None:
    enough = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        while not enough.is_set():
            yield b"x" * 65536
            await asyncio.sleep(0)  # uvicorn does not say that nobody reads any more

    follower.answers = [StreamingResponse(endless())]
    settings = followed_by(follower.url)
    await plan(redis, published(), settings)
    async with sending(redis, settings):
        try:
            assert isinstance(await outcome(redis, 1), PostDelivered)
        finally:
            enough.set()


async def test_posts_outlive_a_restart_of_redis_with_one_line_in_the_log(
    follower: Follower,
) -> None:
    server = Valkey().start()
    settings = followed_by(follower.url)
    redis = connect(server.url)
    try:
        with structlog.testing.capture_logs() as lines:
            async with sending(redis, settings):
                server.kill()
                await until(lambda: lines)
                server.start()
                await plan(redis, published(), settings)
                await until(lambda: follower.calls)
                await outcome(redis, 1)
        assert [line["event"] for line in lines] == ["posts_wait_for_redis", "post_delivered"]
    finally:
        await redis.aclose()
        server.close()


async def test_two_webhooks_with_one_address_get_one_post_that_both_secrets_verify(
    redis: Redis, follower: Follower
) -> None:
    settings = followed_by(follower.url, follower.url, secrets=("a", "b"))
    await plan(redis, published(), settings)
    async with sending(redis, settings):
        await outcome(redis, 1)
    (call,) = follower.calls
    assert call.verified(secret_of("a")) == call.verified(secret_of("b"))
    assert "." not in call.id
