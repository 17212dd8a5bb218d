"""The Redis that a command works on: the one that is set, or the embedded one that runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.bus import connect, data_form
from shared.bus.errors import login_refused
from shared.bus.users import OPERATOR
from shared.settings import Settings
from varsel.output import fail
from varsel.run.embedded import redis_url

T = TypeVar("T")


class NotRunningError(Exception):
    """There is no Redis that this command can work on; the message says what to do."""


@asynccontextmanager
async def redis_of(settings: Settings) -> AsyncIterator[Redis]:
    """A client of the system's Redis; NotRunningError if it does not answer, or if its data is not
    for this release."""
    try:
        client = connect(settings.redis_url or redis_url(settings.data, OPERATOR))
    except ValueError:
        raise NotRunningError(
            "VARSEL_REDIS_URL må begynne med redis://, rediss://, redis+sentinel:// eller unix://"
        ) from None
    try:
        await client.ping()
        await data_form.look(client)
    except data_form.DataRefused as error:
        raise NotRunningError(str(error)) from None
    except (RedisError, OSError) as error:
        if settings.redis_url and login_refused(error):
            raise NotRunningError(
                "Redis på VARSEL_REDIS_URL godtar ikke brukeren eller passordet i adressen."
            ) from None
        if settings.redis_url:
            raise NotRunningError(
                "Redis på VARSEL_REDIS_URL svarer ikke. Er den startet?"
            ) from None
        raise NotRunningError(
            f"Varsel kjører ikke med data i {settings.data}. Start det med «varsel up» "
            "(eller «make up»), eller sett VARSEL_DATA til mappen der det kjører."
        ) from None
    else:
        yield client
    finally:
        await client.aclose()


def with_redis(work: Callable[[Redis], Awaitable[T]], as_json: bool) -> T:
    """What `work` gives, with the system's Redis; ends the command if that does not answer."""
    settings = Settings()

    async def run() -> T:
        async with redis_of(settings) as redis:
            return await work(redis)

    try:
        return asyncio.run(run())
    except NotRunningError as error:
        fail(str(error), as_json=as_json)
