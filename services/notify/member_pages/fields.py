"""Pure: what was typed into a form, read, or what is wrong with it, in calm words.

A wrong field is named, and what was typed comes back with the form: see `Typed`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from services.notify.members import addresses
from services.notify.members.member import MAX_NAME
from shared.article import Lang
from shared.languages.say import lang_of, nb
from shared.text import one_line
from shared.visitors.forms import Form

EMAIL, NAME, LANG, SCOPE, SUBJECT, CONSENT, WORDS, CODE = (
    *("epost", "navn", "maal", "hvilke", "emne", "samtykke", "ord", "kode"),
)
"""Fields' names in the pages."""
ALL, SOME = "alle", "noen"
"""The values of SCOPE."""
DIGITS = 6
"""Of a code that is typed."""
FormField = Literal["epost", "navn", "hvilke", "samtykke", "kode"]


@dataclass
class Typed:
    """What a form held: as it was typed, and, for each field that is wrong, a message."""

    email: str = field(default="", repr=False)
    """As `addresses.parse` gives it, if it is not among the errors."""
    name: str = field(default="", repr=False)
    lang: Lang = "nb"
    subjects: tuple[str, ...] | None = None
    """Ids of the subjects that were picked; none for all alerts."""
    has_agreed: bool = False
    errors: dict[FormField, str] = field(default_factory=dict)


def joining(form: Form, subjects: Collection[str], words: str) -> Typed:
    """The form by which people join; `subjects` are the ids that can be picked, `words` the short
    hash of what they agree to. Whoever saw other words, since the form stood open, sees these."""
    saw_others = form.text(WORDS) != words
    typed = Typed(lang=lang(form), has_agreed=bool(form.text(CONSENT)) and not saw_others)
    read_email(form, typed)
    read_name(form, typed)
    read_subjects(form, typed, subjects)
    if not typed.has_agreed:
        typed.errors["samtykke"] = (
            nb("Teksten er ny siden du åpnet siden. Les den, og kryss av på nytt.")
            if form.text(CONSENT)
            else nb("Kryss av for at du samtykker. Uten det kan vi ikke sende deg noe.")
        )
    return typed


def read_email(form: Form, typed: Typed) -> None:
    """Read the address into `typed`."""
    typed.email = form.text(EMAIL)
    if not typed.email:
        typed.errors["epost"] = nb("Skriv e-postadressen din.")
        return
    try:
        typed.email = addresses.parse(typed.email)
    except ValueError:
        local = typed.email.rpartition("@")[0]
        typed.errors["epost"] = (
            nb("Adressen ser ikke riktig ut. Skriv den slik: navn@domene.no.")
            if local.isascii()
            else nb("Adresser med æ, ø, å eller andre særtegn foran @ støttes ikke. Bruk en annen.")
        )


def read_name(form: Form, typed: Typed) -> None:
    """Read the name into `typed`; it may be empty."""
    typed.name = form.text(NAME)
    if not typed.name:
        return
    try:
        typed.name = one_line(typed.name)
    except ValueError:
        typed.errors["navn"] = nb("Navnet har tegn som ikke kan stå der. Skriv det på nytt.")
    if len(typed.name) > MAX_NAME:
        typed.errors["navn"] = nb("Navnet er for langt. Kort det ned.")


def read_subjects(form: Form, typed: Typed, subjects: Collection[str]) -> None:
    """Read the choice into `typed`. Ids that cannot be picked, or no longer, are passed over."""
    if form.text(SCOPE) != SOME:
        typed.subjects = None
        return
    picked = form.every(SUBJECT)
    typed.subjects = tuple(one for one in subjects if one in picked)
    if not typed.subjects:
        typed.errors["hvilke"] = nb("Velg minst ett emne, eller velg alle varsler.")


def lang(form: Form) -> Lang:
    """The language that was picked; bokmål if none was."""
    return lang_of(form.text(LANG))


def code(form: Form) -> str:
    """The digits of the code that was typed, however they are parted; empty if it is none."""
    typed = re.sub(r"[\s-]", "", form.text(CODE))
    return typed if len(typed) == DIGITS and typed.isascii() and typed.isdigit() else ""
