"""«Nettstedet»: what the association says of itself on every page of the site."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.identity.site_file import PICTURES, there
from services.ingest.identity.store import Identities, StoredIdentity
from services.ingest.newsroom.admin import site_form
from services.ingest.newsroom.desk.sent import SentForm, sent
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.pictures.picture import MAX_BYTES
from services.ingest.problems import Problem
from shared.article import Picture
from shared.identity import Identity
from shared.languages.say import nb

PAGE = "/redaksjon/nettstedet/"
_TOO_LARGE = nb("Bildene er for store. De kan til sammen være på høyst 25\u00a0MB.")
_MEANWHILE = nb(
    "Noen andre har endret nettstedet mens du skrev. Det du skrev, står her fortsatt. Se over det, "
    "og lagre på nytt for å bruke ditt."
)


@dataclass(frozen=True)
class _Sent:
    """What stands in the form."""

    fields: Mapping[str, str]
    seen: int
    """The version that it takes the place of."""
    removed: Collection[str] = ()
    """The places of pictures that are to be taken away."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by field."""


class SitePages:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._identities = Identities(parts.redis)

    async def page(self, request: Request) -> Response:
        """The form, and what it sends: texts and pictures together, so that no button of it loses
        what was typed for another."""
        if request.method == "POST":
            # Read first: what is typed beside a picture is shown again, whatever is in the way.
            got = await sent(request, MAX_BYTES)
            visit = await self._door.staff(request, "admin")
            await self._door.check(request, got.token)
            return await self._changed(visit, got)
        visit = await self._door.staff(request, "admin")
        stored = await self._identities.now()
        fields = site_form.to_fields(stored.identity)
        return self._form(visit, stored.identity, _Sent(fields, stored.version))

    async def _changed(self, visit: StaffVisit, got: SentForm) -> Response:
        self._refuse_with_file()
        fields = site_form.typed(lambda name: got.text(name).strip())
        removed = {place for name, place in got.pairs if name == "fjern"} & set(PICTURES)
        seen = int(got.text("sett")) if got.text("sett").isdecimal() else -1
        chosen, errors = await self._chosen(visit, got)
        stored = await self._identities.now()
        pictures = dict.fromkeys(removed) | chosen
        made = site_form.to_identity(fields, stored.identity.model_copy(update=pictures))
        if not isinstance(made, Identity):
            errors |= made
        elif not errors:
            if await self._identities.put(made, visit.who.name, "newsroom", seen):
                return to(f"{PAGE}?lagret=ja")
            stored = await self._put(visit, chosen)
            again = _Sent(fields, stored.version, removed, {"name": _MEANWHILE})
            return self._form(visit, stored.identity, again, 409)
        # A browser forgets the files that were chosen: those that are fine are put in their places.
        is_newest = stored.version == seen
        stored = await self._put(visit, chosen)
        again = _Sent(fields, stored.version if is_newest else seen, removed, errors)
        return self._form(visit, stored.identity, again, 422)

    async def _chosen(
        self, visit: StaffVisit, got: SentForm
    ) -> tuple[dict[str, Picture | None], dict[str, str]]:
        """The pictures that were chosen, and what is wrong with those that cannot be; by place."""
        pictures: dict[str, Picture | None] = {}
        errors = {}
        for place in sorted(got.files.keys() & set(PICTURES)):
            file = got.files[place]
            if file.is_too_large:
                errors[place] = _TOO_LARGE
                continue
            try:
                made = await self._parts.save_picture(visit.who, file.name, file.content)
                pictures[place] = made
            except Problem as problem:
                if problem.status != 422:
                    raise
                message = problem.errors[0].message if problem.errors else problem.detail
                errors[place] = f"{message}."
        return pictures, errors

    async def _put(self, visit: StaffVisit, pictures: dict[str, Picture | None]) -> StoredIdentity:
        """Put the pictures in their places, whatever else is said; gives what is said now."""
        while True:
            stored = await self._identities.now()
            after = stored.identity.model_copy(update=pictures)
            if after == stored.identity:
                return stored
            await self._identities.put(after, visit.who.name, "newsroom", stored.version)

    def _refuse_with_file(self) -> None:
        if there(self._parts.settings.theme):
            raise Problem(
                409,
                "site-file",
                "Nettstedet er bestemt av en fil",
                "Det som står her, kommer fra site.yaml hos den som drifter Varsel, og endres der.",
            )

    def _form(
        self, visit: StaffVisit, identity: Identity, form: _Sent, status: int = 200
    ) -> Response:
        return self._look.page(
            visit,
            "admin/site.html",
            status,
            errors=form.errors,
            fields=form.fields,
            identity=identity,
            seen=form.seen,
            removed=form.removed,
            by_file=there(self._parts.settings.theme),
            default_name=self._parts.settings.site_name,
            saved=visit.request.query_params.get("lagret") == "ja",
        )
