"""The words that render itself puts on a page, in both written standards of Norwegian."""

from dataclasses import dataclass
from typing import Literal

from shared.article import Lang

Severity = Literal["extreme", "severe", "moderate", "minor"]


@dataclass(frozen=True)
class Labels:
    """One standard's words. Severities and stop advice have the codes of `shared.article`."""

    skip_link: str
    site_menu: str
    news: str
    all_news: str
    published: str
    revised: str
    source: str
    alert: str
    alert_heading: str
    what_happened: str
    who_is_affected: str
    medicines: str
    monitored: str
    monitored_note: str
    stop_advice: dict[str, str]
    what_to_do: str
    seek_help_if: str
    report: str
    report_patient: str
    report_health_personnel: str
    severity_label: str
    severity: dict[Severity, str]
    withdrawn: str
    withdrawn_alert: str
    withdrawn_news: str
    footnote: str
    footnotes: str
    back_to_text: str
    follow: str
    topics: str


BOKMAL = Labels(
    skip_link="Hopp til innholdet",
    site_menu="Hovedmeny",
    news="Nyheter",
    all_news="Se alle nyheter",
    published="Publisert",
    revised="Oppdatert",
    source="Kilde",
    alert="Sikkerhetsvarsel",
    alert_heading="Varsel om medisin",
    what_happened="Hva har skjedd?",
    who_is_affected="Hvem gjelder det?",
    medicines="Hvilke medisiner?",
    monitored="Under særlig overvåking:",
    monitored_note="Medisinen er under særlig overvåking.",
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
    severity_label="Alvorlighetsgrad:",
    severity={
        "extreme": "svært alvorlig",
        "severe": "alvorlig",
        "moderate": "moderat",
        "minor": "mindre alvorlig",
    },
    withdrawn="Trukket",
    withdrawn_alert="Dette varselet er trukket tilbake og gjelder ikke lenger. "
    "Teksten står for dem som vil se hva som ble varslet.",
    withdrawn_news="Vi har trukket tilbake denne saken. Den er derfor ikke lenger å lese her.",
    footnote="Fotnote",
    footnotes="Fotnoter",
    back_to_text="Tilbake til teksten, fotnote",
    follow="Følg nyhetene",
    topics="Emner",
)

NYNORSK = Labels(
    skip_link="Hopp til innhaldet",
    site_menu="Hovudmeny",
    news="Nyhende",
    all_news="Sjå alle nyhende",
    published="Publisert",
    revised="Oppdatert",
    source="Kjelde",
    alert="Tryggleiksvarsel",
    alert_heading="Varsel om medisin",
    what_happened="Kva har skjedd?",
    who_is_affected="Kven gjeld det?",
    medicines="Kva for medisinar?",
    monitored="Under særleg overvaking:",
    monitored_note="Medisinen er under særleg overvaking.",
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
    severity_label="Alvorsgrad:",
    severity={
        "extreme": "svært alvorleg",
        "severe": "alvorleg",
        "moderate": "moderat",
        "minor": "mindre alvorleg",
    },
    withdrawn="Trekt",
    withdrawn_alert="Dette varselet er trekt tilbake og gjeld ikkje lenger. "
    "Teksten står for dei som vil sjå kva det vart varsla om.",
    withdrawn_news="Vi har trekt tilbake denne saka. Difor kan ho ikkje lesast her lenger.",
    footnote="Fotnote",
    footnotes="Fotnotar",
    back_to_text="Tilbake til teksten, fotnote",
    follow="Følg nyhenda",
    topics="Emne",
)


def labels(lang: Lang) -> Labels:
    return NYNORSK if lang == "nn" else BOKMAL
