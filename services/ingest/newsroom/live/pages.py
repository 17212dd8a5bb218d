"""The pages of the receipt: as it is now, live, and what may be asked of the delivery."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from services.ingest.deliveries.ask_of_delivery import AskOfDelivery
from services.ingest.deliveries.store import DeliveryWishes
from services.ingest.lifecycle.life import Life
from services.ingest.newsroom.live.shown import LiveReceipt, shown
from services.ingest.newsroom.live.streams import HtmlParts, LiveStreams, TooManyStreams
from services.ingest.newsroom.live.words import KINDS
from services.ingest.newsroom.look import HEADERS, NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import Problem, not_found
from shared.event_data import DeliveryCommand
from shared.languages.say import nb

_PARTS = ("stand", "numbers", "choices", "earlier")
"""The parts of the page that change; each is a template of that name, in an element of that id."""
_PATHS: dict[str, DeliveryCommand] = {
    "pause": "hold", "videre": "resume", "avbryt": "cancel", "igjen": "again",
}  # fmt: skip


def _number(value: int) -> str:
    """As Norwegians write it: «12 345»."""
    return f"{value:,}".replace(",", "\u00a0")


_SHOWN_WITH: dict[str, Any] = {
    "number": _number,
    "kinds": KINDS,
    "paths": {command: path for path, command in _PATHS.items()},
}


class LivePages:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._approvals = parts.rules.wanted("safety_alert")
        self._ask = AskOfDelivery(parts.redis, approvals=self._approvals)
        self._wishes = DeliveryWishes(parts.redis)
        self._streams = LiveStreams(parts.stopping)

    async def show(self, request: Request) -> Response:
        """GET: the receipt as it is now. Without a script the page is loaded again by itself."""
        visit = await self._door.staff(request)
        found = await self._shown(visit, request.path_params["id"])
        return self._look.page(visit, "live/receipt.html", live=found, **_SHOWN_WITH)

    async def stream(self, request: Request) -> Response:
        """GET: the parts of the page that change, as server-sent events."""
        visit = await self._door.staff(request, idles=False)
        article = request.path_params["id"]
        await self._life(article)  # 404 before the stream begins
        places = ExitStack()
        try:
            places.enter_context(self._streams.place(visit.who.id))
        except TooManyStreams:
            raise HTTPException(503, headers={"Retry-After": "10"}) from None

        async def look() -> tuple[HtmlParts, bool]:
            found = await self._shown(visit, article)
            html = {
                name: self._look.part(visit, f"live/{name}.html", live=found, **_SHOWN_WITH)
                for name in _PARTS
            }
            return html, found.ended

        async def is_welcome() -> bool:
            now = await self._door.known(request, idles=False)
            return now.person == visit.person

        return _Stream(self._streams.follow(look, is_welcome), places)

    async def confirm(self, request: Request) -> Response:
        """GET: the question before what is left of a delivery is cancelled."""
        visit = await self._door.staff(request)
        found = await self._shown(visit, request.path_params["id"])
        if "cancel" not in [choice.command for choice in found.choices]:
            return to(_address(found.article))
        return self._look.page(visit, "live/cancel.html", live=found, **_SHOWN_WITH)

    async def act(self, request: Request) -> Response:
        """POST: ask something of the delivery."""
        visit = await self._door.staff(request)
        form = await self._door.form(request)
        command = _PATHS.get(request.path_params["what"])
        if command is None:
            raise HTTPException(404)
        article = request.path_params["id"]
        life = await self._life(article)
        try:
            await self._ask(article, form.text("utsending"), command, form.text("fordi"), visit.who)
        except Problem as problem:
            return self._look.page(
                visit,
                "live/refused.html",
                problem.status,
                problem=problem,
                life=life,
                address=_address(article),
            )
        return to(_address(article))

    async def _life(self, article: str) -> Life:
        if life := await self._parts.articles.life(article):
            return life
        raise not_found(nb("Det er ingen sak her som er sendt inn."))

    async def _shown(self, visit: StaffVisit, article: str) -> LiveReceipt:
        life = await self._life(article)
        seen = await self._parts.receipts.seen(article)
        newest = seen.deliveries[0].delivery if seen.deliveries else ""
        return shown(
            life,
            seen,
            await self._parts.receipts.posts(article),
            await self._wishes.newest(article, newest) if newest else None,
            role=visit.who.role,
            approvals=self._approvals,
            now=datetime.now(UTC),
        )


class _Stream(StreamingResponse):
    """The response; its place is free again also if the browser left before it began."""

    def __init__(self, events: AsyncIterator[str], places: ExitStack) -> None:
        super().__init__(events, media_type="text/event-stream", headers=HEADERS)
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._places:
            await super().__call__(scope, receive, send)


def _address(article: str) -> str:
    return f"/redaksjon/sak/{article}/kvittering/"
