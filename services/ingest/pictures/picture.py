"""From uploaded bytes to a picture that fits the site: decoded, stripped, resized. Pure.

Whatever else the file carries (position, camera, names, comments) is left behind, because only
pixels are copied into the new file.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from services.ingest.problems import FieldError, Problem, invalid
from services.ingest.reading.paths import clean
from services.ingest.slug import slug
from shared.article import Picture

MAX_BYTES = 10 * 1024 * 1024

_MAX_PIXELS = 50_000_000
_MAX_SIDE_PIXELS = 1600
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
# The brands of ISO/IEC 23008-12 that cameras write.
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_SRGB = ImageCms.createProfile("sRGB")


@dataclass(frozen=True)
class Made:
    """A picture and the bytes of its file."""

    picture: Picture
    data: bytes


def make(raw: bytes, uploaded_as: str) -> Made:
    """The picture in `raw`. Its name comes from `uploaded_as`, a file name.

    Raises Problem 422 if it is no picture, or one that the site cannot show.
    """
    try:
        _refuse_heic(raw)
        with Image.open(BytesIO(raw), formats=list(_EXTENSIONS)) as image:
            _refuse(image)
            # A camera's JPEG with a preview inside is "MPO"; its first picture is the picture.
            kind = "JPEG" if image.format == "MPO" else str(image.format)
            pixels = _clean(image, opaque=kind == "JPEG")
    except _UnfitError as error:
        raise _wrong(uploaded_as, str(error)) from error
    except Exception as error:  # Pillow's decoders raise a dozen kinds for damaged files
        message = "kan ikke leses; bruk en hel fil som er JPEG, PNG eller WebP"
        raise _wrong(uploaded_as, message) from error
    data = _encode(pixels, kind)
    return Made(
        Picture(
            name=f"{_stem(uploaded_as)}-{hashlib.sha256(data).hexdigest()[:12]}.{_EXTENSIONS[kind]}",
            width=pixels.width,
            height=pixels.height,
        ),
        data,
    )


class _UnfitError(Exception):
    """What is wrong with a picture that could be read, in Norwegian, as the end of a sentence."""


def _refuse_heic(raw: bytes) -> None:
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIC:
        raise _UnfitError("er i iPhone-formatet HEIC; lagre det som JPEG, og bruk den filen")


def _refuse(image: Image.Image) -> None:
    if image.width * image.height > _MAX_PIXELS:
        megapixels = _MAX_PIXELS // 1_000_000
        raise _UnfitError(f"har over {megapixels} megapiksler; gjør det mindre")
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise _UnfitError("er en animasjon; last opp et stillbilde")


def _clean(image: Image.Image, *, opaque: bool) -> Image.Image:
    """The pixels alone: upright, in sRGB, at most 1600 pixels on a side."""
    image.draft(
        image.mode, (_MAX_SIDE_PIXELS, _MAX_SIDE_PIXELS)
    )  # a JPEG is decoded at a fraction of its size
    orientation = image.getexif().get(0x0112, 1)
    result = _in_srgb(image, "RGBA" if image.has_transparency_data and not opaque else "RGB")
    result.thumbnail((_MAX_SIDE_PIXELS, _MAX_SIDE_PIXELS), Image.Resampling.LANCZOS)
    result.getexif()[0x0112] = orientation
    upright = ImageOps.exif_transpose(result)
    return Image.frombytes(upright.mode, upright.size, upright.tobytes())


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    profile = image.info.get("icc_profile")
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if profile and mode == "RGB" and image.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(image, source, _SRGB, outputMode=mode) or image
        except ImageCms.PyCMSError:
            pass  # a profile that does not fit its picture says nothing about it
    return image.convert(mode)


def _encode(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        image.save(out, "PNG", optimize=True)
    elif kind == "WEBP":
        image.save(out, "WEBP", quality=82)
    else:
        image.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue()


def _file_name(uploaded_as: str) -> str:
    return uploaded_as.replace("\\", "/").rpartition("/")[2]


def _stem(uploaded_as: str) -> str:
    name = _file_name(uploaded_as)
    return slug(name.rpartition(".")[0] or name, length=40, empty="bilde")


def _wrong(uploaded_as: str, message: str) -> Problem:
    name = clean(_file_name(uploaded_as))
    shown = f"bildet «{name}»" if name else "bildet"
    return invalid(FieldError("file", f"{shown} {message}"), what="Bildet")
