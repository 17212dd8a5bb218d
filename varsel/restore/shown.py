"""What the site shows, as it lies on disk: readers have seen it, whatever Redis says."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

_MARK = re.compile(rb'<meta name="varsel-revision" content="([a-z0-9]+)/(\d+)/[0-9a-f]{64}"')
_HEAD_BYTES = 16384
"""The mark is in a page's head."""


@dataclass(frozen=True)
class Shown:
    """Read from the site's folder."""

    is_there: bool = False
    """Whether there is a site at all."""
    revisions: dict[str, int] = field(default_factory=dict)
    """The newest revision that is shown of each article, by its id."""
    root: str = ""
    """The newest root of the audit trail; empty if none is shown."""


def read_site(folder: Path) -> Shown:
    """What is in the site's `folder`. Blocks. OSError if it cannot be read."""
    revisions: dict[str, int] = {}
    for path in sorted(folder.glob("nyheter/*/index.html")):
        with path.open("rb") as file:
            found = _MARK.search(file.read(_HEAD_BYTES))
        if found:
            article, revision = found[1].decode(), int(found[2])
            revisions[article] = max(revision, revisions.get(article, 0))
    return Shown((folder / "nyheter" / "index.html").exists(), revisions, _root(folder))


def _root(folder: Path) -> str:
    try:
        roots = json.loads((folder / "revisjonsspor" / "rot.json").read_text())
        return str(roots[-1]["root"]) if roots else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
