"""Sends one post over HTTP."""

import asyncio
import logging
import time
from dataclasses import dataclass

import httpx

from services.notify.posting import signature
from services.notify.posting.plan import Follower, PlannedPost

TIMEOUT = 15.0
"""Seconds for one attempt, from the connection to the answer's last byte."""
_LARGEST_ANSWER_BYTES = 64 * 1024

logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes whole addresses


@dataclass(frozen=True)
class FollowerAnswer:
    status: int | None
    """None if there was no answer."""
    retry_after: str | None = None
    error: str | None = None
    """What went wrong, for the log; never an error's text, which may quote the address."""


class Sender:
    def __init__(self, site: str) -> None:
        """`site` is our address, by which a follower knows who is calling."""
        self._client = httpx.AsyncClient(
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": f"Varsel/0.1 (+{site})"},
        )

    async def send(self, post: PlannedPost, to: Follower) -> FollowerAnswer:
        """Make one attempt. Whatever goes wrong is an answer without a status."""
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._send(post, to)
        except Exception as error:  # an odd address or certificate must not stop other posts
            return FollowerAnswer(None, error=type(error).__name__)

    async def close(self) -> None:
        await self._client.aclose()

    async def _send(self, post: PlannedPost, to: Follower) -> FollowerAnswer:
        body = post.body.encode()
        headers = {"Content-Type": post.content_type, "traceparent": post.traceparent}
        if to.secrets:
            headers |= signature.headers(post.id, body, secrets=to.secrets, now=int(time.time()))
        request = self._client.stream("POST", to.url, content=body, headers=headers)
        async with request as answer:
            # What a follower says is of no use, but an unread answer costs the connection.
            read = 0
            async for piece in answer.aiter_raw():
                read += len(piece)
                if read >= _LARGEST_ANSWER_BYTES:
                    break
            return FollowerAnswer(answer.status_code, answer.headers.get("Retry-After"))
