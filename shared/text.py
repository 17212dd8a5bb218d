"""Text that people write, checked before it goes anywhere.

One-line text ends up in mail headers, feeds and terminals, so characters that could end a line or
turn the direction of what follows are refused (header injection, RFC 5322 section 2.2; "Trojan
Source", Unicode TR 36). Nothing is mended silently except Unicode form (NFC) and outer spaces.
"""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

# Bidirectional controls and marks, and line ends that are not line feed.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = frozenset("\u0085\u2028\u2029")


def _offence(char: str) -> str | None:
    if char in _TURNING:
        return "et usynlig tegn som snur skriveretningen"
    if char in _LINE_ENDS or unicodedata.category(char) == "Cc":
        return "et kontrolltegn eller linjeskift"
    if unicodedata.category(char) == "Cs":
        return "et halvt tegn (surrogat)"
    return None


def _refuse(text: str, allowed: str) -> str:
    for position, char in enumerate(text):
        if char not in allowed and (offence := _offence(char)):
            raise ValueError(
                f"tegn nummer {position + 1} er {offence} (U+{ord(char):04X}); fjern det"
            )
    return text


def one_line(text: str) -> str:
    """`text` in NFC without outer spaces; ValueError where it is empty or more than a line."""
    text = unicodedata.normalize("NFC", _refuse(text, "")).strip()
    if not text:
        raise ValueError("feltet er tomt")
    return text


def many_lines(text: str) -> str:
    """`text` in NFC with line feeds only; ValueError where it is empty or has controls."""
    text = text.replace("\r\n", "\n")
    text = unicodedata.normalize("NFC", _refuse(text, "\n\t"))
    if not text.strip():
        raise ValueError("feltet er tomt")
    return text


Line = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)]
"""One line, at most 300 characters."""
