"""The addresses of approving, stopping, withdrawing and correcting."""

from starlette.routing import Route

from services.ingest.audit.trail import Trail
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.review.approving import Approving
from services.ingest.newsroom.review.correcting import Correcting
from services.ingest.newsroom.review.gather_case import GatherCase
from services.ingest.newsroom.review.holding import Holding
from services.ingest.newsroom.review.withdrawing import Withdrawing
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts
from services.ingest.remarks.store import Remarks
from shared.visitors.routes import by_method


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The pages of this room."""
    gather = GatherCase(parts, door.people, Remarks(parts.redis, Trail(parts.redis)))
    approving = Approving(parts, door, look, gather)
    holding, withdrawing = Holding(parts, door, look), Withdrawing(parts, door, look)
    correcting = Correcting(parts, door, look)
    case = "/redaksjon/sak/{id}"
    return [
        by_method(f"{case}/godkjenn/", approving.ask, approving.approve),
        Route(f"{case}/godkjenn/merke", approving.mark),
        Route(f"{case}/godkjenn/epost", approving.mail),
        by_method(f"{case}/avvis/", approving.ask_why, approving.reject),
        by_method(f"{case}/stopp/", holding.show, holding.stop),
        Route(f"{case}/stopp/naa", holding.state),
        by_method(f"{case}/trekk/", withdrawing.ask, withdrawing.send),
        by_method(f"{case}/rett/", correcting.ask, correcting.send),
    ]
