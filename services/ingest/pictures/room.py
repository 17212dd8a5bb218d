"""How much memory a picture will take, known from its header: looked at before it is decoded. Pure.

A file of 20 kB may hold a picture of a gigabyte. A JPEG is decoded at a fraction of its size, so a
camera's picture may be as large as cameras make them.
"""

import struct
from math import ceil

from PIL import Image

_MOST_PIXELS = 50_000_000
_MOST_JPEG_PIXELS = 250_000_000
_LONGEST_SIDE_PIXELS = 30_000
"""Pillow keeps 16 bytes for each row beside its pixels, and no camera makes longer ones."""
_ROOM_BYTES = 192 * 1024 * 1024
"""With the file and Python itself this fits into a child's memory (shared/child)."""
_BYTES_OF_A_PIXEL = {"1": 2, "L": 1, "P": 9, "RGB": 4, "LA": 8, "RGBA": 8, "I;16": 11, "I": 11}
"""At the highest point of decoding and resizing."""
_BYTES_OF_A_PIXEL_MADE_TRANSPARENT = 12
"""If one colour stands for nothing, each pixel gets a transparency of its own."""
_BYTES_OF_A_WEBP_PIXEL = 16


def too_large(image: Image.Image) -> str | None:
    """What is wrong with an opened picture, in Norwegian, as the end of a sentence."""
    pixels = image.width * image.height
    jpeg = image.format in ("JPEG", "MPO")
    most = _MOST_JPEG_PIXELS if jpeg else _MOST_PIXELS
    if pixels > most:
        return f"har over {most // 1_000_000} megapiksler; gjør det mindre"
    if max(image.size) > _LONGEST_SIDE_PIXELS:
        return f"har en side på over {_LONGEST_SIDE_PIXELS} piksler; gjør det mindre"
    if jpeg:
        room = _jpeg_bytes(image)
    elif "transparency" in image.info:
        room = pixels * _BYTES_OF_A_PIXEL_MADE_TRANSPARENT
    else:
        room = pixels * _BYTES_OF_A_PIXEL.get(image.mode, 11)
    if room > _ROOM_BYTES:
        return "tar for mye plass når det pakkes ut; gjør det mindre, eller lagre det som JPEG"
    return None


def webp_too_large(raw: bytes) -> str | None:
    """As `too_large`, of a file that is not yet opened: Pillow makes room when it opens it."""
    width, height = _webp_size(raw)
    if width * height * _BYTES_OF_A_WEBP_PIXEL > _ROOM_BYTES:
        megapixels = _ROOM_BYTES // _BYTES_OF_A_WEBP_PIXEL // 1_000_000
        return f"har over {megapixels} megapiksler; gjør det mindre, eller lagre det som JPEG"
    return None


def _jpeg_bytes(image: Image.Image) -> int:
    """A progressive JPEG is held whole, as numbers of two bytes, while it is decoded."""
    if not image.info.get("progressive"):
        return 0
    parts: list[tuple[int, int, int, int]] = getattr(image, "layer", [])
    layers = [(h, v) for _, h, v, _ in parts] or [(1, 1)]
    widest, tallest = max(h for h, _ in layers), max(v for _, v in layers)
    share = sum(h * v for h, v in layers) / (widest * tallest)
    return ceil(2 * share * image.width * image.height)


def _webp_size(raw: bytes) -> tuple[int, int]:
    """The canvas (RFC 9649, sections 2.5 to 2.7); nothing if it cannot be read."""
    kind, data = raw[12:16], raw[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 6)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
