"""What a form of these pages sends, and the request that a flow takes of it.

Each form has the entity tag of what its page showed, and a key of its own: sent twice, it acts
once.
"""

import re
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from services.ingest.lifecycle.preconditions import StepRequest
from services.ingest.newsroom.visit import StaffVisit
from services.ingest.people.person import Person
from shared.fields import Paragraph
from shared.languages.say import nb
from shared.visitors.cookies import new_id
from shared.visitors.forms import Form

ETAG = "utgave"
"""The hidden field with the tag of what was shown."""
ONCE = "nummer"
"""The hidden field with the form's own key."""
_TAG = re.compile(r'"\d{1,7}-[0-9a-f]{16}"', re.ASCII)
_ONCE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_Note: TypeAdapter[str] = TypeAdapter(Paragraph)
LONGEST_NOTE = 600
"""Characters; see `Paragraph`."""


@dataclass(frozen=True)
class StepForm:
    """What was sent to take a step."""

    etag: str
    """Of what the page showed; empty if the form had none that can be."""
    once: str
    """The form's own key; a new one if it had none that can be."""

    @classmethod
    def of(cls, form: Form) -> "StepForm":
        etag, once = form.text(ETAG), form.text(ONCE)
        return cls(
            etag if _TAG.fullmatch(etag) else "",
            once if _ONCE.fullmatch(once) else new_id(),
        )

    def request(self, visit: StaffVisit, who: Person, note: str = "") -> StepRequest:
        """The request for the step at the page's address. `note` is what was typed: with another,
        it is another request."""
        return StepRequest(
            person=who,
            target=f"POST {visit.request.url.path}",
            raw="\n".join((self.etag, note)).encode(),
            idempotency_key=self.once,
            if_match=self.etag or None,
        )


def note_of(typed: str) -> tuple[str, str]:
    """A note as it is kept, on one line, and what is wrong with it; one of the two is empty."""
    note = " ".join(typed.split())
    if not note:
        return "", nb("Skriv noen ord her.")
    if len(note) > LONGEST_NOTE:
        return "", f"Høyst {LONGEST_NOTE} tegn; nå er det {len(note)}."
    try:
        return _Note.validate_python(note), ""
    except ValidationError:
        return "", nb("Teksten har tegn som ikke kan brukes. Skriv den på nytt uten å lime inn.")
