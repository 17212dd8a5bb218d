"""What letters say, in both written standards of Norwegian.

A subject line is neutral: who sees the screen of a telephone must not learn what the association
is for, nor that somebody is its member. No text of whoever asked is in a letter: they may be a
stranger who has us write to people.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notify.letters.decide import What
from services.notify.letters.letter_text import LetterText
from services.notify.letters.staff_wording import BOKMAL_TO_STAFF, NYNORSK_TO_STAFF


@dataclass(frozen=True)
class LetterWords:
    """One standard's words."""

    letters: Mapping[What, LetterText]
    code: str
    """Before the code."""
    code_until: str
    link_until: str
    moment: str
    """How a day and a time are written, as babel has it."""
    why_you: str
    why_staff: str
    """The same to those who work at the association."""


_MOMENT = "EEEE d. MMMM 'kl.' HH.mm"
_LOCK = (
    "Var det ikke deg, åpne lenken og trykk på knappen der. Da fjernes alle passnøkler, og alle "
    "nettlesere blir logget ut.",
)
_LOCK_NN = (
    "Var det ikkje deg, opne lenkja og trykk på knappen der. Då blir alle passnøklar fjerna, og "
    "alle nettlesarar logga ut.",
)

BOKMAL = LetterWords(
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
    | BOKMAL_TO_STAFF,
    code="Eller skriv denne koden i nettleseren der du ba om den:",
    code_until="Koden virker til {moment}. Gi den aldri til noen; vi spør deg aldri om den.",
    link_until="Lenken virker én gang, til {moment}.",
    moment=_MOMENT,
    why_you="Denne e-posten ble sendt fra {site} fordi noen ba om den eller endret noe hos oss.",
    why_staff="Denne e-posten ble sendt fra {site} til en som arbeider i redaksjonen.",
)

NYNORSK = LetterWords(
    letters={
        What.CONFIRM_JOINING: LetterText(
            subject="Stadfest adressa di",
            heading="Stadfest e-postadressa di",
            said=(
                "Nokon, truleg du, vil ha e-post frå {site} til denne adressa.",
                "Du er ikkje påmeld før du stadfestar. Opne lenkja og trykk på knappen der.",
            ),
            link="Stadfest påmeldinga",
            ignore=(
                "Var det ikkje du som bad om dette, kan du sjå bort frå e-posten. Då skjer det "
                "ingenting."
            ),
        ),
        What.ALREADY_MEMBER: LetterText(
            subject="Du er allereie påmeld",
            heading="Denne adressa er allereie påmeld",
            said=(
                "Nokon, truleg du, ville bruke denne adressa hos {site}. Ho er påmeld frå før, så "
                "ingenting er endra.",
                "Vil du sjå eller endre det du har valt, kan du logge inn på Mi side.",
            ),
            link="Logg inn på Mi side",
            ignore=(
                "Var det ikkje du som bad om dette, kan du sjå bort frå e-posten. Ingen kjem inn "
                "utan lenkja eller koden."
            ),
        ),
        What.LOG_IN: LetterText(
            subject="Lenkja di for å logge inn",
            heading="Logg inn på Mi side",
            said=("Her er lenkja til Mi side hos {site}. Opne ho og trykk på knappen der.",),
            link="Logg inn på Mi side",
            ignore=(
                "Var det ikkje du som bad om dette, kan du sjå bort frå e-posten. Ingen kjem inn "
                "utan lenkja eller koden."
            ),
        ),
        What.NO_MEMBER: LetterText(
            subject="Denne adressa er ikkje påmeld",
            heading="Denne adressa er ikkje påmeld",
            said=(
                "Nokon, truleg du, ville logge inn hos {site} med denne adressa. Ingen er påmelde "
                "med ho no.",
                "Bruker du ei anna adresse, logg inn med den. Vil du melde deg på, kan du gjere "
                "det her.",
            ),
            link="Meld deg på",
            ignore=(
                "Var det ikkje du som bad om dette, kan du sjå bort frå e-posten. Då skjer det "
                "ingenting."
            ),
        ),
        What.CONFIRM_ADDRESS: LetterText(
            subject="Stadfest den nye adressa di",
            heading="Stadfest den nye e-postadressa",
            said=(
                "Nokon, truleg du, vil flytte e-posten frå {site} til denne adressa.",
                "Ingenting blir endra før du stadfestar. Opne lenkja og trykk på knappen der.",
            ),
            link="Stadfest den nye adressa",
            ignore=(
                "Var det ikkje du som bad om dette, kan du sjå bort frå e-posten. Då skjer det "
                "ingenting."
            ),
        ),
        What.MOVED: LetterText(
            subject="Adressa di er endra",
            heading="E-postadressa di er endra",
            said=(
                "E-posten frå {site} går frå no av til ei anna adresse enn denne.",
                "Var det ikkje du som endra ho, kan du angre her.",
            ),
            link="Angre endringa",
            ignore="Var det du sjølv, treng du ikkje å gjere noko.",
        ),
        What.PASSKEY_ADDED: LetterText(
            subject="Ny måte å logge inn på",
            heading="Ein passnøkkel er laga",
            said=(
                "Nokon, truleg du, har laga ein passnøkkel til Mi side hos {site}. Med han kan ein "
                "logge inn utan e-post.",
                *_LOCK_NN,
            ),
            link="Det var ikkje meg",
            ignore="Var det du sjølv, treng du ikkje å gjere noko.",
        ),
        What.PASSKEY_REMOVED: LetterText(
            subject="Ein måte å logge inn på er fjerna",
            heading="Ein passnøkkel er fjerna",
            said=(
                "Nokon, truleg du, har fjerna ein passnøkkel til Mi side hos {site}. Han loggar "
                "ikkje inn nokon lenger.",
                *_LOCK_NN,
            ),
            link="Det var ikkje meg",
            ignore="Var det du sjølv, treng du ikkje å gjere noko.",
        ),
        What.WELCOME_BACK: LetterText(
            subject="Du er påmeld igjen",
            heading="Du er påmeld igjen",
            said=(
                "Du får igjen e-post frå {site} til denne adressa.",
                "Det du har valt, kan du sjå og endre på Mi side. Der kan du òg melde deg av.",
            ),
            link="Gå til Mi side",
            ignore="Var det ikkje du som bad om dette, meld deg av på Mi side.",
        ),
    }
    | NYNORSK_TO_STAFF,
    code="Eller skriv denne koden i nettlesaren der du bad om han:",
    code_until="Koden verkar til {moment}. Gi han aldri til nokon; vi spør deg aldri om han.",
    link_until="Lenkja verkar éin gong, til {moment}.",
    moment=_MOMENT,
    why_you="Denne e-posten vart send frå {site} fordi nokon bad om han eller endra noko hos oss.",
    why_staff="Denne e-posten vart send frå {site} til ein som arbeider i redaksjonen.",
)


def words(lang: str) -> LetterWords:
    """The words of a member's language, `nb` or `nn`."""
    return NYNORSK if lang == "nn" else BOKMAL
