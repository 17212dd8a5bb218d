"""The chunks of a PNG file that its picture needs. Pure.

Photoshop and cameras write large texts, metadata and profiles into PNG files; Pillow refuses a file
whole for one of them. Only what tells how the pixels look is handed to it.
"""

import struct
import zlib
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = frozenset({b"IHDR", b"PLTE", b"tRNS", b"acTL", b"IDAT", b"IEND"})
_LARGEST_PROFILE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Png:
    data: bytes
    """The file with the needed chunks alone."""
    profile: bytes = b""
    """ICC."""
    exif: bytes = b""


def read(raw: bytes) -> Png:
    """`raw` must begin with the signature. What cannot be read as chunks is left as it is."""
    kept, profile, exif = [SIGNATURE], b"", b""
    at = len(SIGNATURE)
    while at + 12 <= len(raw):
        (length,) = struct.unpack_from(">I", raw, at)
        kind, end = raw[at + 4 : at + 8], at + 12 + length
        if kind == b"iCCP":
            profile = profile or _profile(raw[at + 8 : end - 4])
        elif kind == b"eXIf":
            exif = exif or raw[at + 8 : end - 4]
        elif kind in _NEEDED or not kind[:1].islower():  # what is unknown and critical is refused
            kept.append(raw[at:end])
        at = end
        if kind == b"IEND":
            break
    else:
        kept.append(raw[at:])
    return Png(b"".join(kept), profile, exif)


def _profile(data: bytes) -> bytes:
    """A profile stands behind its name and a byte for the method; none if it is in pieces."""
    packed = data.partition(b"\0")[2][1:]
    try:
        return zlib.decompressobj().decompress(packed, _LARGEST_PROFILE_BYTES)
    except zlib.error:
        return b""
