"""Answers to idempotency keys, at `ingest:idempotency:{person}:{SHA-256 of the key}`.

First a marker is there, which says that the request is in flight. Then, for 24 hours, the answer:
advance.lua replaces the marker with it.
"""

import hashlib
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.ingest.lifecycle.preconditions import StepRequest
from services.ingest.problems import FieldError, Problem
from shared.bus import lua
from shared.bus.errors import NotAcknowledged
from shared.bus.streams import text
from shared.languages.say import nb

KEEP_SECONDS = 24 * 3600
"""How long an answer is kept."""

_HERE = Path(__file__).parent
_IN_FLIGHT_SECONDS = 60
"""Longer than a submission takes. A process that died holds its key no longer than this."""


@dataclass(frozen=True)
class IdempotencyClaim:
    """An idempotency key in the hands of one request."""

    record: str
    """The Redis key."""
    body: str
    """SHA-256 of the request's body, as 64 hexadecimal digits."""
    marker: str
    """What is stored until there is an answer."""

    def answered(self, answer: str) -> str:
        """What is stored once the request has its `answer`."""
        return json.dumps({"body": self.body, "answer": answer})


@dataclass(frozen=True)
class Once:
    """What `Idempotency.once` found: an answer, or nothing yet."""

    claim: IdempotencyClaim | None = None
    """The key, now this request's. None if the request has no key, or an answer."""
    answer: str | None = None
    """What the same request was answered the first time."""


class Idempotency:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._release = lua.load(redis, _HERE / "release.lua", lua.Done)
        self._settle = lua.load(redis, _HERE / "settle.lua", lua.Done)

    @asynccontextmanager
    async def once(self, request: StepRequest) -> AsyncIterator[Once]:
        """Around the work on a request, which is to be done once for each idempotency key.

        If the work raises an error, the key is free again. Raises what `claim` raises.
        """
        if request.idempotency_key is None:
            yield Once()
            return
        raw = request.target.encode() + b"\n" + request.raw
        claim = await self.claim(
            request.person.id, request.idempotency_key, raw, token=secrets.token_hex(8)
        )
        if isinstance(claim, str):
            yield Once(answer=claim)
            return
        try:
            yield Once(claim)
        except Exception:
            # If Redis is away, the marker expires by itself.
            with suppress(RedisError):
                await self.release(claim)
            raise

    async def claim(self, person: str, key: str, raw: bytes, token: str) -> IdempotencyClaim | str:
        """Take `key`, of the person with this id, for a request with the body `raw`, or give the
        answer it got earlier.

        `token` is the request's own, so that a claim sent twice finds itself. Raises Problem 422 if
        the key was used for another body, 409 if its first request has no answer yet.
        """
        body = hashlib.sha256(raw).hexdigest()
        record = f"ingest:idempotency:{person}:{hashlib.sha256(key.encode()).hexdigest()}"
        claim = IdempotencyClaim(record, body, json.dumps({"body": body, "token": token}))
        try:
            found = await self._redis.set(
                record, claim.marker, nx=True, get=True, ex=_IN_FLIGHT_SECONDS
            )
        except NotAcknowledged:  # it is there, and whoever repeats the request would wait for it
            with suppress(RedisError):
                await self.release(claim)
            raise
        if found is None or text(found) == claim.marker:
            return claim
        stored = json.loads(text(found))
        if stored["body"] != body:
            raise _reused()
        if "answer" not in stored:
            raise in_flight()
        return str(stored["answer"])

    async def settle(self, claim: IdempotencyClaim, answer: str) -> None:
        """Keep the `answer` to a request that changed nothing, if the key is still its own."""
        await self._settle(
            keys={"record": claim.record},
            args={
                "marker": claim.marker,
                "answer": claim.answered(answer),
                "seconds": KEEP_SECONDS,
            },
        )

    async def release(self, claim: IdempotencyClaim) -> None:
        """Free the key of a request that failed, if it is still its own."""
        await self._release(keys={"record": claim.record}, args={"marker": claim.marker})


def in_flight() -> Problem:
    """409: the first request with this key has no answer yet."""
    return Problem(
        409,
        "in-flight",
        nb("Behandles allerede"),
        "En forespørsel med samme Idempotency-Key er ikke ferdig; prøv igjen om litt.",
        headers={"Retry-After": "1"},
    )


def _reused() -> Problem:
    return Problem(
        422,
        "idempotency-key-reused",
        nb("Nøkkelen er brukt før"),
        errors=[FieldError("Idempotency-Key", "er brukt for et annet innhold; bruk en ny nøkkel")],
    )
