"""The words around an alert that pages and mails share.

A member who opens the page behind a mail finds the same headings, severities and advice, and an
editor who corrects or withdraws reads first what members will. Render adds the words of pages in
`services/render/text/labels.py`, notify those of mails in `services/notify/mail/wording.py`.
"""

from dataclasses import dataclass
from functools import cache

from shared.alert import Mode, Severity
from shared.article import Lang
from shared.languages.say import Nb, in_language

SEVERITY_STEPS: dict[Severity, str] = {
    "extreme": "●●●●",
    "severe": "●●●○",
    "moderate": "●●○○",
    "minor": "●○○○",
}
"""Beside the word, so that the four differ at a glance without colour: on paper, in forced colours,
and for people who see few colours. Screen readers read the word alone."""


@dataclass(frozen=True)
class HelpLine:
    """A number to ring that stands in every alert."""

    number: str
    """As it is dialled."""
    call: str
    when: str


@dataclass(frozen=True)
class ChangeLabels:
    """The words of a mail to those who may have an earlier version of the alert."""

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
    """One language's words."""

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
    subject_of_mode: dict[Mode, str]
    """Before the subject of a mail about what is no actual alert."""


BOKMAL: Nb[AlertWords] = AlertWords(
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
    subject_of_mode={"actual": "", "exercise": "ØVELSE: ", "test": "TEST: "},
)


@cache
def alert_words(lang: Lang) -> AlertWords:
    """The words of an article's language."""
    return in_language(BOKMAL, lang)
