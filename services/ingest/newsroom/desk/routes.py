"""The pages of the desk."""

from starlette.routing import Route

from services.ingest.newsroom.desk.choose_pages import ChoosePages
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.desk.overview_pages import OverviewPages
from services.ingest.newsroom.desk.submit_pages import SubmitPages
from services.ingest.newsroom.desk.write_pages import WritePages
from services.ingest.newsroom.lists.list_page import ListPage
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The pages that `newsroom/app.py` serves for this room."""
    desk = DeskParts.of(parts, door, look)
    overview, write, submit = OverviewPages(desk), WritePages(desk), SubmitPages(desk)
    choose = ChoosePages(desk)
    article = "/redaksjon/sak/{id}"
    return [
        Route("/redaksjon/", ListPage(desk).show),
        Route("/redaksjon/ny/", overview.new, methods=["GET", "POST"]),
        Route(f"{article}/", overview.article),
        Route(f"{article}/merke", overview.mark),
        Route(f"{article}/historikk/", overview.history),
        Route(f"{article}/kast/", overview.throw_away, methods=["GET", "POST"]),
        Route(f"{article}/skriv/", write.form, methods=["GET", "POST"]),
        Route(f"{article}/lagre", write.autosave, methods=["POST"]),
        Route(f"{article}/bilder", write.picture, methods=["POST"]),
        Route(f"{article}/bilder/{{name}}", write.picture_state),
        Route(f"{article}/velg/", choose.choose, methods=["GET", "POST"]),
        Route(f"{article}/send-inn/", submit.submit, methods=["GET", "POST"]),
    ]
