"""How many members something reaches, and who is not among them and why, in words. Pure.

Each sentence is a text with a place for its number, as the newsroom's words have them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.ingest.lifecycle.life import Life
from services.ingest.receipts.shown_preview import ShownPreview
from shared.event_data import DeliveryStatus
from shared.languages.say import nb


@dataclass(frozen=True)
class Sentence:
    """A text and what stands in its places."""

    text: str
    number: str = ""


@dataclass(frozen=True)
class ReachInWords:
    """How many members the mail of a revision reaches."""

    audience: int
    reached: Sentence
    more: tuple[Sentence, ...]
    """What else to know of those who are among them."""
    others: tuple[Sentence, ...]
    """Those who are not, each with the reason."""


def reach(life: Life, preview: ShownPreview) -> ReachInWords | None:
    """Whom the mail of the newest revision reaches, in words; None until notify has told of its
    mail."""
    if preview.audience is None:
        return None
    is_change = life.change is not None and life.change.kind != "edit"
    is_exercise = is_not_in_earnest(life)
    first = preview.first or 0
    more = [Sentence(nb("Det er det første de får om saken: {n}"), counted(first))] if first else []
    return ReachInWords(
        audience=preview.audience,
        reached=Sentence(
            _reached(preview.audience, is_change, is_exercise), counted(preview.audience)
        ),
        more=tuple(more if is_change else ()),
        others=tuple(
            Sentence(text, counted(number))
            for text, number in (
                (nb("Har meldt seg av, eller er slettet: {n}"), preview.gone),
                (nb("Har valgt andre emner: {n}"), preview.chose_others),
                (_not_owed(is_change, is_exercise), preview.not_owed),
                (nb("Har en e-postadresse som ikke finnes lenger: {n}"), preview.no_address),
            )
            if number
        ),
    )


def _reached(audience: int, is_change: bool, is_exercise: bool) -> str:
    if not audience and is_change:
        return nb("Ingen har fått varselet på e-post, så ingen får rettelsen. Siden blir ny.")
    if not audience:
        return nb(
            "Ingen medlemmer skulle ha den på e-post da saken ble sendt inn. Siden blir publisert "
            "likevel, og den som melder seg på før det, får e-posten."
        )
    if is_exercise:
        return nb("Øvelsen går bare til medlemmer som er merket som ansatte: {n}")
    return nb("Går til ett medlem.") if audience == 1 else nb("Går til {n} medlemmer.")


def _not_owed(is_change: bool, is_exercise: bool) -> str:
    if is_change and is_exercise:
        return nb("Har ikke fått varselet, eller får ikke øvelser: {n}")
    return nb("Har aldri fått varselet: {n}") if is_change else nb("Får ikke øvelser: {n}")


def told_of_the_end(deliveries: Iterable[DeliveryStatus]) -> tuple[Sentence, ...]:
    """Who is told when what was delivered is withdrawn. Each later delivery also goes to those whom
    the ones before reached, so the most that one handed over is how many have it at least."""
    found = list(deliveries)
    handed_over = max((one.handed_over for one in found), default=0)
    waiting = found[0].open if found else 0
    if not found or (handed_over == 0 and waiting == 0):
        return (Sentence(nb("Ingen har fått varselet på e-post, så ingen får beskjed.")),)
    told = [Sentence(nb("De som har fått varselet, får beskjed på e-post. Så langt er det {n}."),
                 counted(handed_over))]  # fmt: skip
    if waiting:
        told.append(
            Sentence(
                nb("Utsendingen pågår: {n} står for tur, og får ikke varselet."), counted(waiting)
            )
        )
    return tuple(told)


def told_of_a_correction(deliveries: Iterable[DeliveryStatus]) -> tuple[Sentence, ...]:
    """Who is told when what was delivered is corrected."""
    found = list(deliveries)
    handed_over = max((one.handed_over for one in found), default=0)
    waiting = found[0].open if found else 0
    if handed_over == 0 and waiting == 0:
        return (Sentence(nb("Ingen har fått varselet på e-post ennå.")),)
    told = [Sentence(nb("De som har fått varselet, får rettelsen i samme tråd. Så langt er "
"det {n}."),
                     counted(handed_over))]  # fmt: skip
    if waiting:
        told.append(
            Sentence(
                nb("Utsendingen pågår: {n} står for tur, og får det rettede varselet."),
                counted(waiting),
            )
        )
    return tuple(told)


def is_not_in_earnest(life: Life) -> bool:
    """Whether it is an exercise or a test."""
    return life.mode in ("exercise", "test")


def counted(number: int) -> str:
    """As Norwegians write it: «12 345»."""
    return f"{number:,}".replace(",", "\u00a0")
