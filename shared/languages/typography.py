"""Pure: whether a text of ours is well set. What editors write is theirs, and stays as it is.

In Norwegian: « » (Språkrådet, «Hermeteikn»), an en dash with spaces, a full stop in a time, and a
hard space wherever a line may not break: between a number and its unit or its thousands, and after
«kl.». In English: “ ” and ’, the same dash, a colon in a time.
"""

import re

from shared.article import Lang

_UNITS = {
    "nb": "sekunder|minutter|minutt|timer|time|døgn|dager|dag|uker|uke|måneder|år|tegn|siffer",
    "nn": "sekund|minutt|timar|time|døgn|dagar|dag|veker|veke|månader|år|teikn|siffer",
    "en": "seconds|minutes|minute|hours|hour|days|day|weeks|week|months|years|characters|digits",
}
_MEASURES = "mg|µg|g|kg|ml|l|MiB|MB|kB|GB|kr|px"
_ALWAYS = [
    r"\s-\s",  # a dash is –
    r"—",
    r"\.\.\.",  # … is one sign
    rf"\d (?:{_MEASURES})\b",
    r"\d %",
    r"\b116 ?117\b",
]
_IN: dict[Lang, list[str]] = {
    "nb": [
        r"[“”„]|\"(?!…\")(?<!…\")",
        r"\B'\w",
        r"\w'(?!\w)",
        r"\bkl\. ",
        r"\bkl\.\S?\d\d?:\d\d",
        r"\d \d{3}\b",
    ],
    "en": [r"[\"«»„]", r"'", r"\d\d?\.\d\d\b(?!\d)", r"\d,? \d{3}\b"],
}
_IN["nn"] = _IN["nb"]
_CHECKS = {
    lang: re.compile("|".join([*_ALWAYS, *_IN[lang], rf"\d (?:{_UNITS[lang]})\b"])) for lang in _IN
}


def wrongly_set(text: str, lang: Lang) -> list[str]:
    """What is not well set in a text of ours, as it stands there; none if all is."""
    return [found[0] for found in _CHECKS[lang].finditer(text)]
