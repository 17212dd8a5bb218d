"""A text in another language than bokmål. What is bokmål in the code is its name in the catalogues.

Nothing is built: a catalogue is read as it lies here, once, when the first text is wanted in it.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast, get_args

from babel.messages.pofile import read_po

from shared.article import Lang

_T = TypeVar("_T")
Nb = Annotated[_T, "in bokmål"]
"""The type of a constant whose texts are in bokmål, in whatever they stand, for the catalogues:
`HINTS: Nb[dict[Code, str]] = {…}`. Whoever says them does so in the reader's language."""
LANGS: tuple[Lang, ...] = get_args(Lang)
NAMES: dict[Lang, str] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
"""What each language is called in itself."""


def nb(text: str) -> str:
    """Marks one text in bokmål where it is no constant. Gives it as it is."""
    return text


def lang_of(said: str | None, otherwise: Lang = "nb") -> Lang:
    """The language that somebody has named by its code; `otherwise` if it is none of ours."""
    return said if said in LANGS else otherwise


def say(text: str, lang: Lang) -> str:
    """A text in a language. In bokmål, which is never wrong, if the catalogue has none."""
    return catalogue(lang).get(text, text)


class Sayer:
    """Says the texts of templates in one language: `t("Hei, {name}", name=…)`."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def __call__(self, text: str, **values: object) -> str:
        said = say(text, self.lang)
        return said.format(**values) if values else said


def in_language(words: _T, lang: Lang) -> _T:
    """A table of words in a language: the same dataclass, mapping or tuple with each of its texts
    said in it. Keys are codes, and stay."""
    return words if lang == "nb" else cast("_T", _said(words, lang))


def _said(words: Any, lang: Lang) -> Any:
    match words:
        case str():
            return say(words, lang)
        case Mapping():
            return {code: _said(inner, lang) for code, inner in words.items()}
        case tuple():
            inner = [_said(one, lang) for one in words]
            return type(words)(*inner) if hasattr(words, "_fields") else tuple(inner)
    if is_dataclass(words) and not isinstance(words, type):
        values = {one.name: getattr(words, one.name) for one in fields(words)}
        return type(words)(**{name: _said(inner, lang) for name, inner in values.items()})
    return words


@cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """The texts of a language by what they are in bokmål, for which there is no catalogue."""
    if lang == "nb":
        return {}
    with path(lang).open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


def path(lang: Lang) -> Path:
    """Where the catalogue of a language is."""
    return Path(__file__).with_name(f"{lang}.po")
