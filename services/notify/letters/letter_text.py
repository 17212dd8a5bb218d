"""One letter, in words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LetterText:
    """One letter. `{site}` is the association's name, `{article}` the id of an article, which tells
    nothing of it."""

    subject: str
    heading: str
    said: tuple[str, ...]
    """Paragraphs before the link."""
    link: str
    """What the link does."""
    ignore: str
    """To people who did not ask for it: what that means, and what to do."""
