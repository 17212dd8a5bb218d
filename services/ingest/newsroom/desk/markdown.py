"""Markdown that the desk writes for somebody who does not know it. Pure."""

import re

from shared.credit import credited

_NOT_IN_ALT = re.compile(r"[\[\]\\]")


def picture_of(name: str, alt: str, caption: str, credit: str) -> str:
    """A picture as a line of its own: what it shows, its caption, and who took it."""
    said = " ".join(alt.split())
    title = credited(" ".join(caption.split()), " ".join(credit.split()))
    title = title.replace('"', "”").replace("\\", "")
    return f"![{_NOT_IN_ALT.sub('', said)}]({name}" + (f' "{title}")' if title else ")")
