"""The files of a picture: the one that was kept when it was uploaded, and the narrower and lighter
ones beside it, which are made once a page with it is live. A browser takes the one that fits."""

from typing import Annotated, Literal

from pydantic import Field

from shared.article import ArticleId, Picture
from shared.fields import Model

NARROWER = (480, 960)
"""Pixels: the width of a phone's screen, and of a page's column on screens with two for one."""

Format = Literal["avif", "webp"]


class PictureSizes(Model):
    """What there is of a picture beside the file that was kept."""

    picture: Picture
    widths: tuple[Annotated[int, Field(gt=0)], ...]
    """In pixels, the narrowest first; the last is the picture's own."""
    formats: tuple[Format, ...]
    """The lightest first. Each has a file of each width; so has the picture's own format, but of
    its own width that is the file that was kept."""

    def files(self, ending: str) -> list[tuple[str, int]]:
        """The names of the files of a format, and their widths."""
        return [(file_name(self.picture, width, ending), width) for width in self.widths]


class ScaledPictures(Model):
    """An article's pictures have their other files."""

    article: ArticleId
    revision: Annotated[int, Field(ge=1)]
    sizes: tuple[PictureSizes, ...]


def widths(picture: Picture) -> tuple[int, ...]:
    """The widths that a picture is to have, in pixels."""
    return (*(width for width in NARROWER if width < picture.width), picture.width)


def file_name(picture: Picture, width: int, ending: str) -> str:
    """The name of one of its files under `/assets/`."""
    stem, _, own = picture.name.rpartition(".")
    return picture.name if (width, ending) == (picture.width, own) else f"{stem}.{width}.{ending}"


def ending(picture: Picture) -> str:
    """The ending of the file that was kept: `jpg`, `png` or `webp`."""
    return picture.name.rpartition(".")[2]
