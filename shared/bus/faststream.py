"""FastStream reads the streams. Everything that it needs to be talked out of is here.

What its defaults do, measured with 0.7.8 (pinned in pyproject.toml):
- A group is created at `$` and earlier events are lost: the bus creates every group at `0` first.
- A failed entry stays pending for ever: a second subscriber, the reaper, takes idle entries.
- `max_records=None` swallows the backlog: it is always set.
- Any refusal by Redis restarts the reading at once, thousands of times a second with a log line
  each: its supervisor is switched off, and the bus's keeper starts readers again, with pauses.
- An error while parsing never reaches a handler, so the bus could not count it: parsing is ours,
  cannot fail, and hands on the raw entry. (`message_format.parse` gets all fields as one JSON text;
  making that fails on an entry that is not UTF-8.)
- An injected parameter costs a thread hop: handlers get the message and nothing else.
- What it reads from is copied deeply whenever its name is looked at, several times for each call to
  Redis, 0.4 ms each: ours is no copy.
- `/docs/try` replaces the live broker by a fake: no AsyncAPI route is mounted.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any, Self

os.environ["FASTSTREAM_SUPERVISOR_DISABLED"] = "1"

from faststream import AckPolicy
from faststream.redis import RedisBroker, RedisSentinelBroker, StreamSub
from faststream.redis.message import FAKE_CONSUMER, RedisStreamMessage
from faststream.redis.subscriber.usecases import stream_subscriber

from shared.bus import tasks
from shared.bus.failover import connections
from shared.bus.timing import Timing
from shared.redis_url import sentinel_url

# How long a reader waits after it could not reach Redis; 5 s in FastStream.
setattr(stream_subscriber, "CONSUME_ERROR_BACKOFF_SECONDS", 0.5)  # noqa: B010 - not exported

ReadEntry = tuple[str, dict[bytes, bytes]]
"""Entry id and fields."""


async def _parse(raw: Any) -> RedisStreamMessage:
    return RedisStreamMessage(raw_message=raw, body=b"", consumer=FAKE_CONSUMER, group=None)


async def _decode(message: RedisStreamMessage) -> ReadEntry:
    raw = message.raw_message
    return raw["message_ids"][0].decode(), raw["data"]


class _Source(StreamSub):
    """A stream by the name that it has: there are no prefixes here."""

    def add_prefix(self, _: str) -> Self:
        return self


def make_broker(redis_url: str, timing: Timing) -> RedisBroker:
    """The broker of the server at `redis_url`, or of the master of now that Sentinels know. It is
    told of no `retry`: with one a reader was silent for 10 to 12 s after a failover."""
    options: dict[str, Any] = {
        "logger": None,  # the bus logs, once for what FastStream would repeat
        "apply_types": False,
        "ack_policy": AckPolicy.MANUAL,  # the fenced scripts acknowledge
        "graceful_timeout": timing.grace,
        "socket_timeout": timing.block + 3.0,
    }
    if (at := sentinel_url(redis_url)) is None:
        return RedisBroker(redis_url, **options)
    kind, more = connections(at)
    return RedisSentinelBroker(
        at.url_of(at.sentinels[0]),  # it takes who we are from here, and asks who is the master
        sentinels=at.sentinels,
        sentinel_master_name=at.name,
        connection_class=kind,
        **more,
        **options,
    )


class Reader:
    """One subscriber: reads what is new in a stream, or (as a reaper) what others left idle."""

    def __init__(
        self,
        broker: RedisBroker,
        stream: str,
        group: str,
        consumer: str,
        *,
        prefetch: int,
        timing: Timing,
        reaper: bool,
        handle: Callable[[ReadEntry], Awaitable[None]],
    ) -> None:
        self.name = f"{stream} {'reaper' if reaper else 'reader'}"
        if reaper:
            source = _Source(
                stream,
                group=group,
                consumer=consumer,
                max_records=1,
                min_idle_time=int(timing.min_idle * 1000),
                polling_interval=int(timing.poll * 1000),
            )
        else:
            source = _Source(
                stream,
                group=group,
                consumer=consumer,
                max_records=prefetch,
                polling_interval=int(timing.block * 1000),
            )
        self._subscriber = broker.subscriber(
            stream=source, parser=_parse, decoder=_decode, no_reply=True, include_in_schema=False
        )
        self._subscriber(handle)

    @property
    def alive(self) -> bool:
        """Whether it reads. FastStream's own ping cannot tell: it says yes without any reader."""
        reading = self._subscriber.tasks
        return bool(self._subscriber.running and reading and not any(t.done() for t in reading))

    def death(self) -> BaseException | None:
        """The error that ended the reading; none if nothing did."""
        for task in self._subscriber.tasks:
            if task.done() and not task.cancelled() and (error := task.exception()):
                return error
        return None

    async def start(self) -> None:
        """Start reading; raises redis-py's errors, or TimeoutError if Redis does not answer."""
        await self._subscriber.start()

    async def stop(self) -> None:
        """Stop reading, and wait for the handler that runs, up to the grace time."""
        reading = list(self._subscriber.tasks)
        await self._subscriber.stop()
        await tasks.end(reading)
