"""What of an article is searched in. Pure."""

from dataclasses import dataclass

from services.render.articles.teaser import Teaser
from shared.markdown import parser, walk
from shared.revision import Revision
from shared.subject import Subject


@dataclass(frozen=True)
class Text:
    """An article as the index takes it."""

    id: str
    teaser: Teaser
    """What is shown of it."""
    names: str
    """Medicines, illnesses and topics: what somebody most likely asks for."""
    title: str
    lead: str
    body: str
    others: tuple[tuple[str, str], ...]
    """Names that its alert tells of, each with another that means the same: brand and substance."""


def searched(revision: Revision) -> Text | None:
    """The article of this revision; None if nobody is to find it: withdrawn news, and what was an
    exercise or a test."""
    teaser = Teaser.of(revision)
    if not teaser.is_found:
        return None
    article, alert = revision.article, revision.article.alert
    names = [*article.topics]
    others: list[tuple[str, str]] = []
    body = [plain(article.body)]
    if alert:
        names += [*alert.conditions, *alert.groups]
        for medicine in alert.medicines:
            names += [medicine.substance, *medicine.brands, *medicine.batches]
            for brand in medicine.brands:
                others += [(brand, medicine.substance), (medicine.substance, brand)]
        body += [alert.what_happened, alert.who_is_affected, *alert.what_to_do]
        body += [alert.stop_advice.text, *alert.seek_help_if]
    return Text(
        id=revision.id,
        teaser=teaser,
        names=" , ".join(names),
        title=article.title,
        lead=f"{article.kicker or ''}\n{article.lead}",
        body="\n".join([*body, article.byline]),
        others=tuple(others),
    )


def plain(body: str) -> str:
    """The text of a body without its marks: what a reader sees, and what pictures are called."""
    said = []
    for token in walk(parser().parse(body)):
        if token.type in ("text", "code_inline", "fence", "code_block"):
            said.append(token.content)
        elif token.type in ("softbreak", "hardbreak", "paragraph_close", "heading_close"):
            said.append("\n")
        elif token.type == "image":
            said.append(str(token.attrs.get("title", "")))
        elif token.type.endswith("_close") and token.block:
            said.append("\n")
    return "".join(said)


def names_of(subject: Subject) -> tuple[tuple[str, str], ...]:
    """Which names of a subject mean the same. A class is found by its other names; readers who ask
    for the class of a medicine also find the medicine."""
    own = [
        name for name in (subject.name, subject.name_nn, subject.name_en, subject.substance) if name
    ]
    same = [*own, *subject.brands]
    if not (subject.substance or subject.brands):
        same += [*subject.classes, *subject.conditions]
        return tuple((one, other) for one in same for other in same if one != other)
    pairs = [(one, other) for one in same for other in same if one != other]
    return (*pairs, *((group, one) for group in subject.classes for one in same))
