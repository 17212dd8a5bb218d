"""Who has made a picture, as it stands behind the caption in a picture's title: «Foto: Kari». Pure.

The same rules are in editor/src/credit.js, for the visual editor.
"""

import re

_KIND = (
    "[Ff]oto(?:graf)?|[Pp]hoto|[Ii]llustrasjon|[Ii]llustration|[Ii]llustratør|[Tt]egning|"
    "[Tt]eikning|[Gg]rafikk"
)
_KINDS = rf"(?:{_KIND})(?:(?:\s?[/,&]\s?|\s(?:og|and)\s)(?:{_KIND}))*"
_LABEL = re.compile(rf"(?<![\w/])(?=[A-Z])({_KINDS})\s?[:/]")
"""«Foto:», «Foto/», «Foto og grafikk:»; with a small letter it is a word of the caption."""
_BEGINS = re.compile(rf"(?:{_KINDS})\s?(?:[:/–-]|av\b|by\b)|©|\([Cc]\)")
_BARE = re.compile(rf"(?:{_KINDS})\s?[:/–-]\s*")


def split_credit(title: str) -> tuple[str, str]:
    """A picture's title as its caption and its credit («Foto: …»); either may be empty."""
    labels = list(_LABEL.finditer(title))
    if not labels:
        return title.strip(), ""
    at = labels[-1].start()
    return title[:at].strip(), title[at:].strip()


def credited(caption: str, credit: str) -> str:
    """A picture's title. «Foto:» stands before who has made it, unless a label does, or the caption
    says it already."""
    name = _name(credit)
    if not name or name == _name(split_credit(caption)[1]):
        return caption
    has_label = _BEGINS.match(credit)
    said = f"{credit[:1].upper()}{credit[1:]}" if has_label else f"Foto: {credit}"
    return f"{caption} {said}" if caption else said


def _name(credit: str) -> str:
    """Who it is, to be compared."""
    return _BARE.sub("", credit, count=1).strip(" .").casefold()
