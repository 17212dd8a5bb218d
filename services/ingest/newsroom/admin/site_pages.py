"""«Nettstedet»: what the association says of itself on every page of the site."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.identity.site_file import PICTURES, there
from services.ingest.identity.store import Identities, StoredIdentity
from services.ingest.newsroom.admin import site_form
from services.ingest.newsroom.desk.sent import sent
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.pictures.picture import MAX_BYTES
from services.ingest.problems import Problem
from shared.identity import Identity
from shared.languages.say import nb

PAGE = "/redaksjon/nettstedet/"
_LARGEST_UPLOAD_BYTES = MAX_BYTES + 64 * 1024
_MEANWHILE = nb(
    "Noen andre har endret nettstedet mens du skrev. Det du skrev, står her fortsatt. Se over det, "
    "og lagre på nytt for å bruke ditt."
)


class SitePages:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._identities = Identities(parts.redis)

    async def page(self, request: Request) -> Response:
        """The form, and what it sends."""
        visit = await self._door.staff(request, "admin")
        stored = await self._identities.now()
        if request.method != "POST":
            return self._form(visit, stored, site_form.to_fields(stored.identity))
        form = await self._door.form(request)
        self._refuse_with_file()
        fields = site_form.typed(form.text)
        made = site_form.to_identity(fields, stored.identity)
        if not isinstance(made, Identity):
            return self._form(visit, stored, fields, made)
        seen = int(form.text("sett")) if form.text("sett").isdecimal() else -1
        if not await self._identities.put(made, visit.who.name, "newsroom", seen):
            return self._form(visit, stored, fields, {"name": _MEANWHILE}, status=409)
        return to(f"{PAGE}?lagret=ja")

    async def picture(self, request: Request) -> Response:
        """A picture is put in its place, or taken away if no file was sent."""
        visit = await self._door.staff(request, "admin")
        got = await sent(request, _LARGEST_UPLOAD_BYTES)
        await self._door.check(request, got.token)
        self._refuse_with_file()
        place = got.text("plass")
        if place not in PICTURES:
            raise HTTPException(400)
        made = None
        stored = await self._identities.now()
        if got.text("fjern") != "ja":
            try:
                made = await self._parts.save_picture(visit.who, got.file_name, got.file)
            except Problem as problem:
                if problem.status != 422:
                    raise
                fields = site_form.to_fields(stored.identity)
                message = problem.errors[0].message if problem.errors else problem.detail
                return self._form(visit, stored, fields, {place: f"{message}."})
        while True:
            stored = await self._identities.now()
            after = stored.identity.model_copy(update={place: made})
            if await self._identities.put(after, visit.who.name, "newsroom", stored.version):
                return to(f"{PAGE}?lagret=ja#{place}")

    def _refuse_with_file(self) -> None:
        if there(self._parts.settings.theme):
            raise Problem(
                409,
                "site-file",
                "Nettstedet er bestemt av en fil",
                "Det som står her, kommer fra site.yaml hos den som drifter Varsel, og endres der.",
            )

    def _form(
        self,
        visit: StaffVisit,
        stored: StoredIdentity,
        fields: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        status: int = 422,
    ) -> Response:
        return self._look.page(
            visit,
            "admin/site.html",
            status if errors else 200,
            errors=errors,
            fields=fields,
            identity=stored.identity,
            seen=stored.version,
            by_file=there(self._parts.settings.theme),
            default_name=self._parts.settings.site_name,
            saved=visit.request.query_params.get("lagret") == "ja",
        )
