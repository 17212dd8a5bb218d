"""The pages of subjects, which members choose alerts by."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.admin import subject_form
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import Problem
from services.ingest.subjects.store import Subjects
from shared.languages.say import nb
from shared.subject import Subject


class SubjectPages:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._door = door
        self._look = look
        self._subjects = Subjects(parts.redis)

    async def all(self, request: Request) -> Response:
        """All subjects."""
        visit = await self._door.staff(request)
        return self._look.page(visit, "admin/subjects.html", subjects=await self._subjects.all())

    async def new(self, request: Request) -> Response:
        """The form of a new subject, and what it sends."""
        visit = await self._door.staff(request, "admin")
        if request.method != "POST":
            return self._form(visit, None, subject_form.to_fields(None))
        form = await self._door.form(request)
        fields = subject_form.typed(form.text)
        made = subject_form.to_subject(fields)
        if isinstance(made, Subject) and await self._found(made.id):
            made = {"id": nb("Det er alt et emne med denne adressen. Skriv en annen.")}
        if not isinstance(made, Subject):
            return self._form(visit, None, fields, made)
        await self._subjects.put(made, visit.who.name)
        return to("/redaksjon/emner/")

    async def change(self, request: Request) -> Response:
        """The form of a subject that is there, and what it sends."""
        visit = await self._door.staff(request, "admin")
        subject = await self._found(request.path_params["id"])
        if request.method != "POST":
            if subject is None:
                raise HTTPException(404)
            return self._form(visit, subject, subject_form.to_fields(subject))
        form = await self._door.form(request)
        fields = subject_form.typed(form.text) | {"id": request.path_params["id"]}
        if form.text("sett") != subject_form.seen(subject):
            errors = {
                "name": nb(
                    "Noen andre har endret dette emnet mens du skrev. Det du skrev, står her "
                    "fortsatt. Se over det, og lagre på nytt for å bruke ditt."
                )
            }
            return self._form(visit, subject, fields, errors, status=409)
        made = subject_form.to_subject(fields)
        if not isinstance(made, Subject):
            return self._form(visit, subject, fields, made)
        await self._subjects.put(made, visit.who.name)
        return to("/redaksjon/emner/")

    async def remove(self, request: Request) -> Response:
        """Remove a subject."""
        visit = await self._door.staff(request, "admin")
        form = await self._door.form(request)
        if form.text("sikker") != "ja":
            raise Problem(
                422,
                "not-sure",
                nb("Er du sikker?"),
                nb(
                    "Kryss av for at emnet skal fjernes, og trykk en gang til. Ingenting er endret."
                ),
            )
        await self._subjects.remove(request.path_params["id"], visit.who.name)
        return to("/redaksjon/emner/")

    async def _found(self, id_: str) -> Subject | None:
        subjects = await self._subjects.all()
        return next((subject for subject in subjects if subject.id == id_), None)

    def _form(
        self,
        visit: StaffVisit,
        subject: Subject | None,
        fields: Mapping[str, str],
        errors: Mapping[str, str] | None = None,
        status: int = 422,
    ) -> Response:
        is_new = not visit.request.path_params
        return self._look.page(
            visit,
            "admin/subject.html",
            status if errors else 200,
            errors=errors,
            fields=fields,
            seen=subject_form.seen(subject),
            is_new=is_new,
        )
