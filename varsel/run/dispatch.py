"""One address space for all services: requests go by path prefix, and keep their path.

Each service gets its own cookies alone, and only where its pages are: what signs a member in is
nothing that another may see, and no cookie ever reaches the API. The Caddyfile does the same.
"""

import asyncio
from collections.abc import Iterable, Sequence

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Metric,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared import disk, log
from shared.bus.errors import cause
from shared.metrics import gauge, merged
from shared.service import Service
from varsel.run import descriptors
from varsel.run.cookies import with_cookies

_MEASURE_SECONDS = 2.0
"""How long reading gauges may take; a scrape goes without those that are not there by then."""

_HELD = (
    "En sikkerhetskopi er lagt tilbake, og ingenting går ut før noen har sett hva som har skjedd "
    "siden. Den som driver systemet, går videre med «varsel resume»."
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter that nobody asked for


class Dispatch:
    """The ASGI app in front of the services: `/health/…` and `/metrics` are its own."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services = services
        routes = [(prefix, s) for s in services for prefix in s.prefixes]
        self._routes = sorted(routes, key=lambda route: len(route[0]), reverse=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = await self._own(scope)
        await app(scope, receive, send)

    async def _own(self, scope: Scope) -> ASGIApp:
        path = scope["path"]
        if path in ("/health/live", "/health/ready", "/metrics"):
            if scope["method"] not in ("GET", "HEAD"):
                return PlainTextResponse("", 405, {"Allow": "GET, HEAD"})
            return await self._watched(Request(scope))
        found = next((route for route in self._routes if path.startswith(route[0])), None)
        if found is None:
            return PlainTextResponse("", 404)
        prefix, service = found
        if service.closed_while_held and service.bus.held:
            return _held(path)
        scope["headers"] = with_cookies(scope["headers"], service.cookies.get(prefix, ()))
        return service.http

    async def _watched(self, request: Request) -> Response:
        if request.url.path == "/metrics":
            text = generate_latest(_Measured(await measure(self._services)))
            return Response(text, media_type=CONTENT_TYPE_LATEST)
        problems, warnings = [], []
        if request.url.path == "/health/ready":
            problems = all_wrong(self._services)
            warnings = [f"{s.name}: {said}" for s in self._services for said in _warnings(s)]
        return JSONResponse(
            {
                "status": "not ready" if problems else "ok",
                "problems": problems,
                "warnings": warnings,
            },
            503 if problems else 200,
            {"Cache-Control": "no-store"},
        )


def all_wrong(services: Sequence[Service]) -> list[str]:
    """What is wrong with the process now, each with the name of its service."""
    named = [f"{s.name}: {problem}" for s in services for problem in wrong(s)]
    return named + descriptors.problems()


def _held(path: str) -> Response:
    headers = {"Cache-Control": "no-store", "Retry-After": "60"}
    if not path.startswith("/api/"):
        return PlainTextResponse(f"{_HELD}\n", 503, headers)
    problem = {"type": "about:blank", "title": "Holdes tilbake", "status": 503, "detail": _HELD}
    return JSONResponse(problem, 503, headers, media_type="application/problem+json")


def wrong(service: Service) -> list[str]:
    """What is wrong with a service now, in a few words each; its bus and its disks included."""
    return [*service.bus.problems(), *service.problems(), *disk.full(service.folders)]


def _warnings(service: Service) -> list[str]:
    return [*disk.low(service.folders), *service.warnings()]


class _Measured(Collector):
    """Counters of the process, and gauges that were read just now."""

    def __init__(self, gauges: list[Metric]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        yield from REGISTRY.collect()
        yield from self._gauges


async def measure(services: Sequence[Service]) -> list[Metric]:
    """The gauges of all services; without those of a service that Redis does not let read them."""
    tasks = [asyncio.create_task(_of(service)) for service in services]
    await asyncio.wait(tasks, timeout=_MEASURE_SECONDS)
    read = [(task.done() and task.result()) or None for task in tasks]
    for task in tasks:
        task.cancel()
    up = [((s.name,), found is not None) for s, found in zip(services, read, strict=True)]
    problems = [((s.name,), len(wrong(s))) for s in services]
    return [
        gauge("varsel_redis_up", "1 if a service could read its gauges", ("service",), up),
        gauge("varsel_health_problems", "What is wrong, counted", ("service",), problems),
        *disk.measure({s.name: s.folders for s in services}),
        *merged(family for found in read for family in found or ()),
    ]


async def _of(service: Service) -> list[Metric] | None:
    try:
        return [*await service.bus.measure(), *await service.measure()]
    except (RedisError, OSError):  # the bus tells
        return None
    except Exception as error:
        log.get(service.name).error("measure_failed", cause=cause(error))
        return None
