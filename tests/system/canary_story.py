"""A system with hostile surroundings, and what was seen of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from redis.asyncio import Redis
from starlette.responses import Response

from shared.bus.users import OPERATOR
from tests.make import alert
from tests.notify.posting.follower import SECRET, Follower
from tests.server import free_port
from tests.system.canary import Places
from tests.system.hostile_relay import HostileRelay
from tests.system.running import Up
from tests.system.steps import post
from varsel.run.embedded import redis_url

HOOK_SECRET = "krokhemmelighet-4711"
"""In a webhook's address: some followers keep their secret there."""
CHOSEN = "fjaerfelling-hos-voksne"
"""A subject that a member chose. Nothing says so, but what tells of all subjects."""


class Story:
    """A system with hostile surroundings, and everything that anybody got to see of it."""

    def __init__(self, up: Up, relay: HostileRelay, follower: Follower) -> None:
        self.up = up
        self.relay = relay
        self.follower = follower
        self.key = ""
        self.seen: Places = {}
        self.secrets: list[str] = []
        """Links in letters: they are in mails alone."""
        self.link_token = ""
        """Of a person's link to give their address: `control` has its SHA-256 and nothing more."""
        self.cookies: list[str] = []
        """Of members' browsers: they are there alone."""

    def redis(self) -> Redis:
        return Redis.from_url(redis_url(self.up.data, OPERATOR))

    async def say(self, *arguments: str) -> str:
        """Run a command, which may fail; what it said."""
        done = await asyncio.to_thread(self.up.run, *arguments, key=self.key)
        self.seen[f"command {len(self.seen)} {' '.join(arguments)}"] = (
            done.stdout + done.stderr
        ).encode()
        return done.stdout

    def ask(self, method: str, address: str) -> httpx.Response:
        answer = httpx.request(method, address, headers={"Authorization": f"Bearer {self.key}"})
        self.seen[f"answer {len(self.seen)} {method}"] = (
            str(answer.headers).encode() + answer.content
        )
        return answer

    async def alert(self, title: str) -> str:
        answer = post(self.up, self.key, alert(title=title))
        assert answer.status_code == 201
        return str(answer.json()["id"])


@asynccontextmanager
async def story() -> AsyncIterator[Story]:
    relay, follower = HostileRelay(), Follower()
    await relay.start()
    await follower.start()
    follower.answers = [Response(status_code=500) for _ in range(100)]
    away = f"http://127.0.0.1:{free_port()}/{HOOK_SECRET}"
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "0",
        "VARSEL_BOUNCE_ADDRESS": "retur@varsel.example.org",
        "VARSEL_BOUNCE_PORT": str(free_port()),
        "VARSEL_WEBHOOKS": json.dumps(
            [{"url": url, "secret": SECRET} for url in (follower.url, away)]
        ),
    }
    try:
        with Up(**settings) as up:
            yield Story(up, relay, follower)
    finally:
        await follower.stop()
        await relay.stop()
