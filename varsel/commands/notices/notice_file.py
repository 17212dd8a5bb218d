"""Pure: a notice to members as a file that somebody fills in, a text under each heading."""

import re
from dataclasses import dataclass

from shared.article import Lang
from shared.languages.say import LANGS, Nb, say

_HEADINGS: Nb[dict[str, str]] = {
    "what_happened": "Hva har skjedd?",
    "consequences": "Hva kan det bety for medlemmene?",
    "measures": "Hva har vi gjort, og hva gjør vi?",
    "advice": "Hva kan medlemmene gjøre?",
    "contact": "Hvem kan de spørre?",
}
_HELP: Nb[dict[str, str]] = {
    "what_happened": "Med vanlige ord: hva, når, og hvilke opplysninger.",
    "consequences": "Det som trolig kan skje, for eksempel at noen får vite at de er medlem.",
    "measures": "Det som stanset det, og det som skal hindre det neste gang.",
    "advice": "Kan stå tomt.",
    "contact": "Navn, telefon og e-post til en som svarer.",
}
TEXTS = tuple(_HEADINGS)
"""The names of a notice's texts."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class WrongFile(Exception):
    """The file is not as the template. `why` is for people."""

    why: str


def template(lang: Lang) -> str:
    """The file to fill in."""
    parts = [
        f"## {say(one, lang)}\n<!-- {say(_HELP[name], lang)} -->\n\n"
        for name, one in _HEADINGS.items()
    ]
    return "\n".join(parts)


def heading(lang: Lang, name: str) -> str:
    """The heading of the text of this name."""
    return say(_HEADINGS[name], lang)


def read(text: str) -> dict[str, str]:
    """The fields of a notice from a file that was filled in: `lang` and the texts that are not
    empty. WrongFile if it has another heading, one twice, or text before the first."""
    fields: dict[str, str] = {}
    lang: Lang | None = None
    before, *parts = re.split(r"^## +(.*)$", _COMMENT.sub("", text), flags=re.MULTILINE)
    if before.strip():
        raise WrongFile("Det står tekst før den første overskriften. Ta den bort.")
    for heading, said in zip(parts[::2], parts[1::2], strict=True):
        found = _named(heading.strip())
        if found is None:
            raise WrongFile(f"Overskriften «{heading.strip()}» er ikke en av malens.")
        of, name = found
        if lang not in (None, of):
            raise WrongFile("Overskriftene er på flere språk. Bruk malen på ett av dem.")
        if name in fields:
            raise WrongFile(f"Overskriften «{heading.strip()}» står to ganger.")
        lang = of
        fields[name] = said.strip()
    if lang is None:
        raise WrongFile("Filen har ingen av malens overskrifter. Lag en: varsel notice template")
    return {"lang": lang} | {name: said for name, said in fields.items() if said}


def _named(heading: str) -> tuple[Lang, str] | None:
    for lang in LANGS:
        for name, one in _HEADINGS.items():
            if say(one, lang).casefold() == heading.casefold():
                return lang, name
    return None


def members(text: str) -> list[int]:
    """The member numbers of a file, one on each line. WrongFile if a line is no number."""
    numbers = []
    for line, word in enumerate(text.split("\n"), 1):
        if not word.strip():
            continue
        if not word.strip().isdecimal():
            raise WrongFile(f"Linje {line} i filen med medlemsnumre er ikke et tall.")
        numbers.append(int(word))
    if not numbers:
        raise WrongFile("Filen med medlemsnumre er tom.")
    return numbers
