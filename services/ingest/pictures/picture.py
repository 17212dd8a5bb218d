"""From uploaded bytes to a picture that fits the site: decoded, stripped, resized. Pure.

Whatever else the file carries (position, camera, names, comments) is left behind, because only
pixels are copied into the new file.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms
from PIL.Image import Transpose

from services.ingest.pictures import png
from services.ingest.pictures.png import Png
from services.ingest.pictures.room import too_large, webp_too_large
from services.ingest.problems import FieldError, Problem, invalid
from services.ingest.reading.paths import clean
from shared.article import Picture
from shared.slug import slug

MAX_BYTES = 25 * 1024 * 1024
"""Of the uploaded file; cameras and phones write 12 MB and more."""

_MAX_SIDE_PIXELS = 1600
_EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
# The brands of ISO/IEC 23008-12 that cameras write.
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_SRGB = ImageCms.createProfile("sRGB")
_ORIENTATION = 0x0112
"""The EXIF tag that says how a picture is turned."""
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
"""What an orientation of EXIF asks for."""
_SIDEWAYS = (5, 6, 7, 8)
"""Orientations that make a picture's width its height."""

Image.MAX_IMAGE_PIXELS = None  # room.py knows better


@dataclass(frozen=True)
class Made:
    """A picture and the bytes of its file."""

    picture: Picture
    data: bytes


def look(raw: bytes, uploaded_as: str) -> Picture:
    """What `make` gives of `raw` if it can be decoded whole, known from its header. Its name comes
    from `uploaded_as`, a file name, and from a hash of `raw`.

    Raises Problem 422 as `make`, but for pixels that are damaged, which it does not look at.
    """
    with _refusals_in_words(uploaded_as):
        file = _file_of(raw)
        with _opened(file) as image:
            width, height = fitted(image.size)
            if _orientation(image, file.exif) in _SIDEWAYS:
                width, height = height, width
            return Picture(name=_name(uploaded_as, raw, _kind(image)), width=width, height=height)


def make(raw: bytes, uploaded_as: str) -> Made:
    """The picture in `raw`. Its name comes from `uploaded_as`, a file name, and from a hash of what
    is made.

    Raises Problem 422 if it is no picture, or one that the site cannot show.
    """
    with _refusals_in_words(uploaded_as):
        file = _file_of(raw)
        with _opened(file) as image:
            kind = _kind(image)
            pixels = _clean(image, file, opaque=kind == "JPEG")
    data = _encode(pixels, kind)
    name = _name(uploaded_as, data, kind)
    return Made(Picture(name=name, width=pixels.width, height=pixels.height), data)


@contextmanager
def _refusals_in_words(uploaded_as: str) -> Iterator[None]:
    try:
        yield
    except _UnfitError as error:
        raise _wrong(uploaded_as, str(error)) from None
    except MemoryError:
        raise too_hard(uploaded_as) from None
    except Exception:  # Pillow's decoders raise a dozen kinds for damaged files
        message = "kan ikke leses; bruk en hel fil som er JPEG, PNG eller WebP"
        raise _wrong(uploaded_as, message) from None


def _file_of(raw: bytes) -> Png:
    _refuse_unopened(raw)
    return png.read(raw) if raw.startswith(png.SIGNATURE) else Png(raw)


@contextmanager
def _opened(file: Png) -> Iterator[Image.Image]:
    """The file, of which no pixel is decoded yet."""
    with Image.open(BytesIO(file.data), formats=list(_EXTENSIONS)) as image:
        _refuse(image)
        yield image


