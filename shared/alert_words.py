"""The words around an alert that pages and mails share, in both written standards of Norwegian.

A member who opens the page behind a mail finds the same headings, severities and advice, and an
editor who corrects or withdraws reads first what members will. Render adds the words of pages in
`services/render/text/labels.py`, notify those of mails in `services/notify/mail/wording.py`.
"""

from dataclasses import dataclass

from shared.alert import Severity

SEVERITY_STEPS: dict[Severity, str] = {
    "extreme": "●●●●",
    "severe": "●●●○",
    "moderate": "●●○○",
    "minor": "●○○○",
}
"""Beside the word, so that the four differ at a glance without colour: on paper, in forced colours,
and for who sees few colours. Screen readers read the word alone."""


@dataclass(frozen=True)
class HelpLine:
    """A number to ring that stands in every alert."""

    number: str
    """As it is dialled."""
    call: str
    when: str


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
class AlertWords:
    """One standard's words."""

    alert: str
    published: str
    """Before the day."""
    revised: str
    """Before the day."""
    severity_label: str
    urgent: str
    """Beside the severity of what is urgent."""
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
    help_lines: tuple[HelpLine, ...]
    """Each alert has these as links, whatever its own sentences say."""
    report: str
    report_patient: str
    report_health_personnel: str
    severity: dict[Severity, str]
    valid_from: str
    """Before the day."""
    review_by: str
    """Before the day."""
    source: str
    change: ChangeLabels


BOKMAL = AlertWords(
    alert="Sikkerhetsvarsel",
    published="Publisert",
    revised="Oppdatert",
    severity_label="Alvorlighetsgrad:",
    urgent="haster",
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
    help_lines=(
        HelpLine("113", "Ring 113", "ved fare for liv"),
        HelpLine("116117", "Ring 116\u00a0117", "for legevakt"),
    ),
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
)

NYNORSK = AlertWords(
    alert="Tryggleiksvarsel",
    published="Publisert",
    revised="Oppdatert",
    severity_label="Alvorsgrad:",
    urgent="hastar",
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
    help_lines=(
        HelpLine("113", "Ring 113", "ved fare for liv"),
        HelpLine("116117", "Ring 116\u00a0117", "for legevakt"),
    ),
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
)
