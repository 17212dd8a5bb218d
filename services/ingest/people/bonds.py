"""Who let whom in, where that matters: two pairs of eyes are worth less if one of the two was
brought in by the other. Pure.

An approver sees it before they approve, and so does whoever looks at an approval. Nothing is
refused for it: in a small association somebody invites everybody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from shared.languages.say import nb

_BY_COMMAND = nb("{name} er lagt til av den som drifter Varsel.")
_BY_AUTHOR = nb("{name} ble invitert av {inviter}, som har skrevet på denne saken.")
_BY_ANOTHER = nb("{name} ble invitert av {inviter}.")


class Invited(Protocol):
    """A person as they are stored; see `PersonRecord`."""

    @property
    def name(self) -> str: ...

    @property
    def by(self) -> str | None: ...


@dataclass(frozen=True)
class Bond:
    """Who invited a person who approves, or may."""

    person: str
    """The id of the person who was invited."""
    name: str
    inviter: str | None
    """The name of the person who invited them; None if it was by command."""
    is_by_author: bool
    """Whether an author of the article did."""

    @property
    def text(self) -> str:
        """It in bokmål, with places for `values`."""
        if self.inviter is None:
            return _BY_COMMAND
        return _BY_AUTHOR if self.is_by_author else _BY_ANOTHER

    @property
    def values(self) -> dict[str, str]:
        """The names in it."""
        return {"name": self.name, "inviter": self.inviter or ""}


def bonds(
    approvers: Iterable[str], authors: Collection[str], records: Mapping[str, Invited]
) -> tuple[Bond, ...]:
    """A bond for each of `approvers`, in their order: those who have approved, and whoever is
    about to. And one for each author whom one of the approvers invited. All are ids; `records`
    are those of `People.records`."""
    ids = list(dict.fromkeys(approvers))
    of_authors = [one for one in authors if one in records and records[one].by in ids]
    return tuple(
        _bond(one, authors, records) for one in dict.fromkeys([*ids, *of_authors]) if one in records
    )


def _bond(person: str, authors: Collection[str], records: Mapping[str, Invited]) -> Bond:
    record = records[person]
    inviter = records.get(record.by) if record.by else None
    name = inviter.name if inviter else None
    return Bond(person, record.name, name, is_by_author=record.by in authors)
