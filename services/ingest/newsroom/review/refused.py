"""What somebody reads whose step was not taken: what is so now, and what to do. Pure.

The flows' own words are for programs and for the command line, too; these are for a browser.
"""

from dataclasses import dataclass

from services.ingest.lifecycle.life import Life
from services.ingest.problems import Problem
from shared.languages.say import Nb, nb

IN_FLIGHT = "in-flight"
"""The name of the Problem that the same form is at work already."""


@dataclass(frozen=True)
class RefusedStep:
    title: str
    text: str
    link: str
    """Where the way on is, in the article's pages; empty: its first page."""
    link_text: str


_STATES: Nb[dict[str, str]] = {
    "draft": "Saken er et utkast nå. Den må sendes til godkjenning før noen kan godkjenne den.",
    "in_review": "Saken venter på godkjenning nå.",
    "approved": "Saken er alt godkjent, og blir publisert når ventetiden er over.",
    "published": "Saken er alt publisert.",
    "withdrawn": "Saken er trukket tilbake for godt.",
}
_WAY_ON = {
    "draft": ("", "Se saken"),
    "in_review": ("godkjenn/", nb("Se det som venter")),
    "approved": ("stopp/", "Se ventetiden"),
    "published": ("kvittering/", nb("Se hvor langt det er kommet")),
    "withdrawn": ("kvittering/", nb("Se hvor langt det er kommet")),
}
_TO_REVIEW = ("godkjenn/", nb("Se saken på nytt"))
_WORDS = {
    "changed-meanwhile": (
        nb("Saken er endret i mellomtiden"),
        nb(
            "Noen har lagret en ny utgave mens du leste. Ingenting er godkjent "
            "eller sendt. Les den nye utgaven først."
        ),
        _TO_REVIEW,
    ),
    "look-first": (
        nb("Se saken først"),
        nb("Siden du kom fra, sa ikke hvilken utgave du har sett. Ingenting er gjort."),
        _TO_REVIEW,
    ),
    "mail-unknown": (
        nb("E-posten er ikke klar"),
        nb(
            "E-posten er ikke laget ennå, så ingen vet om den kan sendes. Vent "
            "et øyeblikk, og se på saken igjen. Varer det mer enn et par "
            "minutter, står utsendingen: si fra til den som drifter Varsel. "
            "Ingenting er godkjent."
        ),
        _TO_REVIEW,
    ),
    "unavailable": (
        nb("Prøv igjen om litt"),
        nb("Noe er midlertidig galt hos oss. Ingenting er endret. Prøv igjen om litt."),
        None,
    ),
    "idempotency-key-reused": (
        nb("Skjemaet er sendt før"),
        nb("Skjemaet er sendt før, med noe annet i. Det første gjelder. Se saken, og prøv igjen."),
        None,
    ),
}
"""By the Problem's name: title, text, and the way on, if it does not depend on the article."""


def refused(problem: Problem, life: Life, *, wrote: bool) -> RefusedStep:
    """The words for a Problem that a step raised. `life` is how the article is now; `wrote`: the
    person who asked has written on it."""
    on = _WAY_ON[life.state]
    if problem.name == "not-now":
        return RefusedStep(nb("Det er gjort noe annet i mellomtiden"), _STATES[life.state], *on)
    if problem.name == "not-mailable":
        text = f"{problem.detail} Avvis saken, og skriv hva som må gjøres."
        return RefusedStep(nb("Varselet kan ikke sendes"), text, "avvis/", nb("Avvis saken"))
    if problem.name == "forbidden":
        return RefusedStep(nb("Dette kan ikke du gjøre"), _forbidden(wrote), *on)
    title, text, way = _WORDS.get(problem.name, (problem.title, problem.detail, None))
    return RefusedStep(title, text, *(way or on))


def _forbidden(wrote: bool) -> str:
    if wrote:
        return nb(
            "Du har selv skrevet på saken. Et varsel må godkjennes av en annen enn dem som har "
            "skrevet det. Be en kollega som godkjenner, om å se på det."
        )
    return nb(
        "Dette kan bare en godkjenner gjøre. Be en som er det, eller be den som styrer "
        "redaksjonen, om å få rollen."
    )
