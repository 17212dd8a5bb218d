"""What stands in front of services that run alone, as Caddy does: the site's files by itself, the
rest by prefix. Run as a process: PORT SITE_FOLDER INGEST RENDER NOTIFY."""

import sys

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles


def app(site: str, ingest: str, render: str, notify: str) -> Starlette:
    client = httpx.AsyncClient()

    def to(service: str) -> Route:
        async def ask(request: Request) -> Response:
            headers = {k: v for k, v in request.headers.items() if k == "authorization"}
            try:
                answer = await client.get(service + request.url.path, headers=headers)
            except httpx.HTTPError:
                return Response("away", 503)
            kind = answer.headers.get("content-type")
            return Response(answer.content, answer.status_code, media_type=kind)

        return ask  # type: ignore[return-value]

    return Starlette(
        routes=[
            Route("/api/{rest:path}", to(ingest)),
            Route("/sok/", to(render)),
            Route("/heartbeat.json", to(render)),
            Route("/bli-medlem/", to(notify)),
            Mount("/", StaticFiles(directory=site, html=True)),
        ]
    )


if __name__ == "__main__":
    port, *places = sys.argv[1:]
    uvicorn.run(app(*places), port=int(port), log_level="error")
