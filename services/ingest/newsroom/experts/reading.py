"""The page behind an expert's link: the revision to read, and a form for what they say of it."""

import re

from markupsafe import Markup
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.lifecycle.life import StoredRevision
from services.ingest.newsroom.experts.as_read import as_read
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.shown.readable import readable
from services.ingest.newsroom.shown.words import NAMES, named
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.remarks.remark import LONGEST_REMARK, ExpertLink
from services.ingest.remarks.store import LinkGone, NoMoreRoom, Remarks
from shared.article import Lang
from shared.child.children import ChildDied, GaveUp, weigh
from shared.languages.say import nb, say
from shared.visitors.cookies import new_id

_ONCE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_IN_TEXT = ("body", "pictures")
"""Fields that are shown as a text."""
_LONGEST_NAME = 300
"""Characters."""
_LARGEST_FORM_BYTES = 64 * 1024
"""More than a remark of the greatest length, each letter of which is sent as twelve."""
_READ_SECONDS = 5.0
"""How long it may take to make HTML of a body."""
_FULL = nb(
    "Det er kommet så mange merknader at vi ikke tar imot flere. Svar den som sendte lenken."
)


class ReadingExperts:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook, remarks: Remarks) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._remarks = remarks

    async def show(self, request: Request) -> Response:
        """GET: what there is to read."""
        visit = await self._door.known(request)
        link = await self._remarks.look(request.path_params["token"])
        if link is None:
            return self._gone(visit)
        return await self._show(visit, link)

    async def send(self, request: Request) -> Response:
        """POST: what they say."""
        visit = await self._door.known(request)
        form = await self._door.form_of_stranger(request, _LARGEST_FORM_BYTES)
        token = request.path_params["token"]
        link = await self._remarks.look(token)
        typed = {"navn": form.text("navn"), "merknad": form.text("merknad")}
        read, once = bool(form.text("lest")), form.text("nummer")
        if link is None:
            return self._gone(visit, typed["merknad"])
        errors = wrong(typed["navn"], typed["merknad"], read)
        if not errors:
            once = once if _ONCE.fullmatch(once) else new_id()
            try:
                await self._remarks.add(token, once, typed["navn"], typed["merknad"], read)
            except LinkGone:
                return self._gone(visit, typed["merknad"])
            except NoMoreRoom:
                errors = {"merknad": _FULL}
            except ValidationError as refused:
                field = "navn" if refused.errors()[0]["loc"] == ("name",) else "merknad"
                errors = {field: nb("Teksten har tegn som ikke kan brukes. Skriv den på nytt.")}
        if errors:
            return await self._show(visit, link, typed, read, errors)
        return to(f"{request.url.path}?takk")

    async def _show(
        self,
        visit: StaffVisit,
        link: ExpertLink,
        typed: dict[str, str] | None = None,
        read: bool = False,
        errors: dict[str, str] | None = None,
    ) -> Response:
        found = await self._parts.articles.revisions(link.article, [link.revision])
        life = await self._parts.articles.life(link.article)
        if not found or life is None:
            return self._gone(visit)
        is_newest = life.sha256 == link.sha256
        seen = await self._parts.previews.of(life) if is_newest and life.token else None
        waits = life.state in ("in_review", "approved", "draft")
        return self._look.page(
            visit,
            "experts/read.html",
            422 if errors else 200,
            errors=errors,
            life=life,
            link=link,
            revision=found[0],
            fields=fields(found[0], visit.lang),
            body=await self._read(found[0].article.body, visit.lang),
            page=seen.path if seen and waits else None,
            is_newest=is_newest,
            typed=typed or {"navn": "", "merknad": ""},
            read=read,
            longest=LONGEST_REMARK,
            once=new_id(),
            thanks="takk" in visit.request.query_params and not errors,
        )

    async def _read(self, body: str, lang: Lang) -> Markup:
        """The body as HTML; as it was written if that takes too long."""
        try:
            return await self._parts.children.run(
                weigh(body), _READ_SECONDS, as_read, body, say("Bilde", lang)
            )
        except (GaveUp, ChildDied):
            return Markup("<pre>{}</pre>").format(body)

    def _gone(self, visit: StaffVisit, typed: str = "") -> Response:
        return self._look.page(visit, "experts/gone.html", 404, typed=typed)


def fields(stored: StoredRevision, lang: Lang) -> list[tuple[str, str]]:
    """Each field's name and text, in the order of the form, without the body."""
    order = {name: place for place, name in enumerate(NAMES)}
    shown = sorted(
        ((path, text) for path, text in readable(stored, lang).items() if path not in _IN_TEXT),
        key=lambda field: order.get(field[0], len(order)),
    )
    return [(named(path, lang), text) for path, text in shown]


def wrong(name: str, text: str, read: bool) -> dict[str, str]:
    """What has to be mended, by field."""
    errors = {}
    if not name or len(name) > _LONGEST_NAME:
        errors["navn"] = nb("Skriv navnet ditt, så redaksjonen vet hvem som har lest.")
    if not text and not read:
        errors["merknad"] = nb("Skriv en merknad, eller kryss av for at du har lest saken.")
    if len(text) > LONGEST_REMARK:
        errors["merknad"] = f"Høyst {LONGEST_REMARK} tegn; nå er det {len(text)}."
    return errors
