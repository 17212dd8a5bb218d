"""A page's form that could not be taken: all that was typed into it is shown again.

One place for whatever was in the way: a store that is away, a session that is over, a page that
stood open for too long, a refusal, a fault. What was typed stands in fields with the names that
they had, so that it can be read, copied and mended, and sent again if that can help.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.ingest.desk.shape import CHECK, at
from services.ingest.newsroom.desk import words
from services.ingest.newsroom.desk.sent import sent
from services.ingest.newsroom.visit import StaffDoor
from shared.languages.say import Nb
from shared.visitors.forms import FIELD
from shared.visitors.kept_body import again

_KINDS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SUBJECT: Nb[dict[str, str]] = {
    "name": "Navn",
    "name_nn": "Navn på nynorsk",
    "name_en": "Navn på engelsk",
    "id": "Adresse",
    "substance": "Virkestoff",
    "brands": "Handelsnavn",
    "atc": "ATC-koder",
    "classes": "Grupper",
    "conditions": "Sykdommer",
}
_WRITING: Nb[dict[str, str]] = {
    "alt": "Hva viser det?",
    "bildetekst": "Bildetekst",
    "foto": "Hvem har tatt det?",
}
LABELS: Nb[dict[str, dict[str, str]]] = {
    "avvis": {"hvorfor": "Hva må gjøres?"},
    "bilder": _WRITING,
    "emner": _SUBJECT,
    "fag": {"merknad": "Merknad", "navn": "Navnet ditt"},
    "inviter": {"navn": "Navn"},
    "nettstedet": {
        "name": "Foreningens navn",
        "postal_address": "Postadresse",
        "telephone": "Telefon",
        "email": "E-postadresse",
        "organisation_number": "Organisasjonsnummer",
        "accent": "Hovedfarge",
        "accent_2": "Farge på «Bli medlem»",
        "menu": "Menyen øverst",
        "footer": "Lenker nederst",
        "join": "Hvor «Bli medlem» fører",
        "appeal_title": "Overskrift på oppfordringen",
        "appeal": "Oppfordring",
    },
    "ny": {"given": "Varselet fra myndigheten"},
    "nytt": _SUBJECT,
    "rett": {"hva": "Hva er rettet?"},
    "skriv": _WRITING,
    "stopp": {"hvorfor": "Hvorfor? (valgfritt)"},
    "trekk": {"hvorfor": "Hvorfor trekkes det?"},
}
"""What the fields that people type in are called, by the last word of their page's address and
their name. Those of the form that articles are written in are in desk/words.py."""
_OF_AN_ARTICLE = ("skriv", "bilder")
"""Pages that only save a draft: sending them does no harm, whoever does it."""


@dataclass(frozen=True)
class KeptField:
    name: str
    value: str
    label: str
    """What it is called; empty if nobody typed in it."""

    @property
    def is_long(self) -> bool:
        return len(self.value) > 60 or "\n" in self.value


@dataclass(frozen=True)
class KeptForm:
    action: str
    fields: tuple[KeptField, ...]
    token: str
    """Of the form that was sent; empty if it needs a new one."""
    may_send: bool
    """Whether it can be sent again from here. If not, it can be read and copied."""

    @property
    def has_text(self) -> bool:
        """Whether somebody has typed something."""
        return any(one.label and one.value.strip() for one in self.fields)


def is_form(request: Request) -> bool:
    """Whether a page's form was sent, and no script sent it."""
    kind = request.headers.get("content-type", "")
    mode = request.headers.get("sec-fetch-mode", "navigate")
    is_sent = request.method not in ("GET", "HEAD")
    return is_sent and mode == "navigate" and (not kind or kind.startswith(_KINDS))


class KeptForms:
    def __init__(self, door: StaffDoor) -> None:
        self._door = door

    async def of(self, request: Request) -> KeptForm | None:
        """The form that was sent, to be sent again as it is, with its token. None if none was, or
        if another site sent it: it would have us show a form of its own."""
        pairs = await self._pairs(request)
        if pairs is None:
            return None
        token = next((value for name, value in pairs if name == FIELD), "")
        return KeptForm(request.url.path, _fields(request, pairs), token, may_send=True)

    async def to_copy(self, request: Request) -> KeptForm | None:
        """The same, of which sending it once more is no help; None also if nothing was typed."""
        kept = await self.of(request)
        if kept is None or not kept.has_text:
            return None
        return KeptForm(kept.action, kept.fields, "", may_send=False)

    async def of_another(self, request: Request) -> KeptForm | None:
        """The same, of which the token is not for whoever is logged in here. With a new one they
        may save a draft; anything else has to be seen anew first."""
        kept = await self.to_copy(request)
        if kept and _page(request) in _OF_AN_ARTICLE and self._is_surely_ours(request):
            return KeptForm(kept.action, kept.fields, "", may_send=True)
        return kept

    async def _pairs(self, request: Request) -> tuple[tuple[str, str], ...] | None:
        if not is_form(request) or not self._door.forms.is_own_site(request):
            return None
        beside_file: tuple[tuple[str, str], ...] | None = getattr(request.state, "typed", None)
        if beside_file is not None:
            return beside_file
        try:
            return (await sent(await again(request))).pairs or None
        except HTTPException:  # too large, or no form
            return None

    def _is_surely_ours(self, request: Request) -> bool:
        """As `Forms.is_own_site`, of a browser that says nothing of where it is: not of one that
        hides it."""
        told = request.headers.get("sec-fetch-site") is not None
        return told or request.headers.get("origin") != "null"


def _fields(request: Request, pairs: Iterable[tuple[str, str]]) -> tuple[KeptField, ...]:
    page = _page(request)
    return tuple(
        KeptField(name, value, label_of(page, name)) for name, value in pairs if name != FIELD
    )


def _page(request: Request) -> str:
    """The last word of the address that is no id."""
    ids = set(request.path_params.values())
    parts = [part for part in request.url.path.split("/") if part and part not in ids]
    return parts[-1] if parts else ""


def label_of(page: str, name: str) -> str:
    """What the field of this name on this page is called; empty if nobody types in it."""
    shape = at(name) if page in _OF_AN_ARTICLE else None
    if isinstance(shape, str) and shape != CHECK and name != "kind":
        return words.named(name) if words.of(name).input != "choice" else ""
    return LABELS.get(page, {}).get(name, "")
