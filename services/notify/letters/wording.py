"""What letters say. Those to staff have no English.

A subject line is neutral: people who see the screen of a telephone must not learn what the
association is for, nor that somebody is its member. No text of whoever asked is in a letter: they
may be a stranger who has us write to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from services.notify.letters.decide import What
from services.notify.letters.letter_text import LetterText
from services.notify.letters.staff_wording import TO_STAFF
from shared.article import Lang
from shared.languages.say import Nb, in_language


@dataclass(frozen=True)
class LetterWords:
    """One language's words."""

    letters: Mapping[What, LetterText]
    code: str
    """Before the code."""
    code_until: str
    link_until: str
    why_you: str
    why_staff: str
    """The same to those who work at the association."""


_LOCK: Nb[tuple[str]] = (
    "Var det ikke deg, åpne lenken og trykk på knappen der. Da fjernes alle passnøkler, og alle "
    "nettlesere blir logget ut.",
)

BOKMAL: Nb[LetterWords] = LetterWords(
    letters={
        What.CONFIRM_JOINING: LetterText(
            subject="Bekreft adressen din",
            heading="Bekreft e-postadressen din",
            said=(
                "Noen, forhåpentlig du, vil ha e-post fra {site} til denne adressen.",
                "Du er ikke påmeldt før du bekrefter. Åpne lenken og trykk på knappen der.",
            ),
            link="Bekreft påmeldingen",
            ignore=(
                "Var det ikke du som ba om dette, kan du se bort fra e-posten. Da skjer det "
                "ingenting."
            ),
        ),
        What.ALREADY_MEMBER: LetterText(
            subject="Du er allerede påmeldt",
            heading="Denne adressen er allerede påmeldt",
            said=(
                "Noen, forhåpentlig du, ville bruke denne adressen hos {site}. Den er påmeldt fra "
                "før, så ingenting er endret.",
                "Vil du se eller endre det du har valgt, kan du logge inn på Min side.",
            ),
            link="Logg inn på Min side",
            ignore=(
                "Var det ikke du som ba om dette, kan du se bort fra e-posten. Ingen kommer inn "
                "uten lenken eller koden."
            ),
        ),
        What.LOG_IN: LetterText(
            subject="Lenken din for å logge inn",
            heading="Logg inn på Min side",
            said=("Her er lenken til Min side hos {site}. Åpne den og trykk på knappen der.",),
            link="Logg inn på Min side",
            ignore=(
                "Var det ikke du som ba om dette, kan du se bort fra e-posten. Ingen kommer inn "
                "uten lenken eller koden."
            ),
        ),
        What.NO_MEMBER: LetterText(
            subject="Denne adressen er ikke påmeldt",
            heading="Denne adressen er ikke påmeldt",
            said=(
                "Noen, forhåpentlig du, ville logge inn hos {site} med denne adressen. Ingen er "
                "påmeldt med den nå.",
                "Bruker du en annen adresse, logg inn med den. Vil du melde deg på, kan du gjøre "
                "det her.",
            ),
            link="Meld deg på",
            ignore=(
                "Var det ikke du som ba om dette, kan du se bort fra e-posten. Da skjer det "
                "ingenting."
            ),
        ),
        What.CONFIRM_ADDRESS: LetterText(
            subject="Bekreft den nye adressen din",
            heading="Bekreft den nye e-postadressen",
            said=(
                "Noen, forhåpentlig du, vil flytte e-posten fra {site} til denne adressen.",
                "Ingenting endres før du bekrefter. Åpne lenken og trykk på knappen der.",
            ),
            link="Bekreft den nye adressen",
            ignore=(
                "Var det ikke du som ba om dette, kan du se bort fra e-posten. Da skjer det "
                "ingenting."
            ),
        ),
        What.MOVED: LetterText(
            subject="Adressen din er endret",
            heading="E-postadressen din er endret",
            said=(
                "E-posten fra {site} går fra nå av til en annen adresse enn denne.",
                "Var det ikke du som endret den, kan du angre her.",
            ),
            link="Angre endringen",
            ignore="Var det du selv, trenger du ikke å gjøre noe.",
        ),
        What.PASSKEY_ADDED: LetterText(
            subject="Ny måte å logge inn på",
            heading="En passnøkkel er laget",
            said=(
                "Noen, forhåpentlig du, har laget en passnøkkel til Min side hos {site}. Med den "
                "kan man logge inn uten e-post.",
                *_LOCK,
            ),
            link="Det var ikke meg",
            ignore="Var det du selv, trenger du ikke å gjøre noe.",
        ),
        What.PASSKEY_REMOVED: LetterText(
            subject="En måte å logge inn på er fjernet",
            heading="En passnøkkel er fjernet",
            said=(
                "Noen, forhåpentlig du, har fjernet en passnøkkel til Min side hos {site}. Den "
                "logger ikke inn noen lenger.",
                *_LOCK,
            ),
            link="Det var ikke meg",
            ignore="Var det du selv, trenger du ikke å gjøre noe.",
        ),
        What.WELCOME_BACK: LetterText(
            subject="Du er påmeldt igjen",
            heading="Du er påmeldt igjen",
            said=(
                "Du får igjen e-post fra {site} til denne adressen.",
                "Det du har valgt, kan du se og endre på Min side. Der kan du også melde deg av.",
            ),
            link="Gå til Min side",
            ignore="Var det ikke du som ba om dette, meld deg av på Min side.",
        ),
    }
    | TO_STAFF,
    code="Eller skriv denne koden i nettleseren der du ba om den:",
    code_until="Koden virker til {moment}. Gi den aldri til noen; vi spør deg aldri om den.",
    link_until="Lenken virker én gang, til {moment}.",
    why_you="Denne e-posten ble sendt fra {site} fordi noen ba om den eller endret noe hos oss.",
    why_staff="Denne e-posten ble sendt fra {site} til en som arbeider i redaksjonen.",
)


@cache
def words(lang: Lang) -> LetterWords:
    """The words of a member's language."""
    return in_language(BOKMAL, lang)
