"""What staff are told, and whose address notify keeps: ids of persons, nothing else of them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from shared.article import ArticleId
from shared.fields import Model
from shared.revision import PersonId, Sha256

NewsForStaff = Literal[
    "waits",
    "rejected",
    "stopped",
    "not_published",
    "published_late",
    "mail_stands",
    "notice_waits",
    "notice_stands",
]
"""`waits`: a revision waits for approval; `notice_waits` says that of a notice to members.
`not_published`: its time has come, and it is not out. `published_late`: it came out after its
time. `mail_stands`: an alert reaches nobody now, or not all whom it should; `notice_stands` says
that of a notice to members."""


class WordToStaff(Model):
    """Who is to be told of what. Not a word of the article itself, nor of a member."""

    people: tuple[PersonId, ...]
    """Empty if it concerns somebody of the staff and there is nobody."""
    about: NewsForStaff
    article: ArticleId
    revision: Annotated[int, Field(ge=1)]


class AddressLink(Model):
    """A person may give notify their address, once, behind a link."""

    person: PersonId
    token_sha256: Sha256
    """Of the token in the link, as text."""
    expires: AwareDatetime


class GonePerson(Model):
    """A person who is of the staff no more."""

    person: PersonId


class StaffReach(Model):
    """Whether anybody of the staff can be told of anything: numbers, and never an address."""

    addresses: Annotated[int, Field(ge=0)]
    """How many persons of the staff have an address."""
    webhook: bool
    """One is set that is told in the place of people who have none."""
