"""The exact words that members agree to when they join. Whoever changes one changes the version:
the record of each member names the words that this member saw."""

from services.notify.members.member import Consent
from shared.article import Lang

_VERSION = "2026-11"
_WORDS: dict[Lang, str] = {
    "nb": (
        "Jeg samtykker i at {name} lagrer e-postadressen min, navnet mitt hvis jeg skriver det, "
        "og hvilke varsler jeg vil ha, for å sende meg sikkerhetsvarsler om medisiner på e-post. "
        "Jeg forstår at dette kan si noe om helsen min. Jeg kan trekke samtykket når som helst."
    ),
    "nn": (
        "Eg samtykkjer i at {name} lagrar e-postadressa mi, namnet mitt om eg skriv det, og kva "
        "for varsel eg vil ha, for å sende meg tryggleiksvarsel om medisinar på e-post. Eg forstår "
        "at dette kan seie noko om helsa mi. Eg kan trekkje samtykket når som helst."
    ),
    "en": (
        "I agree that {name} stores my e-mail address, my name if I write it, and which alerts I "
        "want, in order to send me safety alerts about medicines by e-mail. I understand that this "
        "may say something about my health. I can withdraw my consent at any time."
    ),
}


def consent(lang: Lang, site_name: str) -> Consent:
    """The words in a language, in which the association has its name."""
    return Consent(_WORDS[lang].format(name=site_name), version=_VERSION, lang=lang)
