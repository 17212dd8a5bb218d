"""`/redaksjon/inn/`: log in with a passkey."""

import re

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.doors.trial import is_trial_for
from services.ingest.newsroom.doors.with_passkey import WithPasskey
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from shared import log
from shared.passkeys.ceremonies import PasskeyRefused
from shared.settings import Settings
from shared.visitors.sessions import Proof

HOME = "/redaksjon/"
_PAGE = re.compile(r"/redaksjon/(?!inn/|ut/|prov/)(?:[a-z0-9-]+/)*", re.ASCII)


def page_of_ours(path: str) -> str:
    """The page to go on to: `path` if it is one of the newsroom's, else the list."""
    return path if _PAGE.fullmatch(path) else HOME


def outside_name(settings: Settings) -> str:
    """What the association's own log-in is called; empty if there is none."""
    return settings.oidc_name if settings.oidc_issuer else ""


class LogIn:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._passkeys = WithPasskey(parts.redis, door)
        self._door = door
        self._look = look
        self._outside = outside_name(parts.settings)
        self._settings = parts.settings

    async def show(self, request: Request) -> Response:
        visit = await self._door.known(request)
        after = page_of_ours(request.query_params.get("til", ""))
        return to(after) if visit.person else self._page(visit, after)

    async def log_in(self, request: Request) -> Response:
        visit = await self._door.known(request)
        form = await self._door.form_of_stranger(request)
        after = page_of_ours(form.text("til"))
        try:
            person = await self._passkeys.log_in(visit, form.text("svar"))
        except PasskeyRefused as refused:
            log.get("ingest").info("log_in_refused", reason=str(refused))
            return self._page(visit, after, 403, is_refused=True)
        response = to(after)
        await self._door.log_in(visit, response, person, Proof.PASSKEY)
        return response

    def _page(
        self, visit: StaffVisit, after: str, status: int = 200, *, is_refused: bool = False
    ) -> Response:
        return self._look.page(
            visit,
            "doors/log_in.html",
            status,
            ask=self._passkeys.to_log_in(visit),
            after=after,
            is_refused=is_refused,
            outside=self._outside,
            is_trial=is_trial_for(self._settings, visit),
        )
