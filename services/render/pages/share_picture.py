"""The picture that is shown where an article is shared: its title, who says it, and if it is an
alert, how severe it is. Drawn, so that none has to be found for it. Pure."""

import hashlib
import io
import textwrap
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Self

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from services.render.articles.changes import is_withdrawn, newest_change
from services.render.look.templates import Site
from services.render.text.labels import labels
from shared.revision import Revision

SIZE = (1200, 630)
"""Pixels: what Open Graph's readers cut to."""
ICON = 512
"""Pixels: what manifests are asked for."""
_VERSION = 1
"""Grows if the picture is drawn in another way, so that all are drawn anew."""
_PAPER, _INK, _SOFT = "#fdfcfa", "#1d2327", "#545d63"
_COLOURS = {"extreme": "#a3191f", "severe": "#a3191f", "moderate": "#8a4b00", "minor": "#8a4b00"}
_NEWS = "#0b5670"
_EDGE = 80
"""Pixels that stay free around what is written."""
_SIZES = (84, 74, 66, 58, 50, 44, 38)
"""Of the title's letters, in pixels: the largest that lets it fit."""
_TITLE_HEIGHT = 330
"""Pixels."""
_MARK = "varsel-drawn"
_LETTERS = Path(__file__).parent / "letters"


@dataclass(frozen=True)
class SharePicture:
    """All that is drawn."""

    title: str
    above: str
    """What stands over the title; empty for news without a kicker."""
    site: str
    colour: str

    @classmethod
    def of(cls, site: Site, revision: Revision) -> Self:
        article, words = revision.article, labels(revision.article.lang)
        past = newest_change(revision)
        change = words.changes[past.change.kind].upper() if past and past.change else ""
        if article.alert is None:
            colour = site.identity.accent or _NEWS
            return cls(article.title, change or article.kicker or "", site.name, colour)
        severity = words.severity[article.alert.severity]
        above = ": ".join(filter(None, (change, f"{words.alert}, {severity}")))
        colour = _SOFT if is_withdrawn(revision) else _COLOURS[article.alert.severity]
        return cls(article.title, above, site.name, colour)

    @property
    def mark(self) -> bytes:
        """Stands in the file that is drawn of this, and in no other."""
        return hashlib.sha256(repr((_VERSION, astuple(self))).encode()).hexdigest().encode()


def share_picture_path(revision: Revision) -> str:
    return f"{revision.path}del.png"


def draw(picture: SharePicture) -> bytes:
    """The picture as PNG."""
    image = Image.new("RGB", SIZE, _PAPER)
    pen = ImageDraw.Draw(image)
    width, height = SIZE
    pen.rectangle((0, 0, 24, height), fill=picture.colour)
    top = 70
    if picture.above:
        pen.text((_EDGE, top), _one_line(picture.above, 34), picture.colour, _font(34))
    font, text = _fitting(picture.title)
    pen.multiline_text((_EDGE, top + 62), text, _INK, font, spacing=font.size * 0.2)
    pen.line((_EDGE, height - 118, width - _EDGE, height - 118), fill=picture.colour, width=4)
    pen.text((_EDGE, height - 88), _one_line(picture.site, 34), _SOFT, _font(34))
    about = PngInfo()
    about.add_text(_MARK, picture.mark.decode())
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=about, compress_level=3)
    return out.getvalue()


def draw_icon(letter: str, colour: str) -> bytes:
    """A square of `ICON` pixels with a letter in it, as PNG: for a phone's home screen, which may
    cut off its corners."""
    image = Image.new("RGB", (ICON, ICON), colour)
    middle = (ICON // 2, ICON // 2)
    ImageDraw.Draw(image).text(middle, letter, "#ffffff", _bold(280), anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _font(size: int, name: str = "DejaVuSans") -> ImageFont.FreeTypeFont:
    """Letters of our own: those that come with Pillow have no æ, ø and å, and an image of a
    container has none at all."""
    return ImageFont.truetype(_LETTERS / f"{name}.ttf", size)


def _bold(size: int) -> ImageFont.FreeTypeFont:
    return _font(size, "DejaVuSans-Bold")


def _room() -> int:
    return SIZE[0] - 2 * _EDGE


def _one_line(text: str, size: int) -> str:
    font = _font(size)
    if font.getlength(text) <= _room():
        return text
    while text and font.getlength(f"{text} …") > _room():
        text = text[:-1]
    return f"{text.rstrip()} …"


def _fitting(title: str) -> tuple[ImageFont.FreeTypeFont, str]:
    """The largest letters in which the title fits, and its lines; in the smallest it is cut."""
    for size in _SIZES:
        font = _bold(size)
        lines = _lines(title, font)
        most = int(_TITLE_HEIGHT // (size * 1.3))
        if len(lines) <= most:
            break
    else:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    return font, "\n".join(lines)


def _lines(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= _room():
            lines[-1] = longer
        else:
            # A word that is longer than a line is broken where it must.
            most = max(int(_room() // (font.getlength(word) / len(word))), 1)
            lines += textwrap.wrap(word, most)
    return lines
