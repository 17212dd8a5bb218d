"""What an authority's warning says that can be taken over as it stands: addresses, and medicines
that are known here. Pure.

Nothing is guessed. What stands in the text word for word is proposed, and somebody accepts it.
"""

import re
import unicodedata
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from services.ingest.desk.shape import CODES, NAMES, Fields, in_shape, is_blank, joined, listed

_LONGEST_READ = 200_000
"""Characters. A warning has a few thousand."""
_MOST_LINKS = 8
"""Links that are taken from a pasted warning."""
_LINK = re.compile(r"https?://[^\s<>()\[\]\"«»]+", re.IGNORECASE)
_TOKEN = re.compile(r"\w+|[^\w\s]")
_AFTER_LINK = ".,;:!?'*_"


@dataclass(frozen=True)
class KnownMedicine:
    """A medicine among the subjects, or in an earlier alert."""

    substance: str
    brands: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedMedicine:
    """A known medicine, and what of it stands in a text."""

    key: str
    """The known one's substance."""
    substance: str
    """Empty if it is not named."""
    brands: tuple[str, ...]
    atc: tuple[str, ...]

    @property
    def said(self) -> str:
        """All of it, for people."""
        return ", ".join(one for one in (*self.brands, self.substance, *self.atc) if one)


def links(text: str) -> tuple[str, ...]:
    """The web addresses in a text, in its order."""
    found = (one.rstrip(_AFTER_LINK) for one in _LINK.findall(text[:_LONGEST_READ]))
    return tuple(dict.fromkeys(found))[:_MOST_LINKS]


def named_medicines(text: str, known: Iterable[KnownMedicine]) -> tuple[NamedMedicine, ...]:
    """The known medicines that a text names by a whole word: by substance, brand or code. Of two
    names at one place, the longer counts: «Exempla Rapid» is no «Exempla»."""
    medicines = list(known)
    names = {
        _tokens(name) for one in medicines for name in (one.substance, *one.brands, *one.atc)
    } - {()}
    said = _said(_tokens(text[:_LONGEST_READ]), names)
    found = (
        NamedMedicine(
            one.substance,
            one.substance if _tokens(one.substance) in said else "",
            tuple(name for name in one.brands if _tokens(name) in said),
            tuple(code for code in one.atc if _tokens(code) in said),
        )
        for one in medicines
    )
    return tuple(one for one in found if one.said)


def _said(words: tuple[str, ...], names: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Those of these names that stand among the words, the longest at each place."""
    lengths = sorted({len(name) for name in names}, reverse=True)
    said, at = set(), 0
    while at < len(words):
        here = (words[at : at + length] for length in lengths)
        name = next((one for one in here if one in names), None)
        if name:
            said.add(name)
        at += len(name) if name else 1
    return said


def is_taken(fields: Fields, medicine: NamedMedicine) -> bool:
    """Whether one of the form's medicines has all of it already."""
    return any(_merged(row, medicine) == row for row in in_shape(fields)["alert"]["medicines"])


def with_medicine(fields: Fields, medicine: NamedMedicine) -> Fields:
    """The fields with what stands of this medicine: in the row of the same substance or brand, else
    in the first row in which nothing is, else in a new one."""
    fields = deepcopy(in_shape(fields))
    rows = fields["alert"]["medicines"]
    same = (at for at, row in enumerate(rows) if _is_of(row, medicine))
    blank = (at for at, row in enumerate(rows) if is_blank(row))
    place = next(same, next(blank, len(rows)))
    if place == len(rows):
        rows.append(dict.fromkeys(_ROW, ""))
    rows[place] = _merged(rows[place], medicine)
    return fields


def with_source(fields: Fields, link: str) -> Fields:
    """The fields with this address: in the first source that has none, else in a new one."""
    fields = deepcopy(in_shape(fields))
    for row in fields["sources"]:
        if is_blank(row["url"]):
            row["url"] = link
            return fields
    fields["sources"].append({"publisher": "", "url": link, "published_on": ""})
    return fields


def is_source(fields: Fields, link: str) -> bool:
    """Whether the address is one of the form's sources already."""
    return any(row["url"].strip() == link for row in in_shape(fields)["sources"])


_ROW = tuple(in_shape({"alert": {"medicines": [{}]}})["alert"]["medicines"][0])


def _is_of(row: dict[str, Any], medicine: NamedMedicine) -> bool:
    brands = {_folded(one) for _, one in listed(row["brands"], NAMES)}
    is_same = _folded(row["substance"]) == _folded(medicine.key)
    return is_same or any(_folded(one) in brands for one in medicine.brands)


def _merged(row: dict[str, Any], medicine: NamedMedicine) -> dict[str, Any]:
    brands = [one for _, one in listed(row["brands"], NAMES)]
    codes = [one for _, one in listed(row["atc"], CODES)]
    known = {_folded(one) for one in brands}
    new = [one for one in medicine.brands if _folded(one) not in known]
    new_codes = [one for one in medicine.atc if not any(code.startswith(one) for code in codes)]
    made = dict(row)
    if new:
        made["brands"] = joined([*brands, *new], NAMES)
    if new_codes:
        made["atc"] = "\n".join([*codes, *new_codes])
    if medicine.substance and not row["substance"].strip():
        made["substance"] = medicine.substance
    return made


def _tokens(text: str) -> tuple[str, ...]:
    """Its words, and the signs between them."""
    return tuple(_TOKEN.findall(_folded(text)))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
