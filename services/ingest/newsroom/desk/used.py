"""What readers have been told before, to pick again: medicines, topics, advice, where to report.

Of what is out alone, and in earnest: nothing of a draft, an exercise, or what was withdrawn."""

from dataclasses import dataclass, field

from services.ingest.desk.given import KnownMedicine
from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.store import STATES, Articles
from services.ingest.subjects.store import Subjects
from shared.article import Article

_LOOKED_THROUGH = 40
"""The newest alerts, and what else there is among so many of the newest articles."""
_LISTED = 24
"""Medicines, and topics, that are offered."""
_ADVICE = 6
"""Sentences of advice that are offered."""
PATIENTS_REPORT = "https://www.dmp.no/bivirkninger-og-sikkerhet/meld-bivirkninger/bivirkningsmelding-for-pasienter"
"""Where patients in Norway report, until an association has said otherwise once."""
STAFF_REPORT = "https://melde.no/"
"""The same for health personnel."""


@dataclass(frozen=True)
class UsedBefore:
    """The newest first."""

    medicines: dict[str, tuple[str, ...]]
    """Brands by substance."""
    topics: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    """What to do."""
    patient: str = ""
    """Where patients report."""
    health_personnel: str = ""
    known: tuple[KnownMedicine, ...] = ()
    """All medicines that are subjects, and those of the newest alerts."""


@dataclass
class UsedMemory:
    """Reads each revision once: they never change."""

    articles: Articles
    subjects: Subjects
    _read: dict[tuple[str, int], Article] = field(default_factory=dict)

    async def __call__(self) -> UsedBefore:
        """What the newest alerts have said, and the medicines that are subjects."""
        found = await self.articles.newest(STATES, _LOOKED_THROUGH * 4)
        lives = [life for life in found if life.live and life.mode in (None, "actual")]
        alerts = [life for life in lives if life.kind == "safety_alert"][:_LOOKED_THROUGH]
        others = [life for life in lives[:_LOOKED_THROUGH] if life.kind != "safety_alert"]
        articles = [await self._article(life) for life in [*alerts, *others]]
        known = {(life.id, life.live) for life in [*alerts, *others]}
        self._read = {key: one for key, one in self._read.items() if key in known}
        return await self._used(articles)

    async def _article(self, life: Life) -> Article:
        assert life.live
        key = (life.id, life.live)
        if key not in self._read:
            (found,) = await self.articles.revisions(life.id, [life.live])
            self._read[key] = found.article
        return self._read[key]

    async def _used(self, articles: list[Article]) -> UsedBefore:
        medicines: dict[str, dict[str, None]] = {}
        codes: dict[str, dict[str, None]] = {}
        for article in articles:
            for medicine in article.alert.medicines if article.alert else ():
                brands = medicines.setdefault(medicine.substance, {})
                brands.update(dict.fromkeys(medicine.brands))
                its_codes = codes.setdefault(medicine.substance, {})
                its_codes.update(dict.fromkeys(atc.code for atc in medicine.atc))
        for subject in await self.subjects.all():
            if subject.substance:
                medicines.setdefault(subject.substance, {}).update(dict.fromkeys(subject.brands))
                codes.setdefault(subject.substance, {}).update(dict.fromkeys(subject.atc))
        topics = dict.fromkeys(topic for article in articles for topic in article.topics)
        alerts = [article.alert for article in articles if article.alert]
        advice = dict.fromkeys(one for alert in alerts for one in alert.what_to_do)
        report = alerts[0].report if alerts else None
        return UsedBefore(
            medicines={name: tuple(brands) for name, brands in list(medicines.items())[:_LISTED]},
            topics=tuple(topics)[:_LISTED],
            advice=tuple(advice)[:_ADVICE],
            patient=report.patient if report else PATIENTS_REPORT,
            health_personnel=report.health_personnel if report else STAFF_REPORT,
            known=tuple(
                KnownMedicine(name, tuple(brands), tuple(codes[name]))
                for name, brands in medicines.items()
            ),
        )
