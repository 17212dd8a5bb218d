"""Why Redis shows nothing is said as it is: each answer is a real server's."""

import os
import signal

import pytest
from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, RedisError

from shared.bus.users import OPERATOR, as_user
from tests.server import Valkey
from tests.wait import until
from varsel.commands.watch import _why
from varsel.watch.overview import look


async def _failure(url: str) -> Exception:
    """What a look at the server meets."""
    async with Redis.from_url(url, socket_timeout=0.5) as redis:
        with pytest.raises((RedisError, OSError)) as caught:
            await look(redis)
    return caught.value


async def test_a_server_that_is_gone_is_told_with_how_long_it_was_silent(
    own_server: Valkey,
) -> None:
    own_server.kill()
    said = _why(await _failure(own_server.url), 75.0)
    assert said == "Redis svarer ikke (1\u00a0min). Er den startet? Prøver igjen."


async def test_a_server_that_says_nothing_is_told_as_one_that_is_gone(own_server: Valkey) -> None:
    assert own_server.process
    async with Redis.from_url(own_server.url, socket_timeout=0.5) as redis:
        await redis.ping()  # so that it is the look that hears nothing, not the login
        own_server.process.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises((RedisError, OSError)) as caught:
                await look(redis)
        finally:
            own_server.process.send_signal(signal.SIGCONT)
    assert _why(caught.value, 1.0).startswith("Redis svarer ikke")


async def test_a_socket_that_cannot_be_opened_is_told_as_a_server_that_is_gone() -> None:
    assert _why(FileNotFoundError("redis.sock"), 1.0).startswith("Redis svarer ikke")


async def test_a_server_that_loads_its_data_is_told_to_have_started(own_server: Valkey) -> None:
    async with Redis.from_url(own_server.url) as redis:
        await redis.mset({str(n): os.urandom(2048) for n in range(100)})
        await redis.bgrewriteaof()
        await until(lambda: _rewritten(redis))
        # It reads its log back slowly, and answers others after each key.
        await redis.config_set("key-load-delay", 100_000)  # microseconds for each
        await redis.config_set("loading-process-events-interval-bytes", 1024)
        connection = await redis.connection_pool.get_connection()
        await connection.send_command("DEBUG", "LOADAOF")

        async def loading() -> Exception | None:
            try:
                async with Redis.from_url(own_server.url, socket_timeout=2) as other:
                    await look(other)
            except (RedisError, OSError) as error:
                return error
            return None

        error = await until(loading)
        await connection.disconnect()
    assert isinstance(error, BusyLoadingError)
    assert _why(error, 1.0) == "Redis er startet, og laster lagrede data …"


async def _rewritten(redis: Redis) -> bool:
    info = await redis.info("persistence")
    return not info["aof_rewrite_in_progress"] and info["aof_rewrites"] > 0


@pytest.mark.parametrize("user", ["nobody", "render"])
async def test_a_refusal_is_told_as_one_and_no_password_with_it(
    own_server: Valkey, user: str
) -> None:
    """Of a login, which redis-py tells as a lost connection, and of a command."""
    url = as_user(own_server.url, user, "hemmelig")
    said = _why(await _failure(url), 1.0)
    assert said.startswith("Redis avviser spørsmålet (")
    assert "hemmelig" not in said


async def test_the_operator_is_refused_nothing(own_server: Valkey) -> None:
    async with Redis.from_url(as_user(own_server.url, OPERATOR, "x")) as redis:
        await look(redis)
