"""The articles that the OpenAPI document shows as examples, and that its test posts."""

from typing import Any

NEWS: dict[str, Any] = {
    "title": "Åpent møte om høstens kurs",
    "lead": "Vi inviterer alle medlemmer til et åpent møte. Ta gjerne med en venn.",
    "kind": "news",
    "lang": "nb",
    "byline": "Skrevet av Kari Eksempel",
    "published_on": "2026-09-01",
    "body": "Møtet er på biblioteket.\n\n## Program\n\n- Kaffe\n- Kurs",
}

MOVED: dict[str, Any] = NEWS | {
    "title": "Sommerleiren i 2019",
    "published_on": "2019-07-01",
    "moved_from": ["/2019/07/sommerleiren/"],
    "published_at": "2019-07-01T12:00:00+02:00",
    "body": "Vi var på leir.",
}

NEWS_AS_MARKDOWN = """---
title: Nye åpningstider
lead: Kontoret er åpent til klokken 18 på torsdager.
kind: news
lang: nb
byline: Skrevet av Kari Eksempel
published_on: 2026-09-02
---

Andre dager er det åpent til klokken 15, som før.
"""

SAFETY_ALERT: dict[str, Any] = {
    "title": "Eksempelinib: nytt råd om blodprøver",
    "lead": "Noen som bruker Exempla, har fått skader på leveren.",
    "kind": "safety_alert",
    "lang": "nb",
    "kicker": "Legemiddelsikkerhet",
    "byline": "Skrevet av Kari Eksempel",
    "published_on": "2026-09-14",
    "topics": ["leversykdom"],
    "sources": [
        {
            "publisher": "Eksempeltilsynet",
            "url": "https://tilsynet.example.org/saker/eksempelinib",
            "published_on": "2026-09-11",
        }
    ],
    "alert": {
        "severity": "severe",
        "medicines": [{"substance": "eksempelinib", "brands": ["Exempla"]}],
        "what_happened": "Eksempelinib kan i sjeldne tilfeller skade leveren.",
        "who_is_affected": "Alle som bruker Exempla.",
        "what_to_do": ["Be legen din om en blodprøve."],
        "stop_advice": {
            "code": "do_not_stop",
            "text": "Ikke slutt med medisinen før du har snakket med legen din.",
        },
        "seek_help_if": ["Ring legevakten på 116 117 hvis huden eller øynene blir gule."],
        "report": {
            "patient": "https://meld.example.org/pasient",
            "health_personnel": "https://meld.example.org/helsepersonell",
        },
    },
    "body": "Eksempeltilsynet har gått gjennom meldingene om Exempla.",
}

EVERY_FIELD: dict[str, Any] = SAFETY_ALERT | {
    "title": "Prøvomab: pakker kalles tilbake",
    "lead": "Noen pakker av Provo kan ha for lite virkestoff.",
    "published_on": "2026-09-21",
    "alert": SAFETY_ALERT["alert"]
    | {
        "urgency": "immediate",
        "certainty": "observed",
        "event_type": "recall",
        "mode": "actual",
        "medicines": [
            {
                "substance": "prøvomab",
                "brands": ["Provo"],
                "additional_monitoring": True,
                "atc": [{"code": "L04AC99", "valid_from": "2024-01-01", "valid_to": "2030-12-31"}],
                "batches": ["A1234", "A1235"],
            }
        ],
        "what_happened": "To partier av Provo (prøvomab) kan ha for lite virkestoff.",
        "who_is_affected": "Alle som har pakker med et av disse numrene.",
        "what_to_do": ["Se etter nummeret på pakken.", "Bytt den på apoteket."],
        "groups": ["Barn"],
        "conditions": ["Leddgikt"],
        "valid_from": "2026-09-21",
        "review_by": "2099-12-31",
        "authorities": [
            {
                "name": "Det europeiske eksempelbyrået",
                "reference": "EKS/2026/114",
                "url": "https://byraet.example.org/eks-2026-114",
            }
        ],
    },
    "body": "Eksempeltilsynet har fått melding fra produsenten.",
}
"""An alert with every field that there is."""
