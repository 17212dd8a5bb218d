"""`/redaksjon/meg/`: a person's passkeys, language, and ways out."""

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.doors.log_in import outside_name
from services.ingest.newsroom.doors.with_passkey import WithPasskey
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import LANGUAGE, StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from shared.passkeys.ceremonies import PasskeyRefused

_ME = "/redaksjon/meg/"
NEW_PASSKEY = "/redaksjon/passnokkel/ny/"
_YEAR_SECONDS = 365 * 24 * 60 * 60


class Me:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._is_secure = parts.settings.site.startswith("https://")
        self._passkeys = WithPasskey(parts.redis, door)
        self._door = door
        self._look = look
        self._outside = outside_name(parts.settings)

    async def show(self, request: Request) -> Response:
        visit = await self._door.staff(request)
        return await self._page(visit)

    async def ask_passkey(self, request: Request) -> Response:
        return await self._ask(await self._door.staff(request))

    async def add_passkey(self, request: Request) -> Response:
        visit = await self._door.staff(request)
        form = await self._door.form(request)
        try:
            passkey = await self._passkeys.made(visit, visit.who, form.text("svar"))
        except PasskeyRefused:
            return await self._ask(visit, 403, is_refused=True)
        if not await self._passkeys.held.add(visit.who, passkey):
            return await self._ask(visit, 403, is_refused=True)
        return to(f"{_ME}?ny")

    async def remove_passkey(self, request: Request) -> Response:
        """All but the last one: without any, only somebody else could let them in again."""
        visit = await self._door.staff(request)
        id_ = (await self._door.form(request)).text("passnokkel")
        if len(await self._passkeys.held.of(visit.who.id)) < 2:
            return await self._page(visit, 403, is_last=True)
        await self._passkeys.held.remove(id_, visit.who)
        return to(_ME)

    async def set_language(self, request: Request) -> Response:
        await self._door.staff(request)
        form = await self._door.form(request)
        response = to(_ME)
        response.set_cookie(
            LANGUAGE,
            "nn" if form.text("maal") == "nn" else "nb",
            max_age=_YEAR_SECONDS,
            path="/redaksjon/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )
        return response

    async def log_out(self, request: Request) -> Response:
        visit = await self._door.staff(request)
        await self._door.form(request)
        response = to("/redaksjon/inn/")
        await self._door.log_out(visit, response)
        return response

    async def log_out_everywhere(self, request: Request) -> Response:
        visit = await self._door.staff(request)
        await self._door.form(request)
        await self._door.sessions.end_all(visit.who.id)
        response = to("/redaksjon/inn/")
        await self._door.log_out(visit, response)
        return response

    async def _page(
        self, visit: StaffVisit, status: int = 200, *, is_last: bool = False
    ) -> Response:
        return self._look.page(
            visit,
            "doors/me.html",
            status,
            passkeys=await self._passkeys.held.of(visit.who.id),
            can_be=self._passkeys.can_be,
            is_new="ny" in visit.request.query_params,
            is_last=is_last,
        )

    async def _ask(
        self, visit: StaffVisit, status: int = 200, *, is_refused: bool = False
    ) -> Response:
        ask = again = ""
        if await self._passkeys.may_make(visit):
            ask = await self._passkeys.to_make(visit, visit.who)
        elif await self._passkeys.held.of(visit.who.id):
            again = self._passkeys.to_log_in(visit)
        return self._look.page(
            visit,
            "doors/new_passkey.html",
            status,
            ask=ask,
            again=again,
            can_be=self._passkeys.can_be,
            is_refused=is_refused,
            here=NEW_PASSKEY,
            outside=self._outside,
        )
