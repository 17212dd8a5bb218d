"""The pages by which articles are found: of a topic, of a medicine, and of all alerts."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from services.render.articles.teaser import Teaser
from services.render.look.templates import Site, fill
from services.render.pages.fixed import in_own_language
from services.render.pages.linked_data import medicine_data
from services.render.subjects.paths import medicine_path
from shared.subject import Subject

SHOWN = 20
"""Teasers on a topic's page, and of alerts that no longer hold on the alerts' page."""
VALID_SHOWN = 100
"""Alerts that hold, on that page."""


class OfMedicine(NamedTuple):
    """A medicine or a class, and what it belongs with."""

    subject: Subject
    classes: Sequence[Subject]
    members: Sequence[Subject]


def topic_path(slug: str) -> str:
    return f"/tema/{slug}/"


def topic_page(site: Site, slug: str, topic: str, newest: Sequence[Teaser], count: int) -> str:
    """The page of a topic, which `count` articles are about."""
    return fill(
        "topic.html",
        **in_own_language(site),
        topic=topic,
        path=topic_path(slug),
        teasers=newest,
        count=count,
    )


def medicine_page(
    site: Site, of: OfMedicine, newest: Sequence[Teaser], count: int, day: date
) -> str:
    """The page of a medicine, which `count` alerts are about: those of the `newest` that hold on
    `day`, and those that do no longer."""
    return fill(
        "medicine.html",
        **in_own_language(site),
        subject=of.subject,
        classes=of.classes,
        members=of.members,
        path=medicine_path(of.subject.id),
        medicine_path=medicine_path,
        **by_validity(newest, day),
        count=count,
        linked=medicine_data(site, of.subject),
    )


def alerts_page(
    site: Site,
    valid: Sequence[Teaser],
    newest: Sequence[Teaser],
    medicines: Sequence[Subject],
    day: date,
) -> str:
    """All alerts that are `valid` on `day`, of the `newest` those that are no longer, and the ways
    by medicine."""
    return fill(
        "alerts.html",
        **in_own_language(site),
        **by_validity(newest, day) | {"valid": valid[:VALID_SHOWN]},
        more=max(len(valid) - VALID_SHOWN, 0),
        medicines=medicines,
        medicine_path=medicine_path,
    )


def by_validity(alerts: Sequence[Teaser], day: date) -> dict[str, Sequence[Teaser]]:
    """The alerts that hold on `day`, those that will later, and those that do no longer."""
    others = [teaser for teaser in alerts if not teaser.valid_on(day)]
    coming = [t for t in others if t.last_day and t.valid_from and t.valid_from > day]
    return {
        "valid": [teaser for teaser in alerts if teaser.valid_on(day)],
        "coming": coming,
        "past": [teaser for teaser in others if teaser not in coming][:SHOWN],
    }
