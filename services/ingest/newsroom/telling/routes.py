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
    """The page's."""
    links = AddressLinks(parts.redis)

    async def page(request: Request) -> Response:
        visit = await door.staff(request)
        link = ""
        if request.method == "POST":
            await door.form(request)
            link = await links.make(visit.who.id, _LIFE)
        return look.page(visit, "telling/address.html", link=link)

    return [Route("/redaksjon/varsle/", page, methods=["GET", "POST"])]
