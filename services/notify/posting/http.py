"""Sends one post over HTTP."""

import asyncio
import logging
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from services.notify.posting import signature
from services.notify.posting.pinned import Lookup, Network, by_dns, pinned
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
    def __init__(
        self, site: str, *, allowed: Sequence[Network] = (), lookup: Lookup = by_dns
    ) -> None:
        """`site` is our address, by which a follower knows who is calling. `allowed` are networks
        inside to which names may lead."""
        self._allowed = allowed
        self._lookup = lookup
        self._trust = ssl.create_default_context()
        self._agent = f"Varsel/0.1 (+{site})"
        self._clients: dict[str, httpx.AsyncClient] = {}
        """By follower: two that share an address must not share a connection, which was opened with
        the certificate of one."""

    async def send(self, post: PlannedPost, to: Follower) -> FollowerAnswer:
        """Make one attempt. Whatever goes wrong is an answer without a status."""
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._send(post, to)
        except Exception as error:  # an odd address or certificate must not stop other posts
            return FollowerAnswer(None, error=type(error).__name__)

    async def close(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def _send(self, post: PlannedPost, to: Follower) -> FollowerAnswer:
        body = post.body.encode()
        headers = {"Content-Type": post.content_type, "traceparent": post.traceparent}
        if to.secrets:
            headers |= signature.headers(post.id, body, secrets=to.secrets, now=int(time.time()))
        url = httpx.URL(to.url)
        port = url.port or (443 if url.scheme == "https" else 80)
        address = await pinned(url.host, port, self._allowed, self._lookup)
        request = self._client_of(to).stream(
            "POST",
            url.copy_with(host=address),
            content=body,
            headers=headers | {"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        async with request as answer:
            # What a follower says is of no use, but an unread answer costs the connection.
            read = 0
            async for piece in answer.aiter_raw():
                read += len(piece)
                if read >= _LARGEST_ANSWER_BYTES:
                    break
            return FollowerAnswer(answer.status_code, answer.headers.get("Retry-After"))

    def _client_of(self, to: Follower) -> httpx.AsyncClient:
        if to.name not in self._clients:
            self._clients[to.name] = httpx.AsyncClient(
                verify=self._trust,
                timeout=TIMEOUT,
                follow_redirects=False,
                trust_env=False,
                headers={"User-Agent": self._agent},
            )
        return self._clients[to.name]
