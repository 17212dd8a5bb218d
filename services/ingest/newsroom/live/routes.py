"""The addresses of the receipt."""

from starlette.routing import Route

from services.ingest.newsroom.live.pages import LivePages
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The pages of this room."""
    pages = LivePages(parts, door, look)
    receipt = "/redaksjon/sak/{id}/kvittering"
    return [
        Route(f"{receipt}/", pages.show),
        Route(f"{receipt}/strom", pages.stream),
        Route(f"{receipt}/avbryt/", pages.confirm),
        Route(f"{receipt}/{{what}}", pages.act, methods=["POST"]),
    ]
