"""What is said of live articles that are like a new one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.ingest.alike.terms import LiveArticle, Term
from services.ingest.reading.text_check.findings import Warning
from shared.article import Kind
from shared.oslo import oslo

NAMED = 3
"""How many live articles are named at most."""
_MEDICINES = 3
"""How many medicines are named at most."""


@dataclass(frozen=True)
class Alike:
    """A live article that is like a new one."""

    article: str
    """Its id."""
    about: LiveArticle
    terms: tuple[Term, ...]
    """What the two have in common, in the new one's words."""

    @property
    def has_the_title(self) -> bool:
        return any(term.field == "title" for term in self.terms)


def warnings(kind: Kind, found: Sequence[Alike], site: str) -> list[Warning]:
    """The warnings about a new article of this `kind`, given the live ones that are like it.

    An alert is warned of each alert, of those with its title first and then of the newest; news
    once two have its title. `site` is the site's address, without path.
    """
    order = sorted(found, key=lambda one: (one.has_the_title, one.about.at), reverse=True)[:NAMED]
    if kind == "safety_alert":
        return [_alert(one, site) for one in order]
    if len(order) < 2:
        return []
    named = " og ".join(_named(one, site) for one in order[:2])
    return [
        Warning(
            "title",
            f"minst {len(order)} nyheter er ute med samme tittel, blant dem {named}; "
            "velg en tittel som skiller dem. Er det den samme nyheten, så endre den som er ute "
            f"(varsel edit {order[0].article} FIL)",
            order[0].article,
        )
    ]


def _alert(one: Alike, site: str) -> Warning:
    medicines = [term.words for term in one.terms if term.field == "alert.medicines"]
    more = f" og {len(medicines) - _MEDICINES} til" if len(medicines) > _MEDICINES else ""
    about = f"om {', '.join(medicines[:_MEDICINES])}{more}" if medicines else ""
    same = " ".join(filter(None, ("med samme tittel" if one.has_the_title else "", about)))
    return Warning(
        "title" if one.has_the_title else "alert.medicines",
        f"det er alt ute et varsel {same}: {_named(one, site)}. Er det den samme advarselen, så "
        f"rett det som er ute (varsel correct {one.article} FIL --what …): da får de som har fått "
        "det, en rettelse, og ingen får det samme varslet to ganger",
        one.article,
    )


def _named(one: Alike, site: str) -> str:
    about = one.about
    day = f"{oslo(about.at):%d.%m.%Y}"
    return f"«{about.title}», publisert {day} (sak {one.article}, {site}{about.path})"
