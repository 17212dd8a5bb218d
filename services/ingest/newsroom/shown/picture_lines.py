"""The pictures of a body in words instead of Markdown, for whoever approves. Pure.

Bodies that differ are different afterwards, too: whatever else stands on a picture's line stays as
it was written, and so does a picture whose words could be taken for other words.
"""

import re

from shared.article import Lang
from shared.credit import split_credit
from shared.languages.say import nb, say

_PICTURE = re.compile(r'!\[([^\[\]|]*)\]\(([^\s()|"]+)(?: "([^"|]+)")?\)')
_PICTURE_WORD = nb("Bilde")
_CAPTION = nb("Bildetekst")
_FILE = nb("Fil")


def in_words(body: str, lang: Lang) -> str:
    """The body with each picture as `[Bilde: Et brev | Bildetekst: Brevet. | Foto: Kari | Fil:
    brev.jpg]`."""
    return "\n".join(_line(line, lang) for line in body.split("\n"))


def _line(line: str, lang: Lang) -> str:
    begins = f"[{say(_PICTURE_WORD, lang)}:"
    found = _PICTURE.fullmatch(line)
    if found is None:
        # What somebody typed that looks like such words is set apart from them.
        return f"\\{line}" if line.lstrip("\\").startswith(begins) else line
    alt, address, title = found.groups()
    caption, credit = _parted(title or "")
    said = f"{begins} {alt} | "
    if caption:
        said += f"{say(_CAPTION, lang)}: {caption}{'| ' if credit else ' | '}"
    return f"{said}{credit}{' | ' if credit else ''}{say(_FILE, lang)}: {address}]"


def _parted(title: str) -> tuple[str, str]:
    """Caption and credit with every space that was written, so that they are the title."""
    _, credit = split_credit(title)
    at = title.rindex(credit) if credit else len(title)
    return title[:at], title[at:]
