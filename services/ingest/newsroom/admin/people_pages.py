"""The pages of the staff: who is in, who lets whom in, who is out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.people.invitations import HOURS, Invitations
from services.ingest.people.keys import ApiKeys
from services.ingest.people.person import ROLE_NAMES, ROLES, Person, is_role
from services.ingest.people.store import NameTaken, People, UnknownPerson
from services.ingest.problems import Problem
from shared.languages.say import Nb, nb

ROLE_HINTS: Nb[dict[str, str]] = {
    "editor": "Skriver saker og sender dem til godkjenning.",
    "approver": "Godkjenner også det andre har skrevet.",
    "admin": "Slipper også folk inn og ut, og steller med nøkler og emner.",
}
_BY_ANOTHER: Nb[dict[str, str]] = {
    "role": "Be en annen administrator om å endre rollen din, så ingen stenger seg ute ved et "
    "uhell. Ingenting er endret.",
    "out": "Be en annen administrator om å ta deg ut, så ingen stenger seg ute ved et uhell. "
    "Ingenting er endret.",
}
_GONE = Problem(
    404,
    "no-person",
    nb("Personen er ikke i redaksjonen"),
    nb(
        "Kanskje har noen andre tatt personen ut nettopp. Ingenting er "
        "endret. Gå til siden «Folk» og se hvem som er med."
    ),
)


@dataclass(frozen=True)
class ShownPerson:
    person: Person
    role: str
    """In words."""
    invited_by: str | None
    """The name of the person who invited them; None if it was by command."""
    since: datetime
    keys: int
    invitation_until: datetime | None
    is_me: bool


class PeoplePages:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._people = People(parts.redis)
        self._invitations = Invitations(parts.redis)
        self._keys = ApiKeys(parts.redis)

    async def show(self, request: Request) -> Response:
        """Who is in the newsroom."""
        return await self._page(await self._door.staff(request, "admin"))

    async def invite(self, request: Request) -> Response:
        """Let somebody in, and show the link, this once."""
        visit = await self._door.staff(request, "admin")
        form = await self._door.form(request)
        name, role = form.text("navn"), form.text("rolle")
        errors = {}
        if not name:
            errors["navn"] = nb("Skriv navnet på den du vil slippe inn.")
        if not is_role(role):
            errors["rolle"] = nb("Velg hva personen skal kunne gjøre.")
        if errors:
            return await self._page(visit, errors, name=name, role=role)
        try:
            person = await self._people.add(name, role, visit.who)
        except ValidationError:
            errors["navn"] = nb("Skriv navnet på én linje, med høyst 200\u00a0tegn.")
        except NameTaken:
            errors["navn"] = nb(
                "Det er alt en med dette navnet. Har personen mistet lenken eller passnøkkelen, "
                "velg «Ny lenke» i listen. Er det en annen, skriv et navn som skiller de to."
            )
        if errors:
            return await self._page(visit, errors, name=name, role=role)
        return await self._linked(visit, person)

    async def new_link(self, request: Request) -> Response:
        """A new link for somebody who is in, as when a passkey is lost."""
        visit = await self._door.staff(request, "admin")
        form = await self._door.form(request)
        return await self._linked(visit, await self._found(form.text("person")))

    async def role(self, request: Request) -> Response:
        """Another role for somebody."""
        visit = await self._door.staff(request, "admin")
        form = await self._door.form(request)
        person, role = await self._found(form.text("person")), form.text("rolle")
        if person.id == visit.who.id:
            raise _not_oneself("role")
        if not is_role(role):
            raise Problem(
                422, "no-role", nb("Velg en rolle"), nb("Ingenting er endret. Gå tilbake.")
            )
        try:
            await self._people.set_role(person.id, role, visit.who)
        except UnknownPerson:
            raise _GONE from None
        return to("/redaksjon/folk/")

    async def revoke(self, request: Request) -> Response:
        """Put somebody out."""
        visit = await self._door.staff(request, "admin")
        form = await self._door.form(request)
        person = await self._found(form.text("person"))
        if person.id == visit.who.id:
            raise _not_oneself("out")
        if form.text("sikker") != "ja":
            raise Problem(
                422,
                "not-sure",
                nb("Er du sikker?"),
                nb("Kryss av for at personen skal ut, og trykk en gang til. Ingenting er endret."),
            )
        await self._people.revoke(person.id, visit.who)
        return to("/redaksjon/folk/")

    async def _found(self, person: str) -> Person:
        found = await self._people.find(person)
        if found is None:
            raise _GONE
        return found

    async def _linked(self, visit: StaffVisit, person: Person) -> Response:
        try:
            token = await self._invitations.make(person.id, visit.who)
        except UnknownPerson:
            raise _GONE from None
        link = f"{self._parts.site}/redaksjon/inn/{token}/"
        return self._look.page(visit, "admin/invited.html", invited=person, link=link, hours=HOURS)

    async def _page(
        self,
        visit: StaffVisit,
        errors: Mapping[str, str] | None = None,
        *,
        name: str = "",
        role: str = "editor",
    ) -> Response:
        return self._look.page(
            visit,
            "admin/people.html",
            422 if errors else 200,
            errors=errors,
            people=await self._shown(visit.who),
            roles=ROLES,
            role_names=ROLE_NAMES,
            role_hints=ROLE_HINTS,
            typed_name=name,
            typed_role=role,
        )

    async def _shown(self, me: Person) -> list[ShownPerson]:
        records, keys = await self._people.records(), await self._keys.all()
        waiting = await self._invitations.waiting()
        shown = []
        for person in await self._people.all():
            record = records[person.id]
            inviter = records.get(record.by) if record.by else None
            shown.append(
                ShownPerson(
                    person=person,
                    role=ROLE_NAMES[person.role],
                    invited_by=inviter.name if inviter else None,
                    since=record.at,
                    keys=sum(key.person == person.id for key in keys.values()),
                    invitation_until=waiting.get(person.id),
                    is_me=person.id == me.id,
                )
            )
        return shown


def _not_oneself(what: str) -> Problem:
    return Problem(409, "not-oneself", nb("Det kan du ikke gjøre med deg selv"), _BY_ANOTHER[what])
