"""The words that notify itself puts in a mail, in both written standards of Norwegian.

Headings are those of the article's page, so that a member sees the same alert in both places.
"""

from dataclasses import dataclass

from shared.alert import Mode
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
class Labels:
    """One standard's words. Severities and stop advice have the codes of `shared.alert`."""

    subject_of_mode: dict[Mode, str]
    not_real: dict[Mode, str]
    """The first line of a mail that is no actual alert."""
    change: ChangeLabels
    alert: str
    urgent: str
    severity: dict[str, str]
    stop_advice: dict[str, str]
    what_happened: str
    who_is_affected: str
    groups: str
    conditions: str
    medicines: str
    batches: str
    monitored_note: str
    what_to_do: str
    seek_help_if: str
    report: str
    report_patient: str
    report_health_personnel: str
    read_all: str
    valid_from: str
    """Before the day."""
    review_by: str
    """Before the day."""
    source: str
    authority: str
    """Before the name of a further authority that warns."""
    why_you: str
    """Before the name of the association."""
    unsubscribe: str


BOKMAL = Labels(
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
    alert="Sikkerhetsvarsel",
    urgent="haster",
    severity={
        "extreme": "svært alvorlig",
        "severe": "alvorlig",
        "moderate": "moderat",
        "minor": "mindre alvorlig",
    },
    stop_advice={
        "do_not_stop": "Ikke slutt på egen hånd",
        "stop_now": "Slutt med medisinen nå",
        "contact_before_next_dose": "Ta kontakt før neste dose",
        "not_applicable": "Om å fortsette med medisinen",
    },
    what_happened="Hva har skjedd?",
    who_is_affected="Hvem gjelder det?",
    groups="Særlig utsatt",
    conditions="Gjelder ved",
    medicines="Hvilke medisiner?",
    batches="Batchnummer",
    monitored_note="▼ betyr at medisinen er under særlig overvåking.",
    what_to_do="Dette bør du gjøre",
    seek_help_if="Søk hjelp med en gang",
    report="Meld fra om bivirkninger",
    report_patient="Meldeskjema for pasienter og pårørende",
    report_health_personnel="Meldeskjema for helsepersonell",
    read_all="Les hele saken",
    valid_from="Gjelder fra",
    review_by="Vurderes på nytt senest",
    source="Kilde",
    authority="Varsler også",
    why_you="Du får denne e-posten fordi du har sagt ja til sikkerhetsvarsler fra",
    unsubscribe="Meld deg av sikkerhetsvarslene",
)

NYNORSK = Labels(
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
    alert="Tryggleiksvarsel",
    urgent="hastar",
    severity={
        "extreme": "svært alvorleg",
        "severe": "alvorleg",
        "moderate": "moderat",
        "minor": "mindre alvorleg",
    },
    stop_advice={
        "do_not_stop": "Ikkje slutt på eiga hand",
        "stop_now": "Slutt med medisinen no",
        "contact_before_next_dose": "Ta kontakt før neste dose",
        "not_applicable": "Om å halde fram med medisinen",
    },
    what_happened="Kva har skjedd?",
    who_is_affected="Kven gjeld det?",
    groups="Særleg utsette",
    conditions="Gjeld ved",
    medicines="Kva for medisinar?",
    batches="Batchnummer",
    monitored_note="▼ tyder at medisinen er under særleg overvaking.",
    what_to_do="Dette bør du gjere",
    seek_help_if="Søk hjelp med ein gong",
    report="Meld frå om biverknader",
    report_patient="Meldeskjema for pasientar og pårørande",
    report_health_personnel="Meldeskjema for helsepersonell",
    read_all="Les heile saka",
    valid_from="Gjeld frå",
    review_by="Blir vurdert på nytt seinast",
    source="Kjelde",
    authority="Varslar òg",
    why_you="Du får denne e-posten fordi du har sagt ja til tryggleiksvarsel frå",
    unsubscribe="Meld deg av tryggleiksvarsla",
)


def labels(lang: Lang) -> Labels:
    return NYNORSK if lang == "nn" else BOKMAL
