"""What became of the lines of a list, or would."""

from dataclasses import dataclass, field

from services.notify.register.reading.columns import ListHead
from services.notify.register.reading.rows import Row
from shared.article import Lang

MOST_REASONS = 1000
"""Reasons that are kept; the others are counted only."""
UNASKED_PERCENT = 5
"""The part of a list's members that is ended without asking."""
SAMPLE = 10
"""Rows that are shown, masked."""


@dataclass
class Sync:
    """What a list's sync ends."""

    list: str
    before: int = 0
    """Members in force who had come by the list before."""
    missing: int = 0
    """Those of them who are no longer in it and have come in no other way."""
    kept: int = 0
    """Those who are no longer in it, and stay: they joined by themselves, or are in another."""
    ended: int = 0

    @property
    def are_many(self) -> bool:
        """Whether so many would be ended that somebody has to say their number."""
        return self.missing * 100 > UNASKED_PERCENT * self.before


@dataclass
class ImportReport:
    """What became of the lines of a list."""

    head: ListHead
    """How the list was understood."""
    lang: Lang = "nb"
    """The site's, which new members get whose line names none."""
    is_dry: bool = False
    """Nothing was stored: it is what would become of them."""
    sample: list[tuple[str, str, str]] = field(default_factory=list)
    """Address and name, masked, and language of the first rows."""
    taken: int = 0
    """New members."""
    returned: int = 0
    """Members again: a register had ended them, or they had left and agreed since."""
    unchanged: int = 0
    """Lines that name somebody who is a member already, with this name and language."""
    updated: int = 0
    """Members who got the name or language of their line."""
    differing_count: int = 0
    """Lines that name a member with another name or language, which was not taken."""
    differing: list[tuple[int, str]] = field(default_factory=list)
    """Line, and in Norwegian what differs, in the order of the file; the first MOST_REASONS."""
    refused_count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Line and reason in Norwegian, in the order of the file; the first MOST_REASONS."""
    unreadable: list[int] = field(default_factory=list)
    """Numbers that were come upon whose record is damaged."""
    sync: Sync | None = None

    def show(self, row: Row) -> None:
        """Keep a row for the sample if there is room."""
        if len(self.sample) < SAMPLE:
            name = " ".join(map(masked, row.name.split()))
            self.sample.append((masked_address(row.email), name, row.lang or ""))

    def refuse(self, line: int, reason: str) -> None:
        """Count a line that was refused, and keep the reason if there is room."""
        self.refused_count += 1
        if len(self.refused) < MOST_REASONS:
            self.refused.append((line, reason))

    def differ(self, line: int, what: str) -> None:
        """Count a line that says otherwise of a member, and keep what if there is room."""
        self.differing_count += 1
        if len(self.differing) < MOST_REASONS:
            self.differing.append((line, what))


def masked_address(email: str) -> str:
    """An address that tells its domain and one letter: `k•••@example.org`."""
    local, _, domain = email.rpartition("@")
    return f"{masked(local)}@{domain}"


def masked(word: str) -> str:
    """A word that tells its first letter, and not its length."""
    return f"{word[:1]}•••"
