"""The words that notify itself puts in a mail, in both written standards of Norwegian.

Those that the article's page has too are in `shared/alert_words.py`.
"""

from dataclasses import dataclass

from shared import alert_words
from shared.alert import Mode
from shared.alert_words import AlertWords
from shared.article import Lang


@dataclass(frozen=True)
class ChangeLabels:
    """Of a mail to those who may have an earlier version of the alert."""

    corrected_subject: str
    corrected_alert: str
    corrected: str
    """Before what has changed."""
    corrected_before: str
    """Before the day of an earlier correction, and what changed then."""
    withdrawn_subject: str
    withdrawn_alert: str
    withdrawn: str
    """Before the reason."""
    withdrawn_advice: str
    """What to do now, after the reason."""
    withdrawn_medicines: str
    withdrawn_read: str
    why_you: str
    """Before the name of the association: also those who have left since are told."""


@dataclass(frozen=True)
class NeutralLabels:
    """Of a mail whose subject and first lines say nothing of what it is about."""

    subject: str
    """Before the name of the association."""
    first: str
    """Before the same. So long that mail programs that show the first lines show no others."""


@dataclass(frozen=True)
class MailLabels(AlertWords):
    """One standard's words."""

    subject_of_mode: dict[Mode, str]
    not_real: dict[Mode, str]
    """The first line of a mail that is no actual alert."""
    change: ChangeLabels
    neutral: NeutralLabels
    urgent: str
    monitored_note: str
    read_all: str
    authority: str
    """Before the name of a further authority that warns."""
    why_you: str
    """Before the name of the association."""
    unsubscribe: str
    contact: str
    """Before whom members can ask, and how."""


BOKMAL = MailLabels(
    **vars(alert_words.BOKMAL),
    subject_of_mode={"actual": "", "exercise": "ØVELSE: ", "test": "TEST: "},
    not_real={
        "actual": "",
        "exercise": "ØVELSE. Dette er ikke et ekte varsel.",
        "test": "TEST. Dette er ikke et ekte varsel.",
    },
    change=ChangeLabels(
        corrected_subject="RETTET: ",
        corrected_alert="Rettet sikkerhetsvarsel",
        corrected="Dette er rettet",
        corrected_before="Rettet tidligere,",
        withdrawn_subject="TRUKKET: ",
        withdrawn_alert="Sikkerhetsvarselet er trukket",
        withdrawn="Varselet gjelder ikke lenger",
        withdrawn_advice=(
            "Du skal ikke lenger rette deg etter rådene i varselet. Er du i tvil om medisinen din, "
            "snakk med lege eller apotek før du endrer noe."
        ),
        withdrawn_medicines="Varselet gjaldt",
        withdrawn_read="Les om det som er trukket",
        why_you="Du får denne e-posten fordi du fikk varselet som den handler om, fra",
    ),
    neutral=NeutralLabels(
        subject="Viktig sikkerhetsmelding fra",
        first=(
            "Dette er en viktig sikkerhetsmelding, og du bør lese den i dag. Åpne e-posten for å "
            "se hva den handler om. Det står ikke i emnet eller her øverst, for at ingen andre "
            "skal se det på skjermen din. Hilsen"
        ),
    ),
    urgent="haster",
    monitored_note="▼ betyr at medisinen er under særlig overvåking.",
    read_all="Les hele saken",
    authority="Varsler også",
    why_you="Du får denne e-posten fordi du har sagt ja til sikkerhetsvarsler fra",
    unsubscribe="Meld deg av sikkerhetsvarslene",
    contact="Spør oss",
)

NYNORSK = MailLabels(
    **vars(alert_words.NYNORSK),
    subject_of_mode={"actual": "", "exercise": "ØVING: ", "test": "TEST: "},
    not_real={
        "actual": "",
        "exercise": "ØVING. Dette er ikkje eit ekte varsel.",
        "test": "TEST. Dette er ikkje eit ekte varsel.",
    },
    change=ChangeLabels(
        corrected_subject="RETTA: ",
        corrected_alert="Retta tryggleiksvarsel",
        corrected="Dette er retta",
        corrected_before="Retta tidlegare,",
        withdrawn_subject="TREKT: ",
        withdrawn_alert="Tryggleiksvarselet er trekt",
        withdrawn="Varselet gjeld ikkje lenger",
        withdrawn_advice=(
            "Du skal ikkje lenger rette deg etter råda i varselet. Er du i tvil om medisinen din, "
            "snakk med lege eller apotek før du endrar noko."
        ),
        withdrawn_medicines="Varselet galdt",
        withdrawn_read="Les om det som er trekt",
        why_you="Du får denne e-posten fordi du fekk varselet som han handlar om, frå",
    ),
    neutral=NeutralLabels(
        subject="Viktig tryggleiksmelding frå",
        first=(
            "Dette er ei viktig tryggleiksmelding, og du bør lese henne i dag. Opne e-posten for å "
            "sjå kva ho handlar om. Det står ikkje i emnet eller her øvst, for at ingen andre skal "
            "sjå det på skjermen din. Helsing"
        ),
    ),
    urgent="hastar",
    monitored_note="▼ tyder at medisinen er under særleg overvaking.",
    read_all="Les heile saka",
    authority="Varslar òg",
    why_you="Du får denne e-posten fordi du har sagt ja til tryggleiksvarsel frå",
    unsubscribe="Meld deg av tryggleiksvarsla",
    contact="Spør oss",
)


def labels(lang: Lang) -> MailLabels:
    """The words of an article's language."""
    return NYNORSK if lang == "nn" else BOKMAL
