"""A system that only tries things out: there is no relay, nobody else reaches it, and passkeys do
not work where it is (127.0.0.1). A newcomer is let into its newsroom by a link of `varsel up`.

`ingest:trial:{hash}` is such a link; it works once. Whom it lets in is in the newsroom only while
the system is a trial. What that person writes as an alert needs another's approval, and by a button
the newcomer becomes that other one: two persons, and one human.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from contextlib import suppress

from redis.asyncio import Redis
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.people.person import Person
from services.ingest.people.store import NameTaken, People
from shared.settings import Settings
from shared.trial import PERSON, SECOND, is_trial
from shared.visitors.sessions import Proof

NAME = "Prøvebruker"
SECOND_NAME = "Prøvegodkjenner"
SWAP = "/redaksjon/prov/bytt/"
"""Where the button leads by which one becomes the other."""
_PAIR = {PERSON: (SECOND, SECOND_NAME), SECOND: (PERSON, NAME)}
_OF_A_CASE = re.compile(r"/redaksjon/sak/[\w-]+/(?:godkjenn/)?", re.ASCII)
_LIFE_SECONDS = 24 * 60 * 60


def is_trial_for(settings: Settings, visit: StaffVisit) -> bool:
    """The same of a visitor. Pure."""
    source = visit.request.client
    return is_trial(settings, source.host if source else "")


def learners(settings: Settings) -> frozenset[str]:
    """The ids of those whose alerts need another's approval on a trial, unless a setting says how
    many are wanted. Pure."""
    asks = is_trial(settings) and settings.alert_approvals is None
    return frozenset(_PAIR) if asks else frozenset()


def other_name(person: str) -> str:
    """Whom this person can become by the button; empty if it is nobody of a trial. Pure."""
    return _PAIR[person][1] if person in _PAIR else ""


def are_both(people: Collection[str]) -> bool:
    """Whether both persons of a trial are among these ids: what both have written on needs a third
    to approve it. Pure."""
    return _PAIR.keys() <= set(people)


async def trial_link(redis: Redis, settings: Settings) -> str:
    """A new link; empty if the system is no trial, or if whom it lets in was revoked. Raises
    redis-py's errors."""
    if not is_trial(settings) or await People(redis).is_revoked(NAME):
        return ""
    token = secrets.token_urlsafe(16)
    await redis.set(_place(token), "", ex=_LIFE_SECONDS)
    return f"{settings.site}/redaksjon/prov/{token}/"


async def end_trial(redis: Redis, settings: Settings) -> None:
    """The person whom a link let in is out again, if the system is no trial any more. Raises
    redis-py's errors."""
    people = People(redis)
    for person in () if is_trial(settings) else _PAIR:
        if await people.find(person):
            await people.revoke(person)


class TrialPages:
    """`/redaksjon/prov/{token}/`: what such a link opens."""

    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._redis = parts.redis
        self._settings = parts.settings
        self._door = door
        self._look = look

    async def show(self, request: Request) -> Response:
        visit = await self._door.known(request)
        self._only_trials(visit)
        if not await self._redis.exists(_place(request.path_params["token"])):
            return self._over(visit)
        return self._look.page(visit, "doors/trial.html")

    async def enter(self, request: Request) -> Response:
        visit = await self._door.known(request)
        self._only_trials(visit)
        await self._door.form_of_stranger(request)
        if await self._redis.getdel(_place(request.path_params["token"])) is None:
            return self._over(visit)
        return await self._in(visit, PERSON, "/redaksjon/")

    async def swap(self, request: Request) -> Response:
        """POST: one of the two becomes the other, and comes to the case that is named."""
        visit = await self._door.staff(request)
        self._only_trials(visit)
        form = await self._door.form(request)
        if visit.who.id not in _PAIR:
            raise HTTPException(404)
        wanted = form.text("til")
        after = wanted if _OF_A_CASE.fullmatch(wanted) else "/redaksjon/"
        return await self._in(visit, _PAIR[visit.who.id][0], after)

    async def _in(self, visit: StaffVisit, id_: str, after: str) -> Response:
        person = await self._person(id_)
        if person is None and id_ == SECOND:
            return self._look.page(visit, "doors/no_swap.html", 404, other=SECOND_NAME)
        if person is None:
            return self._over(visit)
        response = to(after)
        await self._door.log_in(visit, response, person, Proof.OTHER)
        return response

    async def _person(self, id_: str) -> Person | None:
        """The person with this id, who is added the first time. None if they were revoked, or if
        somebody else has the name or had it."""
        people = self._door.people
        name, role = (NAME, "admin") if id_ == PERSON else (SECOND_NAME, "approver")
        if not await people.find(id_) and not await people.is_revoked(name):
            with suppress(NameTaken):  # at the same moment; or somebody real has the name
                await people.add(name, role, id_=id_)
        return await people.find(id_)

    def _only_trials(self, visit: StaffVisit) -> None:
        if not is_trial_for(self._settings, visit):
            raise HTTPException(404)

    def _over(self, visit: StaffVisit) -> Response:
        return self._look.page(visit, "doors/trial_over.html", 404)


def _place(token: str) -> str:
    return f"ingest:trial:{hashlib.sha256(token.encode()).hexdigest()}"
