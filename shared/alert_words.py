"""The words around an alert that a page and a mail share, in both written standards of Norwegian.

A member who opens the page behind a mail finds the same headings, severities and advice. Render
adds the words of pages in `services/render/labels.py`, notify those of mails in
`services/notify/mail/wording.py`.
"""

from dataclasses import dataclass

from shared.alert import Severity


@dataclass(frozen=True)
class AlertWords:
    """One standard's words."""

    alert: str
    what_happened: str
    who_is_affected: str
    medicines: str
    batches: str
    groups: str
    """Before people who are affected more than others."""
    conditions: str
    """Before illnesses and states that the alert is about."""
    stop_advice: dict[str, str]
    """The heading of each code of `shared.alert.StopAdvice`."""
    what_to_do: str
    seek_help_if: str
    report: str
    report_patient: str
    report_health_personnel: str
    severity: dict[Severity, str]
    valid_from: str
    """Before the day."""
    review_by: str
    """Before the day."""
    source: str


BOKMAL = AlertWords(
    alert="Sikkerhetsvarsel",
    what_happened="Hva har skjedd?",
    who_is_affected="Hvem gjelder det?",
    medicines="Hvilke medisiner?",
    batches="Batchnummer",
    groups="Særlig utsatt",
    conditions="Gjelder ved",
    stop_advice={
        "do_not_stop": "Ikke slutt på egen hånd",
        "stop_now": "Slutt med medisinen nå",
        "contact_before_next_dose": "Ta kontakt før neste dose",
        "not_applicable": "Om å fortsette med medisinen",
    },
    what_to_do="Dette bør du gjøre",
    seek_help_if="Søk hjelp med en gang",
    report="Meld fra om bivirkninger",
    report_patient="Meldeskjema for pasienter og pårørende",
    report_health_personnel="Meldeskjema for helsepersonell",
    severity={
        "extreme": "svært alvorlig",
        "severe": "alvorlig",
        "moderate": "moderat",
        "minor": "mindre alvorlig",
    },
    valid_from="Gjelder fra",
    review_by="Vurderes på nytt senest",
    source="Kilde",
)

NYNORSK = AlertWords(
    alert="Tryggleiksvarsel",
    what_happened="Kva har skjedd?",
    who_is_affected="Kven gjeld det?",
    medicines="Kva for medisinar?",
    batches="Batchnummer",
    groups="Særleg utsette",
    conditions="Gjeld ved",
    stop_advice={
        "do_not_stop": "Ikkje slutt på eiga hand",
        "stop_now": "Slutt med medisinen no",
        "contact_before_next_dose": "Ta kontakt før neste dose",
        "not_applicable": "Om å halde fram med medisinen",
    },
    what_to_do="Dette bør du gjere",
    seek_help_if="Søk hjelp med ein gong",
    report="Meld frå om biverknader",
    report_patient="Meldeskjema for pasientar og pårørande",
    report_health_personnel="Meldeskjema for helsepersonell",
    severity={
        "extreme": "svært alvorleg",
        "severe": "alvorleg",
        "moderate": "moderat",
        "minor": "mindre alvorleg",
    },
    valid_from="Gjeld frå",
    review_by="Blir vurdert på nytt seinast",
    source="Kjelde",
)
