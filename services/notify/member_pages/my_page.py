"""/min-side/: logging in, and all that a member sees of themselves."""

import json
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.notify.letters.asked import Asked, LetterKind
from services.notify.member_pages import fields
from services.notify.member_pages.about import about
from services.notify.member_pages.everything.document import document
from services.notify.member_pages.everything.read_rest import read_rest
from services.notify.member_pages.fields import Typed
from services.notify.member_pages.history.told import told
from services.notify.member_pages.look import HEADERS, PageLook
from services.notify.member_pages.passkey_pages import PasskeyPages
from services.notify.member_pages.visit import Door, LoggedIn, PageParts, Visit, to
from shared.languages.say import Nb
from shared.oslo import OSLO

_DONE: Nb[dict[str, str]] = {
    "opplysninger": "Opplysningene er lagret.",
    "adresse": "Adressen er byttet. Den gamle har fått beskjed.",
    "emner": "Valget er lagret. Det gjelder fra neste varsel.",
    "tilbake": "Du er meldt på igjen, og får varsler som før.",
    "ikke-inn": "Passnøkkelen slapp deg ikke inn. Prøv en gang til, eller logg inn med e-post.",
    "ut": "Du er logget ut.",
    "ut-overalt": "Du er logget ut, i denne og alle andre nettlesere.",
}
"""What the page says of what was just done, by `?gjort=`."""


class MyPage:
    def __init__(
        self, parts: PageParts, door: Door, look: PageLook, passkeys: PasskeyPages
    ) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._passkeys = passkeys

    async def show(self, request: Request) -> Response:
        """GET: the log-in, or the member's page."""
        visit = await self._door.known(request)
        done = _DONE.get(request.query_params.get("gjort", ""), "")
        if visit.person is None:
            return self._log_in_page(visit, done=done)
        all_of_it = await self._about(visit.person)
        confirmed = _moment(visit.person.member.confirmed)
        return self._look.page(
            visit, "my_page.html", done=done, told=told, confirmed=confirmed, **all_of_it
        )

    async def log_in(self, request: Request) -> Response:
        """POST of an address: a letter is on its way, whoever's it is."""
        form = await self._door.form(request)
        visit = self._door.visit(request)
        typed = Typed()
        fields.read_email(form, typed)
        if typed.errors:
            errors = {str(name): text for name, text in typed.errors.items()}
            return self._log_in_page(visit, 422, errors=errors, typed=typed)
        await self._parts.letters.ask(
            Asked(
                LetterKind.LOGIN,
                typed.email,
                lang=visit.lang,
                browser=visit.browser,
                at=datetime.now(UTC),
            )
        )
        return to("/min-side/kode/")

    def _log_in_page(
        self,
        visit: Visit,
        status: int = 200,
        *,
        errors: dict[str, str] | None = None,
        typed: Typed | None = None,
        done: str = "",
    ) -> Response:
        ask = self._passkeys.to_log_in(visit)
        return self._look.page(
            visit,
            "login.html",
            status,
            errors=errors,
            typed=typed or Typed(),
            done=done,
            ask=ask,
            has_script=bool(ask),
        )

    async def export(self, request: Request) -> Response:
        """GET: everything as one JSON document; counted as forms are, since it takes reading."""
        _, person = await self._door.member(request)
        await self._door.count(request)
        headers = HEADERS | {"Content-Disposition": 'attachment; filename="min-side.json"'}
        about, parts = await self._about(person), self._parts
        rest = await read_rest(parts, parts.vault, person, about["alerts"])
        content = json.dumps(document(person, about, rest), ensure_ascii=False, indent=2)
        return Response(content, headers=headers, media_type="application/json")

    async def _about(self, person: LoggedIn) -> dict[str, Any]:
        parts = self._parts
        return await about(parts.members, parts.choices, parts.bounces, parts.passkeys, person)


def _moment(text: str) -> datetime | None:
    """The moment that an ISO time or date stands for, in Norway; none if it is empty."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=OSLO)
