"""The pages of API keys: for programs, and for those who like commands."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.people.keys import ApiKeys
from services.ingest.people.store import People
from services.ingest.problems import Problem
from shared.languages.say import nb


@dataclass(frozen=True)
class ShownKey:
    id: str
    name: str
    """Of its person."""
    since: datetime


class KeyPages:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._door = door
        self._look = look
        self._people = People(parts.redis)
        self._keys = ApiKeys(parts.redis)

    async def show(self, request: Request) -> Response:
        """The keys that there are."""
        return await self._page(await self._door.staff(request, "admin"))

    async def create(self, request: Request) -> Response:
        """Make a key, and show it, this once."""
        visit = await self._door.staff(request, "admin")
        form = await self._door.form(request)
        person = await self._people.find(form.text("person"))
        if person is None:
            errors = {"person": nb("Velg hvem nøkkelen skal være til.")}
            return await self._page(visit, errors)
        key = await self._keys.create(person, visit.who)
        return self._look.page(visit, "admin/key.html", owner=person, key=key)

    async def revoke(self, request: Request) -> Response:
        """End a key."""
        visit = await self._door.staff(request, "admin")
        form = await self._door.form(request)
        if not await self._keys.revoke(form.text("id"), visit.who):
            title = nb("Nøkkelen er alt ute av bruk")
            raise Problem(404, "no-key", title, nb("Noen andre var først. Alt er i orden."))
        return to("/redaksjon/nokler/")

    async def _page(self, visit: StaffVisit, errors: dict[str, str] | None = None) -> Response:
        people = await self._people.all()
        names = {person.id: person.name for person in people}
        keys = [
            ShownKey(id_, names[key.person], key.at)
            for id_, key in (await self._keys.all()).items()
            if key.person in names
        ]
        return self._look.page(
            visit,
            "admin/keys.html",
            422 if errors else 200,
            errors=errors,
            keys=keys,
            people=people,
        )
