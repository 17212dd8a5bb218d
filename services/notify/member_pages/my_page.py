"""/min-side/: logging in, and all that a member sees of themselves."""

import json
from datetime import UTC, datetime
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from services.notify.bounces.marks import AddressStanding, standing
from services.notify.choices.subjects import subjects
from services.notify.letters.asked import Asked, Kind
from services.notify.member_pages import fields
from services.notify.member_pages.fields import Typed
from services.notify.member_pages.history.read_history import MailedAlert, alerts_of
from services.notify.member_pages.history.told import told
from services.notify.member_pages.look import HEADERS, PageLook, PageWords
from services.notify.member_pages.visit import Door, LoggedIn, PageParts, to
from services.notify.members.store import CONSENTS
from shared.oslo import OSLO

_DONE = {
    "opplysninger": "Opplysningene er lagret.",
    "adresse": "Adressen er byttet. Den gamle har fått beskjed.",
    "emner": "Valget er lagret. Det gjelder fra neste varsel.",
    "tilbake": "Du er meldt på igjen, og får varsler som før.",
    "ut": "Du er logget ut.",
    "ut-overalt": "Du er logget ut, i denne og alle andre nettlesere.",
}
"""What the page says of what was just done, by `?gjort=`."""


class MyPage:
    def __init__(self, parts: PageParts, door: Door, look: PageLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look

    async def show(self, request: Request) -> Response:
        """GET: the log-in, or the member's page."""
        visit = await self._door.known(request)
        done = _DONE.get(request.query_params.get("gjort", ""), "")
        if visit.person is None:
            return self._look.page(visit, "login.html", typed=Typed(), done=done)
        about = await self._about(visit.person)
        confirmed = _moment(visit.person.member.confirmed)
        return self._look.page(
            visit, "my_page.html", done=done, told=told, confirmed=confirmed, **about
        )

    async def log_in(self, request: Request) -> Response:
        """POST of an address: a letter is on its way, whoever's it is."""
        form = await self._door.form(request)
        visit = self._door.visit(request)
        typed = Typed()
        fields.read_email(form, typed)
        if typed.errors:
            errors = {str(name): text for name, text in typed.errors.items()}
            return self._look.page(visit, "login.html", 422, errors=errors, typed=typed, done="")
        await self._parts.letters.ask(
            Asked(
                Kind.LOGIN,
                typed.email,
                lang=visit.lang,
                browser=visit.browser,
                at=datetime.now(UTC),
            )
        )
        return to("/min-side/kode/")

    async def export(self, request: Request) -> Response:
        """GET: everything as one JSON document."""
        _, person = await self._door.member(request)
        about = await self._about(person)
        headers = HEADERS | {"Content-Disposition": 'attachment; filename="min-side.json"'}
        content = json.dumps(_document(person, about), ensure_ascii=False, indent=2)
        return Response(content, headers=headers, media_type="application/json")

    async def _about(self, person: LoggedIn) -> dict[str, Any]:
        redis, members = self._parts.redis, self._parts.members
        numbers = await members.numbers_of(person.number)
        kept = cast("bytes | None", await redis.hget(CONSENTS, person.member.consent))
        chosen = await self._parts.choices.of(person.number)
        now, bounces = datetime.now(UTC), self._parts.bounces
        marks = [mark for each in (await bounces.marks(numbers)).values() for mark in each]
        address = bounces.address(person.member.email)
        named = {subject.id: subject for subject in await subjects(redis)}
        return {
            "numbers": numbers,
            "consent": json.loads(kept) if kept else None,
            "chosen": None if chosen is None else [named[id_] for id_ in chosen if id_ in named],
            "alerts": await alerts_of(redis, numbers, now, {m.delivery: m.code for m in marks}),
            "is_unreachable": standing(marks, address=address, now=now) is AddressStanding.GONE,
        }


def _moment(text: str) -> datetime | None:
    """The moment that an ISO time or date stands for, in Norway; none if it is empty."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=OSLO)


def _document(person: LoggedIn, about: dict[str, Any]) -> dict[str, Any]:
    member, words, chosen = person.member, PageWords("nb"), about["chosen"]
    alerts: list[MailedAlert] = about["alerts"]
    return {
        "medlem": {
            "epost": member.email,
            "navn": member.name,
            "spraak": member.lang,
            "meldt_av": person.has_left,
            "kommer_i_retur": about["is_unreachable"],
            "numre": about["numbers"],
            "registre": [name for name in member.lists.split(",") if name],
        },
        "samtykke": {
            "ord": about["consent"],
            "hvordan": member.how,
            "bedt_om": member.asked or None,
            "bekreftet": member.confirmed or None,
        },
        "emner": None if chosen is None else [subject.id for subject in chosen],
        "varsler": [
            {
                "tittel": alert.title,
                "side": alert.path,
                "publisert": alert.published.isoformat(),
                "trukket": alert.is_withdrawn,
                "utsendinger": [
                    {
                        "hva": step.kind,
                        "hva_skjedde": step.fate,
                        "med_ord": told(step, words),
                        "kode": step.codes or None,
                        "mellom": [step.began.isoformat(), step.ended.isoformat()],
                    }
                    for step in alert.steps
                ],
            }
            for alert in alerts
        ],
    }
