"""The texts of a workbook (.xlsx): one table that any row of a sheet may point into (ECMA-376, part
1, 18.4.8). It is kept packed, some texts at a time, and those that were asked for last unpacked.
"""

import re
import zipfile
import zlib

from services.notify.register.reading.xml_parts import Oddities, parsed

TEXTS_A_BLOCK = 512
"""Texts of the table that are packed together."""
BLOCKS_AT_HAND = 16
"""Blocks that are kept unpacked."""
LONGEST_TEXT = 32_767
"""Letters of a cell (Excel's own limit); more are dropped."""
LONGEST_PLACE = 10
"""Digits of a place in the table of texts; no table has so many."""
_BETWEEN = "\0"
"""Between texts of a block: XML cannot hold it."""
_PLAIN = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<&\r]*)</t></si>')
_PLAIN_TAGS = 4
"""Of one text that is found so: two that begin, two that end."""
_DECLARED = b"<?xml"
_ENDED = b"</si>"
_LONGEST_PLAIN_BYTES = 1024 * 1024
"""Of one text that is found so: one that is longer is parsed, and cut."""


class Texts:
    """The table of texts."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._last: list[str] = []
        self._at_hand: dict[int, list[str]] = {}

    def add(self, text: str) -> None:
        """One more at the end."""
        self._last.append(text)
        if len(self._last) == TEXTS_A_BLOCK:
            self._blocks.append(zlib.compress(_BETWEEN.join(self._last).encode(), 6))
            self._last = []

    def get(self, place: str) -> str:
        """The text at this place, from 0; empty if there is none."""
        if not place.isdecimal() or len(place) > LONGEST_PLACE:
            return ""
        return self.at(int(place))

    def at(self, place: int) -> str:
        """The same, of a place that is a number."""
        block, nth = divmod(place, TEXTS_A_BLOCK)
        found = self._at_hand.get(block) or self._unpacked(block)
        return found[nth] if nth < len(found) else ""

    def _unpacked(self, block: int) -> list[str]:
        if block >= len(self._blocks):
            return self._last if block == len(self._blocks) else []
        if len(self._at_hand) == BLOCKS_AT_HAND:
            del self._at_hand[next(iter(self._at_hand))]
        found = zlib.decompress(self._blocks[block]).decode().split(_BETWEEN)
        self._at_hand[block] = found
        return found


def texts_of(packed: zipfile.ZipFile, part: str) -> Texts:
    """The table of texts in this part. DamagedBook if it is none."""
    return _plain_texts(packed, part) or parsed_texts(packed, part)


def _plain_texts(packed: zipfile.ZipFile, part: str) -> Texts | None:
    """The same of a table that is as plain as programs write it, found by an expression, which
    takes a fraction of the time: the parser only sees that it is sound, so that every `<` is a
    tag's. None if there is any other tag in it than the texts' and the table's own two."""
    texts, oddities, rest = Texts(), Oddities(), b""
    count, tags, others = 0, 0, 2
    for piece in parsed(packed, part, odd=oddities.note):
        text = rest + piece
        if not tags and text.startswith(_DECLARED):
            others = 3
        end = text.rfind(_ENDED) + len(_ENDED) if _ENDED in text else 0
        found = _PLAIN.findall(text, 0, end)
        tags += text.count(b"<", 0, end)
        count += len(found)
        rest = text[end:]
        is_plain = tags <= _PLAIN_TAGS * count + others and b"\0" not in piece
        if oddities.any or not is_plain or len(rest) > _LONGEST_PLAIN_BYTES:
            return None
        for one in found:
            texts.add(one.decode()[:LONGEST_TEXT])
    return texts if tags + rest.count(b"<") == _PLAIN_TAGS * count + others else None


def parsed_texts(packed: zipfile.ZipFile, part: str) -> Texts:
    """As `texts_of`, of any table."""
    texts = Texts()
    said: list[str] = []
    is_text = is_sound = is_begun = False
    size = 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal is_text, is_sound, is_begun, size
        if tag == "t":
            is_text = not is_sound
            return
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "si":
            if is_begun:
                texts.add("".join(said))
            said.clear()
            is_begun, is_sound, size = True, False, 0
        elif tag == "rPh":  # how it is pronounced: what follows is no text any more
            is_sound = True
        is_text = tag == "t" and not is_sound

    def letters(text: str) -> None:
        nonlocal size
        if is_text and size < LONGEST_TEXT:
            said.append(text[: LONGEST_TEXT - size])
            size += len(text)

    for _ in parsed(packed, part, start, letters):
        pass
    if is_begun:
        texts.add("".join(said))
    return texts
