"""`/redaksjon/varsle/`: a link behind which one gives one's own address."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts
from services.ingest.telling.address_link import AddressLinks

_LIFE = timedelta(hours=1)
"""Of a link by which a person gives an address."""


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The route of the page on which a person asks to be told by mail."""
    address = _AddressLinkPage(parts, door, look)
    return [Route("/redaksjon/varsle/", address.page, methods=["GET", "POST"])]


class _AddressLinkPage:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._links = AddressLinks(parts.redis)
        self._door = door
        self._look = look

    async def page(self, request: Request) -> Response:
        """GET: what a link is for. POST: one, made for whoever asks."""
        visit = await self._door.staff(request)
        link = ""
        if request.method == "POST":
            await self._door.form(request)
            link = await self._links.make(visit.who.id, _LIFE)
        return self._look.page(visit, "telling/address.html", link=link)
