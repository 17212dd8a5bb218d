"""What is worth a second look, and what the text check found."""

from dataclasses import dataclass
from typing import NamedTuple

from services.ingest.reading.paths import clean


@dataclass(frozen=True)
class Warning:
    """`field` is a dotted path; `message` says what it is and the way out, in Norwegian."""

    field: str
    message: str
    article: str | None = None
    """The id of the live article that it tells of, if it tells of one."""


class Finding(NamedTuple):
    """What the text check found: the line, what readers would see, and what to write instead."""

    line: int
    """In the body, from 1."""
    words: str
    refused: bool = False
    """A warning if it is not."""

    def message(self, above: int | None = None) -> str:
        """With the line as the editor counts it: `above` lines of the file stand over the body;
        None if there is no file."""
        where = f"linje {self.line} i teksten" if above is None else f"linje {self.line + above}"
        return f"{where}: {self.words}"


def excerpt(text: str) -> str:
    return clean(" ".join(text.split()))
