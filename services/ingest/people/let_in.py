"""Who has let somebody in after they were invited, in the set `ingest:people:let_in`: made a link
for them, made a key in their name, or gave them a role that may do more.

Whoever did so may come in as that person. It stays, also once the link or the key has ended: what
was done with it before that has not.
"""

from dataclasses import dataclass
from typing import Literal, cast

from services.ingest.people.person import Person

LET_IN = "ingest:people:let_in"
LetInBy = Literal["link", "key", "role"]


@dataclass(frozen=True)
class LetIn:
    """One time that somebody let a person in; both are ids."""

    person: str
    what: LetInBy
    by: str


def kept(person: str, what: LetInBy, by: Person | None) -> str:
    """The set's text for it; empty, so that nothing is kept, if it was by command or for
    oneself."""
    return f"{person} {what} {by.id}" if by and by.id != person else ""


def read(kept_: str) -> LetIn:
    """What a text of the set says."""
    person, what, by = kept_.split(" ")
    return LetIn(person, cast("LetInBy", what), by)
