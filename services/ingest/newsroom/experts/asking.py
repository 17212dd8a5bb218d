"""The page on which staff make a link for an expert, see those that work, and read the remarks."""

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.preconditions import require
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import not_found
from services.ingest.remarks.remark import LIFE, new_secret
from services.ingest.remarks.store import NoMoreRoom, Remarks
from shared.languages.say import nb


class AskingExperts:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook, remarks: Remarks) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._remarks = remarks

    async def show(self, request: Request) -> Response:
        """GET: the links that work, and the remarks."""
        visit = await self._door.staff(request)
        return await self._show(visit, await self._life(request))

    async def make(self, request: Request) -> Response:
        """POST: a link to the newest revision, shown this once."""
        visit = await self._door.staff(request)
        form = await self._door.form(request)
        life = await self._life(request)
        head = require(await self._parts.articles.find(life.id)).head
        try:
            token = await self._remarks.make_link(
                life.id, head.revision, head.sha256, visit.who.name, form.text("hemmelig")
            )
        except ValueError:  # not a form of ours
            return to(f"/redaksjon/sak/{life.id}/fag/")
        except NoMoreRoom:
            wrong = {"lag": nb("Det er for mange lenker som virker. Avslutt en du ikke trenger.")}
            return await self._show(visit, life, errors=wrong, status=422)
        link = f"{self._parts.site}/redaksjon/fag/{token}/"
        return await self._show(visit, life, link=link)

    async def end(self, request: Request) -> Response:
        """POST: a link opens nothing any more."""
        visit = await self._door.staff(request)
        form = await self._door.form(request)
        life = await self._life(request)
        await self._remarks.end_link(life.id, form.text("lenke"), visit.who.name)
        return to(f"/redaksjon/sak/{life.id}/fag/")

    async def _life(self, request: Request) -> Life:
        if found := await self._parts.articles.life(request.path_params["id"]):
            return found
        raise not_found(
            nb("En fagperson leser det som er sendt inn. Send inn saken først, og lag lenken så.")
        )

    async def _show(
        self,
        visit: StaffVisit,
        life: Life,
        *,
        link: str = "",
        errors: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        return self._look.page(
            visit,
            "experts/ask.html",
            status,
            errors=errors,
            life=life,
            base=f"/redaksjon/sak/{life.id}/",
            link=link,
            days=LIFE.days,
            links=await self._remarks.links(life.id),
            remarks=await self._remarks.of(life.id),
            secret=new_secret(),
        )