def _kind(image: Image.Image) -> str:
    """A camera's JPEG with a preview inside is "MPO"; its first picture is the picture."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def _name(uploaded_as: str, content: bytes, kind: str) -> str:
    return f"{_stem(uploaded_as)}-{hashlib.sha256(content).hexdigest()[:12]}.{_EXTENSIONS[kind]}"


class _UnfitError(Exception):
    """What is wrong with a picture that could be read, in Norwegian, as the end of a sentence."""


def lost(uploaded_as: str) -> Problem:
    """422 for a picture whose file is not there any more, as after a restore."""
    return _wrong(uploaded_as, "ble borte på veien; last det opp på nytt")


def too_many_bytes(uploaded_as: str) -> Problem:
    """422 for a file that is larger than `MAX_BYTES`."""
    return _wrong(uploaded_as, f"er over {MAX_BYTES // 1024**2} MB; gjør det mindre")


def too_hard(uploaded_as: str) -> Problem:
    """422 for a picture whose decoding did not end, or did not fit."""
    message = "tar for mye tid eller minne å lese; gjør det mindre, og lagre det som vanlig JPEG"
    return _wrong(uploaded_as, message)


def _refuse_unopened(raw: bytes) -> None:
    if raw[4:8] == b"ftyp" and raw[8:12] in _HEIC:
        raise _UnfitError("er i iPhone-formatet HEIC; lagre det som JPEG, og bruk den filen")
    if raw[:4] == b"RIFF" and (what := webp_too_large(raw)):
        raise _UnfitError(what)


def _refuse(image: Image.Image) -> None:
    if what := too_large(image):
        raise _UnfitError(what)
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise _UnfitError("er en animasjon; last opp et stillbilde")


def _clean(image: Image.Image, file: Png, *, opaque: bool) -> Image.Image:
    """The pixels alone: upright, in sRGB, at most 1600 pixels on a side."""
    size = fitted(image.size)
    image.draft(image.mode, size)  # a JPEG is decoded at a fraction of its size
    turn = _UPRIGHT.get(_orientation(image, file.exif))
    profile = file.profile or image.info.get("icc_profile") or b""
    result = _in_eight_bits(image, opaque=opaque)
    if result.size != size:
        result = result.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    result = _in_srgb(result, profile)
    upright = result if turn is None else result.transpose(turn)
    return Image.frombytes(upright.mode, upright.size, upright.tobytes())


def fitted(size: tuple[int, int]) -> tuple[int, int]:
    """The size in pixels that a picture of this size is given, at least one on each side. A decoder
    that is asked for it, and not for a square, may leave out more."""
    longest = max(*size, _MAX_SIDE_PIXELS)
    width, height = (max(side * _MAX_SIDE_PIXELS // longest, 1) for side in size)
    return width, height


def _orientation(image: Image.Image, exif: bytes) -> int:
    """As EXIF has it. Cameras and programs write what they like there; then it is upright."""
    try:
        found = image.getexif()
        if exif:
            found.load(exif.removeprefix(b"Exif\0\0"))
        return int(found.get(_ORIENTATION, 1))
    except Exception:  # as many kinds as Pillow's decoders have
        return 1


def _in_eight_bits(image: Image.Image, *, opaque: bool) -> Image.Image:
    """In a mode that can be resized: L, LA, RGB, RGBA or CMYK."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    transparent = image.has_transparency_data and not opaque
    if image.mode == "1":
        image = image.convert("L")
    if transparent and image.mode not in ("LA", "RGBA"):
        return image.convert("RGBA")
    return image if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK") else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """RGB, or RGBA if the picture is transparent. Colours go by the profile; if the picture was
    grey, or of a palette, a profile of either kind may be meant."""
    alpha = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    colours = image.convert({"LA": "L", "RGBA": "RGB"}[image.mode]) if alpha else image
    result = _by_profile(colours, profile) or _by_profile(colours.convert("RGB"), profile)
    result = result or colours.convert("RGB")
    if alpha:
        result.putalpha(alpha)
    return result


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    if not profile:
        return None
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None  # a profile that does not fit its picture says nothing about it


def _encode(image: Image.Image, kind: str) -> bytes:
    out = BytesIO()
    if kind == "PNG":
        image.save(out, "PNG", optimize=True)
    elif kind == "WEBP":
        image.save(out, "WEBP", quality=82)
    else:
        image.save(out, "JPEG", quality=85, optimize=True)
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
