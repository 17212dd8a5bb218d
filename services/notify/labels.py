"""The words that notify itself puts in a mail, in both written standards of Norwegian.

Headings are those of the article's page, so that a member sees the same alert in both places.
"""

from dataclasses import dataclass

from shared.article import Lang


@dataclass(frozen=True)
class Labels:
    """One standard's words. Severities and stop advice have the codes of `shared.article`."""

    alert: str
    severity: dict[str, str]
    stop_advice: dict[str, str]
    what_happened: str
    who_is_affected: str
    medicines: str
    monitored_note: str
    what_to_do: str
    seek_help_if: str
    report: str
    report_patient: str
    report_health_personnel: str
    read_all: str
    source: str
    why_you: str
    """Before the name of the association."""
    unsubscribe: str


BOKMAL = Labels(
    alert="Sikkerhetsvarsel",
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
    medicines="Hvilke medisiner?",
    monitored_note="▼ betyr at medisinen er under særlig overvåking.",
    what_to_do="Dette bør du gjøre",
    seek_help_if="Søk hjelp med en gang",
    report="Meld fra om bivirkninger",
    report_patient="Meldeskjema for pasienter og pårørende",
    report_health_personnel="Meldeskjema for helsepersonell",
    read_all="Les hele saken",
    source="Kilde",
    why_you="Du får denne e-posten fordi du har sagt ja til sikkerhetsvarsler fra",
    unsubscribe="Meld deg av sikkerhetsvarslene",
)

NYNORSK = Labels(
    alert="Tryggleiksvarsel",
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
    medicines="Kva for medisinar?",
    monitored_note="▼ tyder at medisinen er under særleg overvaking.",
    what_to_do="Dette bør du gjere",
    seek_help_if="Søk hjelp med ein gong",
    report="Meld frå om biverknader",
    report_patient="Meldeskjema for pasientar og pårørande",
    report_health_personnel="Meldeskjema for helsepersonell",
    read_all="Les heile saka",
    source="Kjelde",
    why_you="Du får denne e-posten fordi du har sagt ja til tryggleiksvarsel frå",
    unsubscribe="Meld deg av tryggleiksvarsla",
)


def labels(lang: Lang) -> Labels:
    return NYNORSK if lang == "nn" else BOKMAL
