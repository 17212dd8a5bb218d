"""Pure: what a mail that came to one of our return paths turns out to say."""

import re
from enum import StrEnum
from typing import NamedTuple

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d]|\.\d)", re.ASCII)


class Says(StrEnum):
    """What it is about."""

    RETURNED = "returned"
    """Our mail did not arrive."""
    COMPLAINT = "complaint"
    """The member told their provider that they do not want it."""
    ABOUT_US = "about_us"
    """It speaks of our mail, and of no member."""
    NO_NEWS = "no_news"
    """An answering machine, a delay, or nothing that anybody understands."""


class Said(NamedTuple):
    """What a mail says."""

    says: Says
    code: str = ""
    """Of `RETURNED`: why, as a status code of RFC 3463, as `5.1.1`."""
    shape: str = "unknown"
    """What told so: `dsn`, `arf`, `auto_reply`, `old`, or `unknown`."""


def codes(text: str, *, of: str) -> list[str]:
    """The status codes (RFC 3463) in a text whose first digit is one of `of`, each once, in order
    and without leading zeros."""
    found = (
        f"{kind}.{int(subject)}.{int(detail)}"
        for kind, subject, detail in _CODE.findall(text)
        if kind in of
    )
    return list(dict.fromkeys(found))
