"""The routes of what an admin looks after."""

from starlette.routing import Route

from services.ingest.newsroom.admin.key_pages import KeyPages
from services.ingest.newsroom.admin.people_pages import PeoplePages
from services.ingest.newsroom.admin.site_pages import PAGE, SitePages
from services.ingest.newsroom.admin.state_page import StatePage
from services.ingest.newsroom.admin.subject_pages import SubjectPages
from services.ingest.newsroom.admin.trail_page import TrailPage
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The pages of this room."""
    people, keys = PeoplePages(parts, door, look), KeyPages(parts, door, look)
    subjects = SubjectPages(parts, door, look)
    site = SitePages(parts, door, look)
    return [
        Route("/redaksjon/folk/", people.show),
        Route("/redaksjon/folk/inviter/", people.invite, methods=["POST"]),
        Route("/redaksjon/folk/lenke/", people.new_link, methods=["POST"]),
        Route("/redaksjon/folk/rolle/", people.role, methods=["POST"]),
        Route("/redaksjon/folk/ut/", people.revoke, methods=["POST"]),
        Route("/redaksjon/nokler/", keys.show),
        Route("/redaksjon/nokler/ny/", keys.create, methods=["POST"]),
        Route("/redaksjon/nokler/slutt/", keys.revoke, methods=["POST"]),
        Route("/redaksjon/emner/", subjects.all),
        Route("/redaksjon/emner/nytt/", subjects.new, methods=["GET", "POST"]),
        Route("/redaksjon/emner/{id}/", subjects.change, methods=["GET", "POST"]),
        Route("/redaksjon/emner/{id}/fjern/", subjects.remove, methods=["POST"]),
        Route(PAGE, site.page, methods=["GET", "POST"]),
        Route("/redaksjon/tilstand/", StatePage(parts, door, look).show),
        Route("/redaksjon/spor/", TrailPage(parts, door, look).show),
    ]
