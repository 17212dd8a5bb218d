"""Colours as `#rrggbb`, and how well one can be read on another. Pure."""

import re

COLOUR = re.compile(r"#[0-9a-f]{6}")
_WHITE = (255, 255, 255)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, «contrast ratio»)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lightened(colour: str, ground: str, least: float) -> str:
    """`colour`, mixed with as little white as it takes to stand on a dark `ground` with a contrast
    of at least `least`; white if nothing less does."""
    for share in range(101):
        mixed = _mixed(colour, share / 100)
        if contrast(mixed, ground) >= least:
            return mixed
    return _mixed(colour, 1)


def _mixed(colour: str, share: float) -> str:
    parts = (
        round(part + (white - part) * share)
        for part, white in zip(_parts(colour), _WHITE, strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """The relative luminance (WCAG 2.2), from 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
