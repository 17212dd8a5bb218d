"""What the pages of `world.py` are about: an article of every kind."""

import shutil
from pathlib import Path

from shared.article import Article
from tests.make import alert, alert_fields
from tests.render.lives import every_alert_field
from tests.system.running import REPO

DEMO = REPO / "varsel/demo_data"


def with_all() -> Article:
    fields = every_alert_field() | {"valid_from": "2020-01-01", "review_by": "2120-01-01"}
    return alert(title="Et varsel med alt som kan sies", alert=fields)


def exercise() -> Article:
    return alert(title="Et varsel på øvelse", alert=alert_fields() | {"mode": "exercise"})


def nynorsk() -> Article:
    fields = alert_fields() | {"severity": "moderate"}
    return alert(title="Eksempelinib kan skade levra", lang="nn", alert=fields)


def english() -> Article:
    fields = alert_fields() | {
        "what_happened": "Eksempelinib (Exempla) can damage the liver of some people.",
        "who_is_affected": "All who use Exempla, above all those who are over 65.",
        "what_to_do": ["Make an appointment with your doctor."],
        "stop_advice": {"code": "do_not_stop", "text": "Talk to your doctor before you stop."},
        "seek_help_if": ["Call 113 if you have pain in your chest."],
    }
    return alert(
        title="Eksempelinib can damage the liver",
        lead="The authorities warn of damage to the liver. Talk to your doctor.",
        body="The medicine is used for pain in the joints. Tell a friend who uses it, too.",
        kicker="Safety",
        lang="en",
        alert=fields,
    )


def with_pictures(article: Path, folder: Path) -> Path:
    folder.mkdir()
    for file in (article, *DEMO.glob("*.jpg")):
        shutil.copy(file, folder)
    return folder / article.name
