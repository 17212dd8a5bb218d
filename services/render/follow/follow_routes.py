"""What followers ask for over HTTP: what changed since they last asked, and whether we live.

Both are answered anew each time, and no cache keeps them. Neither needs a key: all of it is public.
"""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.render.articles.change_log import ChangeLog, UnknownChange
from services.render.feeds.feeds import EXERCISES
from services.render.follow.heartbeat import ChainStands, Heartbeat
from shared.for_followers import HeardBy, on_site

CHANGES = "/changes.json"
CHANGES_OF_EXERCISES = f"{EXERCISES}changes.json"
HEARTBEAT = "/heartbeat.json"
AT_ONCE = 100
"""Changes in one answer."""
LONGEST_NAME = 200
"""Characters of a change's name that are looked for."""
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_PATHS: dict[HeardBy, str] = {"all": CHANGES, "exercises": CHANGES_OF_EXERCISES}


@dataclass(frozen=True)
class Followed:
    """What the answers are made of."""

    address: str
    """The site's."""
    log: ChangeLog
    heartbeat: Heartbeat
    check: Callable[[], Awaitable[None]]
    """Raises if what is read is not the site's own state; redis-py's errors."""
    is_held: Callable[[], bool]
    """Whether a backup was put back, and nothing is to leave before a person says so."""
    may_ask: Callable[[str], bool]
    """Whether the source with this address may ask once more."""


class FollowRoutes:
    def __init__(self, followed: Followed) -> None:
        self._of = followed

    def routes(self) -> list[BaseRoute]:
        return [
            Route(CHANGES, self._answering(self._changes)),
            Route(CHANGES_OF_EXERCISES, self._answering(self._changes_of_exercises)),
            Route(HEARTBEAT, self._answering(self._alive)),
        ]

    def _answering(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """`answer`, or what keeps it from being given."""

        async def answered(request: Request) -> Response:
            if not self._of.may_ask(request.client.host if request.client else ""):
                return problem(429, "too-often", "For ofte", "Vent litt, og spør igjen.", wait=2)
            if self._of.is_held():
                return problem(
                    503,
                    "held",
                    "Systemet er satt på vent",
                    "En sikkerhetskopi er lagt tilbake, og noen må se over den først.",
                    wait=60,
                )
            try:
                await self._of.check()
                return await answer(request)
            except RedisError:
                return problem(
                    503, "unavailable", "Utilgjengelig nå", "Spør igjen om litt.", wait=5
                )

        return answered

    async def _changes(self, request: Request) -> Response:
        return await self._after(request, "all")

    async def _changes_of_exercises(self, request: Request) -> Response:
        return await self._after(request, "exercises")

    async def _after(self, request: Request, heard: HeardBy) -> Response:
        unknown = sorted(request.query_params.keys() - {"since"})
        since = request.query_params.get("since")
        if unknown or since == "" or len(request.query_params.getlist("since")) > 1:
            return problem(
                400,
                "malformed",
                "Kan ikke leses",
                "Spør med «since» én gang: «change_id» i det siste du har lest. Uten «since» "
                "begynner svaret med det første. Andre parametere finnes ikke.",
            )
        if not await self._of.log.is_whole():
            return problem(503, "being-made", "Blir gjort klart", "Spør igjen om litt.", wait=10)
        try:
            name = since[: LONGEST_NAME + 1] if since else None
            found = await self._of.log.after(heard, name, AT_ONCE)
        except UnknownChange:
            return problem(
                410,
                "unknown-change",
                "Ukjent endring",
                "Her er det ikke fortalt om noen endring med dette navnet. Er navnet riktig, er en "
                "sikkerhetskopi fra før den lagt tilbake. Les alt på nytt, fra «from_start»: for "
                "hver sak gjelder det siste som står der.",
                more={"from_start": self._of.address + _PATHS[heard]},
            )
        return JSONResponse(
            {
                "changes": [on_site(told, self._of.address) for told in found.told],
                "more": found.is_more,
                "next": self._address(heard, found.last),
            },
            headers=_HEADERS,
        )

    async def _alive(self, _: Request) -> Response:
        try:
            alive_at = await self._of.heartbeat.alive_at()
        except ChainStands as stands:
            detail = f"Nye varsler kan være forsinket: {stands}."
            return problem(503, "chain-stands", "Noe står stille", detail, wait=30)
        newest = await self._of.log.newest("all")
        return JSONResponse(
            {
                "alive_at": alive_at.isoformat(timespec="seconds"),
                "newest_change": newest,
                "changes": self._address("all", newest),
            },
            headers=_HEADERS,
        )

    def _address(self, heard: HeardBy, last: str | None) -> str:
        """Where to ask what comes after the change with this name."""
        asked = f"?since={last}" if last else ""
        return f"{self._of.address}{_PATHS[heard]}{asked}"


def problem(
    status: int,
    name: str,
    title: str,
    detail: str,
    *,
    wait: float = 0,
    more: dict[str, Any] | None = None,
) -> Response:
    """A problem document (RFC 9457, section 3.1). `wait` is in seconds: when to ask again."""
    document = {
        "type": f"urn:varsel:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    retry = {"Retry-After": str(math.ceil(wait))} if wait else {}
    return JSONResponse(
        document | (more or {}),
        status,
        _HEADERS | retry,
        media_type="application/problem+json",
    )
