"""The doors' pages."""

from starlette.routing import Route

from services.ingest.newsroom.doors.invited import InvitationPage
from services.ingest.newsroom.doors.log_in import LogIn
from services.ingest.newsroom.doors.me import NEW_PASSKEY, Me
from services.ingest.newsroom.doors.trial import SWAP, TrialPages
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts
from shared.visitors.routes import by_method


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """`/redaksjon/inn/`, `/redaksjon/meg/` and what belongs to them."""
    log_in, invited = LogIn(parts, door, look), InvitationPage(parts, door, look)
    me, trial = Me(parts, door, look), TrialPages(parts, door, look)
    return [
        by_method("/redaksjon/inn/", log_in.show, log_in.log_in),
        Route(SWAP, trial.swap, methods=["POST"]),
        by_method("/redaksjon/prov/{token}/", trial.show, trial.enter),
        *_outside(parts, door, look),
        by_method("/redaksjon/inn/{token}/", invited.show, invited.accept),
        Route("/redaksjon/meg/", me.show),
        by_method(NEW_PASSKEY, me.ask_passkey, me.add_passkey),
        Route("/redaksjon/passnokkel/fjern/", me.remove_passkey, methods=["POST"]),
        Route("/redaksjon/maal/", me.set_language, methods=["POST"]),
        Route("/redaksjon/ut/", me.log_out, methods=["POST"]),
        Route("/redaksjon/ut/overalt/", me.log_out_everywhere, methods=["POST"]),
    ]


def _outside(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The association's own log-in, if there is one."""
    if not parts.settings.oidc_issuer:
        return []
    # Heavy, and few have one.
    from services.ingest.newsroom.doors.outside import BACK, START, Outside

    outside = Outside(parts, door, look)
    return [
        Route(START, outside.start, methods=["POST"]),
        Route(BACK, outside.back),
    ]
