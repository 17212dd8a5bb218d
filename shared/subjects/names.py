"""Names of medicines and illnesses as they are compared. Pure."""

import re
import unicodedata

_BETWEEN = re.compile(r"\s*(?:[/+,;&]|\b(?:og|and|med|with)\b)\s*", re.IGNORECASE)
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ł": "l"})


def folded(name: str) -> str:
    """`name` without case, accents, spaces and marks (®, hyphens), in compatible characters (NFKC).
    Empty if nothing is left."""
    # First of all the marks: NFKC makes letters of ™.
    kept = "".join(char for char in name if unicodedata.category(char)[0] in "LMN")
    plain = unicodedata.normalize("NFKC", kept).casefold().translate(_LETTERS)
    parts = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(char for char in parts if unicodedata.category(char)[0] in "LN")


def components(substance: str) -> list[str]:
    """The substances of a combination, as `amlodipin/valsartan` is one, folded; only the substance
    itself if it is none."""
    return [name for name in map(folded, _BETWEEN.split(substance)) if name]
