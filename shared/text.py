"""Text that people write, checked before it goes anywhere.

One-line text ends up in mail headers, feeds and terminals, so characters that could end a line or
turn the direction of what follows are refused (header injection, RFC 5322 section 2.2; "Trojan
Source", Unicode TR 36). Nothing is mended silently except Unicode form (NFC) and outer spaces.
"""

import re
import unicodedata
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_LINE_ENDS = "\u0085\u2028\u2029"
_CONTROLS = "\x00-\x1f\x7f-\x9f"
_CONTROLS_IN_A_TEXT = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""All but tab and line feed. Named here, since to look at each letter twice takes long."""
_SURROGATES = "\ud800-\udfff"
_INVISIBLE = "\u115f\u1160\u200b\u2060-\u2065\u2800\u3164\ufeff\uffa0\U000e0000-\U000e007f"
_NO_CHARACTERS = "\ufffe\uffff"  # XML 1.0 section 2.2: a feed could not hold them
_NOWHERE = f"{_CONTROLS}{_LINE_ENDS}{_TURNING}{_SURROGATES}{_NO_CHARACTERS}"
_NOT_IN_A_LINE = re.compile(f"[{_NOWHERE}{_INVISIBLE}]")
_NOT_IN_A_TEXT = re.compile(f"[{_NOWHERE.replace(_CONTROLS, _CONTROLS_IN_A_TEXT)}]")
_MARKS_IN_A_ROW = 30
"""As the stream-safe text format has it (Unicode, UAX 15, section 13). No language needs ten."""
_FOREIGN = re.compile(f"[\u0300-\U0001ffff]{{{_MARKS_IN_A_ROW + 1}}}")
"""What may be a row of accents; found in a hundredth of the time that looking for one takes."""
_VISIBLE = re.compile(r"[^\s\u00ad\u200c\u200d]")
_WHAT = {
    "et usynlig tegn som snur skriveretningen": re.compile(f"[{_TURNING}]"),
    "et halvt tegn (surrogat)": re.compile(f"[{_SURROGATES}]"),
    "usynlig": re.compile(f"[{_INVISIBLE}]"),
    "ikke et tegn i Unicode": re.compile(f"[{_NO_CHARACTERS}]"),
    "et kontrolltegn eller linjeskift": re.compile(""),
}


def _refuse(text: str, bad: re.Pattern[str]) -> str:
    if found := bad.search(text):
        char = found[0]
        what = next(name for name, pattern in _WHAT.items() if pattern.match(char))
        raise ValueError(
            f"tegn nummer {found.start() + 1} er {what} (U+{ord(char):04X}); fjern det"
        )
    return text


def _is_mark(char: str) -> bool:
    """Whether it belongs to what stands before it. U+0F73 is no mark by its own class, but is made
    of two."""
    return unicodedata.combining(unicodedata.normalize("NFD", char)[0]) > 0


@cache
def _too_many_marks() -> re.Pattern[str]:
    marks = "".join(filter(_is_mark, map(chr, range(0x300, 0x20000))))
    return re.compile(f"[{marks}]{{{_MARKS_IN_A_ROW + 1}}}")


def nfc(value: object) -> object:
    """Text in Unicode's composed form. Before lengths are checked, since it may grow by this.

    ValueError for accents that nobody writes: putting a row of them in order takes a time that
    grows with its square, a minute for 1 MiB.
    """
    if not isinstance(value, str) or value.isascii():
        return value
    # Of so many in a row one stands at a place that is looked at.
    is_suspect = max(value[:: _MARKS_IN_A_ROW + 1]) >= "\u0300" and _FOREIGN.search(value)
    if is_suspect and (found := _too_many_marks().search(value)):
        raise ValueError(
            f"tegn nummer {found.start() + 1} er det første av over {_MARKS_IN_A_ROW} aksenter på "
            "samme bokstav; fjern dem"
        )
    return unicodedata.normalize("NFC", value)


def one_line(text: str) -> str:
    """`text` in NFC without outer spaces; ValueError if it is empty or more than a line."""
    text = str(nfc(_refuse(text, _NOT_IN_A_LINE))).strip()
    if not _VISIBLE.search(text):
        raise ValueError("feltet er tomt")
    return text


def many_lines(text: str) -> str:
    """`text` in NFC with line feeds only; ValueError if it is empty or has controls."""
    text = text.replace("\r\n", "\n")
    text = str(nfc(_refuse(text, _NOT_IN_A_TEXT)))
    if not _VISIBLE.search(text):
        raise ValueError("feltet er tomt")
    return text


Line = Annotated[
    str, BeforeValidator(nfc), Field(min_length=1, max_length=300), AfterValidator(one_line)
]
"""One line, at most 300 characters."""
