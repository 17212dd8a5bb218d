"""The addresses of experts' pages, and of the page on which they are asked."""

from starlette.routing import Route

from services.ingest.audit.trail import Trail
from services.ingest.newsroom.experts.asking import AskingExperts
from services.ingest.newsroom.experts.reading import ReadingExperts
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts
from services.ingest.remarks.store import Remarks


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The pages of this room."""
    remarks = Remarks(parts.redis, Trail(parts.redis))
    asking = AskingExperts(parts, door, look, remarks)
    reading = ReadingExperts(parts, door, look, remarks)
    case = "/redaksjon/sak/{id}/fag/"
    return [
        Route(case, asking.show, methods=["GET"]),
        Route(case, asking.make, methods=["POST"]),
        Route(f"{case}avslutt", asking.end, methods=["POST"]),
        Route("/redaksjon/fag/{token}/", reading.show, methods=["GET"]),
        Route("/redaksjon/fag/{token}/", reading.send, methods=["POST"]),
    ]
