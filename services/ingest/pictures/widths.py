"""From a picture's file to the narrower and lighter ones beside it. Pure, but for the
child's priority.

AVIF (ISO/IEC 23000-22) takes half a second to write and is half as large as JPEG; WebP (RFC 9649)
is for browsers that do not know it.
"""

import os
from io import BytesIO

from PIL import Image

from shared.article import Picture
from shared.picture_files import Format, PictureSizes, ending, file_name, widths

_SETTINGS: dict[str, dict[str, object]] = {
    "avif": {"format": "AVIF", "quality": 62, "speed": 6, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 80, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
    "png": {"format": "PNG", "optimize": True},
}


_NICENESS = 10
"""Of the child that scales, as nice(1) counts: the services go first."""


def scaled(raw: bytes, picture: Picture) -> tuple[PictureSizes, dict[str, bytes]]:
    """What is to stand beside the file `raw` of `picture`, and those files by their names.

    A format that would not be lighter than the picture's own is left out: of a drawing in few
    colours PNG may be the lightest.
    """
    own = ending(picture)
    with Image.open(BytesIO(raw)) as image:
        image.load()
    images = {width: _narrow(image, width) for width in widths(picture)}
    files: dict[str, bytes] = {}
    formats: list[Format] = []
    for kind in ("avif", "webp"):
        made = {width: _encoded(one, kind) for width, one in images.items()}
        if kind != own and len(made[picture.width]) < len(raw):
            formats.append(kind)
            files |= {file_name(picture, width, kind): data for width, data in made.items()}
    for width, one in images.items():
        if width != picture.width:
            files[file_name(picture, width, own)] = _encoded(one, own)
    sizes = PictureSizes(picture=picture, widths=tuple(images), formats=tuple(formats))
    return sizes, files


def scaled_behind(raw: bytes, picture: Picture) -> tuple[PictureSizes, dict[str, bytes]]:
    """As `scaled`, in a child that leaves the processor to what is urgent: an alert comes first.

    Niceness counts among the processes of one control group. In containers each service has one of
    its own, and the kernel shares the processor between them by their weights: there an AVIF and a
    page have a half each of a core that both want.
    """
    os.setpriority(os.PRIO_PROCESS, 0, _NICENESS)
    return scaled(raw, picture)


def _narrow(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(round(image.height * width / image.width), 1)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    image.save(out, **_SETTINGS[kind])  # type: ignore[arg-type]
    return out.getvalue()
