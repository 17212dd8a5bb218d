"""Who let whom in, as far as that matters: two pairs of eyes are worth less if one of the two was
brought in by the other. Pure.

An approver sees it before they approve, and so does whoever looks at an approval. Nothing is
refused for it: in a small association somebody invites everybody.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from services.ingest.people.let_in import LetIn, LetInBy
from shared.languages.say import nb

_BY_COMMAND = nb("{name} er lagt til av den som drifter Varsel.")
_BY_AUTHOR = nb("{name} ble invitert av {inviter}, som har skrevet på denne saken.")
_BY_ANOTHER = nb("{name} ble invitert av {inviter}.")
_LET_IN_BY_AUTHOR: dict[LetInBy, str] = {
    "link": nb("{name} fikk en ny lenke inn av {inviter}, som har skrevet på denne saken."),
    "key": nb("{name} har en nøkkel som er laget av {inviter}, som har skrevet på denne saken."),
    "role": nb("{name} fikk rollen sin av {inviter}, som har skrevet på denne saken."),
}
_LET_IN_BY_ANOTHER: dict[LetInBy, str] = {
    "link": nb("{name} fikk en ny lenke inn av {inviter}."),
    "key": nb("{name} har en nøkkel som er laget av {inviter}."),
    "role": nb("{name} fikk rollen sin av {inviter}."),
}


class Invited(Protocol):
    """A person as they are stored; see `PersonRecord`."""

    @property
    def name(self) -> str: ...

    @property
    def by(self) -> str | None: ...


@dataclass(frozen=True)
class Bond:
    """Who invited a person who approves, or may, or has let them in since."""

    person: str
    """The id of the person who was let in."""
    name: str
    inviter: str | None
    """The name of the person who invited them; None if it was by command."""
    is_by_author: bool
    """Whether an author of the article did."""
    since: LetInBy | None = None
    """How they let them in after the invitation; None: they invited them."""

    @property
    def text(self) -> str:
        """It in bokmål, with places for `values`."""
        if self.inviter is None:
            return _BY_COMMAND
        if self.since:
            return (_LET_IN_BY_AUTHOR if self.is_by_author else _LET_IN_BY_ANOTHER)[self.since]
        return _BY_AUTHOR if self.is_by_author else _BY_ANOTHER

    @property
    def values(self) -> dict[str, str]:
        """The names in it."""
        return {"name": self.name, "inviter": self.inviter or ""}


def bonds(
    approvers: Iterable[str],
    authors: Collection[str],
    records: Mapping[str, Invited],
    let_in: Iterable[LetIn] = (),
) -> tuple[Bond, ...]:
    """A bond for each of `approvers`, in their order: those who have approved, and whoever is
    about to. And one for each author whom one of the approvers invited. Then one for each time
    that an author let an approver in later, or the other way round. All are ids; `records` and
    `let_in` are those of `People`."""
    ids = list(dict.fromkeys(approvers))
    of_authors = [one for one in authors if one in records and records[one].by in ids]
    invited = [
        _bond(one, authors, records) for one in dict.fromkeys([*ids, *of_authors]) if one in records
    ]
    since = [
        Bond(
            one.person, records[one.person].name, records[one.by].name, one.by in authors, one.what
        )
        for one in sorted(let_in, key=lambda one: (one.person, one.what, one.by))
        if one.person in records and one.by in records and _matters(one, ids, authors, records)
    ]
    return (*invited, *since)


def _matters(
    one: LetIn, approvers: Collection[str], authors: Collection[str], records: Mapping[str, Invited]
) -> bool:
    """Whether it lets one person be two in this article, and the invitation does not say it."""
    if one.what == "link" and records[one.person].by == one.by:
        return False
    if one.person in approvers and one.by in authors:
        return True
    # A role lets nobody write who could not.
    return one.person in authors and one.by in approvers and one.what != "role"


def _bond(person: str, authors: Collection[str], records: Mapping[str, Invited]) -> Bond:
    record = records[person]
    inviter = records.get(record.by) if record.by else None
    name = inviter.name if inviter else None
    return Bond(person, record.name, name, is_by_author=record.by in authors)
