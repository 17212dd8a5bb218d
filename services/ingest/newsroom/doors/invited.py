"""`/redaksjon/inn/{token}/`: what an invitation opens. The page has a button, since programs open
links (promise G10); behind it a passkey is made, and the browser is logged in.

On a system that only tries things out, a button logs in without one (see trial.py).
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.doors.log_in import outside_name
from services.ingest.newsroom.doors.trial import is_trial_for
from services.ingest.newsroom.doors.with_passkey import WithPasskey
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.people.invitations import Invitations
from services.ingest.people.person import Person
from services.ingest.people.way_in import WayIn
from shared.passkeys.ceremonies import PasskeyRefused
from shared.visitors.sessions import Proof


class InvitationPage:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._settings = parts.settings
        self._invitations = Invitations(parts.redis)
        self._passkeys = WithPasskey(parts.redis, door)
        self._door = door
        self._look = look

    async def show(self, request: Request) -> Response:
        visit = await self._door.known(request)
        person = await self._invitations.look(request.path_params["token"])
        if person is None:
            return self._over(visit)
        return await self._page(visit, person)

    async def accept(self, request: Request) -> Response:
        visit = await self._door.known(request)
        form = await self._door.form_of_stranger(request)
        person = await self._invitations.look(request.path_params["token"])
        if person is None:
            return self._over(visit)
        passkey = None
        if form.text("uten") != "passnokkel":
            try:
                passkey = await self._passkeys.made(visit, person, form.text("svar"))
            except PasskeyRefused:
                return await self._page(visit, person, 403, is_refused=True)
        elif not is_trial_for(self._settings, visit):
            raise HTTPException(403)
        way_in = self._passkeys.held.way_in(person, passkey) if passkey else None
        return await self._let_in(visit, way_in)

    async def _let_in(self, visit: StaffVisit, way_in: WayIn | None) -> Response:
        person = await self._invitations.use(visit.request.path_params["token"], way_in)
        if person is None:
            return self._over(visit)
        # Whoever lost what let them in may have lost it with a browser that is logged in.
        await self._door.sessions.end_all(person.id)
        response = to("/redaksjon/meg/?ny" if way_in else "/redaksjon/")
        await self._door.log_in(visit, response, person, Proof.INVITATION)
        return response

    async def _page(
        self, visit: StaffVisit, person: Person, status: int = 200, *, is_refused: bool = False
    ) -> Response:
        return self._look.page(
            visit,
            "doors/invited.html",
            status,
            invited=person,
            ask=await self._passkeys.to_make(visit, person),
            is_trial=is_trial_for(self._settings, visit),
            is_refused=is_refused,
            outside=outside_name(self._settings),
            token=visit.request.path_params["token"],
        )

    def _over(self, visit: StaffVisit) -> Response:
        return self._look.page(visit, "doors/invitation_over.html", 404)
