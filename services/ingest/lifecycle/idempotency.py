"""Answers to idempotency keys, at `ingest:idempotency:{API key}:{SHA-256 of the key}`.

First a marker that the request is in flight, then, for 24 hours, the answer; advance.lua turns the
one into the other.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis

from services.ingest.problems import FieldError, Problem
from shared.bus import lua
from shared.bus.streams import text

KEEP_SECONDS = 24 * 3600

_IN_FLIGHT_SECONDS = 60
"""Longer than a submission takes; a process that died holds its key no longer."""


@dataclass(frozen=True)
class IdempotencyClaim:
    """An idempotency key in the hands of one request."""

    record: str
    """The Redis key."""
    body: str
    """SHA-256 of the request's body."""
    marker: str

    def answered(self, answer: str) -> str:
        """The record once the request has its `answer`."""
        return json.dumps({"body": self.body, "answer": answer})


class Idempotency:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._release = lua.load(redis, Path(__file__).with_name("release.lua"), lua.Done)

    async def claim(self, api_key: str, key: str, raw: bytes, token: str) -> IdempotencyClaim | str:
        """Take `key` for a request with the body `raw`, or give the answer it got earlier.

        `token` is the request's own, so that a claim sent twice finds itself. Problem 422 where the
        key was used for another body, 409 where its first request has no answer yet.
        """
        body = hashlib.sha256(raw).hexdigest()
        record = f"ingest:idempotency:{api_key}:{hashlib.sha256(key.encode()).hexdigest()}"
        claim = IdempotencyClaim(record, body, json.dumps({"body": body, "token": token}))
        found = await self._redis.set(
            record, claim.marker, nx=True, get=True, ex=_IN_FLIGHT_SECONDS
        )
        if found is None or text(found) == claim.marker:
            return claim
        stored = json.loads(text(found))
        if stored["body"] != body:
            raise _reused()
        if "answer" not in stored:
            raise in_flight()
        return str(stored["answer"])

    async def settle(self, claim: IdempotencyClaim, answer: str) -> None:
        """Keep the `answer` to a request that changed nothing."""
        await self._redis.set(claim.record, claim.answered(answer), ex=KEEP_SECONDS)

    async def release(self, claim: IdempotencyClaim) -> None:
        """Free the key of a request that failed."""
        await self._release(keys={"record": claim.record}, args={"marker": claim.marker})


def in_flight() -> Problem:
    return Problem(
        409,
        "in-flight",
        "Behandles allerede",
        "En forespørsel med samme Idempotency-Key er ikke ferdig; prøv igjen om litt.",
        headers={"Retry-After": "1"},
    )


def _reused() -> Problem:
    return Problem(
        422,
        "idempotency-key-reused",
        "Nøkkelen er brukt før",
        errors=[FieldError("Idempotency-Key", "er brukt for et annet innhold; bruk en ny nøkkel")],
    )
