"""A notice to members: word of a breach of their personal data (GDPR, article 34). It is no alert,
has no page and is on nobody's feed."""

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from shared.article import ArticleId, Lang
from shared.content_hash import ContentHash, content_hash
from shared.fields import Model
from shared.revision import Approval, counted
from shared.text import many_lines, nfc

APPROVALS = 2
"""People who must approve a notice. Whoever wrote it may be one of them."""
_LONGEST = 3000
"""Characters of one of its texts."""
_MOST_MEMBERS = 10_000
"""Of a notice that is not for all."""

NoticeText = Annotated[
    str,
    BeforeValidator(nfc),
    Field(min_length=1, max_length=_LONGEST),
    AfterValidator(many_lines),
]
"""Paragraphs of plain text, with an empty line between them."""


def _in_order(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers)))


MemberNumber = Annotated[int, Field(ge=1, le=2**40)]
MemberNumbers = Annotated[
    tuple[MemberNumber, ...],
    Field(min_length=1, max_length=_MOST_MEMBERS),
    AfterValidator(_in_order),
]


class NoticeContent(Model):
    """What somebody of the staff writes, by the headings of article 34, paragraph 2."""

    kind: Literal["breach"] = "breach"
    lang: Lang
    what_happened: NoticeText
    consequences: NoticeText
    """What it may mean for the member."""
    measures: NoticeText
    """What the association has done about it, and will do."""
    advice: NoticeText | None = None
    """What the member can do."""
    contact: NoticeText
    """Who answers questions, and how they are reached."""
    members: MemberNumbers | None = None
    """The numbers of those to whom it is to go. None: everybody of whom an address is kept, also
    those who have left."""

    @property
    def sha256(self) -> ContentHash:
        """The hash of all of it: an approval is of that."""
        return content_hash(self)


class MemberNotice(Model):
    """A notice that two people have approved."""

    id: ArticleId
    content: NoticeContent
    sha256: ContentHash
    """Of the content, as it was approved."""
    approved_at: AwareDatetime
    """When the last of them did."""
    approvals: tuple[Approval, ...]

    def is_approved(self, void: frozenset[str] = frozenset()) -> bool:
        """Whether enough people approved just this content, also by another release. The approvals
        of those with an id in `void` do not count."""
        content = content_hash(self.content, self.sha256)
        return len(counted(self.approvals, content, void)) >= APPROVALS
