"""Flow: one look at the system, as its readers, followers and members see it."""

import asyncio
import json
import ssl
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from xml.parsers import expat

import httpx
from pydantic import BaseModel, ValidationError

from services.notify.deliveries.live_page import Reading, is_withdrawn, shows
from services.notify.deliveries.public_site import PublicSite
from services.notify.looks.certificate import certificate_ends
from services.notify.posting.send_heartbeats import PATH as HEARTBEAT
from varsel.guard.heartbeat import seen_heartbeat
from varsel.guard.mailbox import ProbeMailbox
from varsel.guard.settings import GuardSettings
from varsel.guard.sight import MailSeen, Memory, SeenAlert, SeenHeartbeat, Sight

LOOK_SECONDS = 15.0
"""For all of it: what is not seen by then does not answer."""
PLACES = ("/", "/sok/", "/bli-medlem/")
"""Pages that readers have while all runs: each of another service, or of the web server alone."""
_FEEDS = ("/feed.json", "/feed.atom")
_PAGES = 10
"""Alerts whose pages are looked at, the latest."""
_IN_FEED = timedelta(hours=24)
"""How long an alert is surely in the feed, whatever is published after it."""
_WHY = {
    "dns": "navnet finnes ikke i DNS",
    "connect": "ingen forbindelse",
    "tls": "sertifikatet eller TLS godtas ikke",
    "no_answer": "svarer ikke ferdig",
    "redirect": "sender leserne til et annet sted",
}


class _Listed(BaseModel):
    alerts: list[SeenAlert]


class OutsideLooker:
    """Looks at the system that the settings name."""

    def __init__(self, settings: GuardSettings) -> None:
        self._settings = settings
        self._site = PublicSite(settings.site)
        self._trust = ssl.create_default_context()
        mailbox = settings.mailbox
        self.mailbox = ProbeMailbox(mailbox, settings.probes) if mailbox else None

    async def look(self, memory: Memory) -> tuple[Sight, Memory]:
        """What is seen now, and the memory with what was read in the mailbox. Raises nothing that
        the system could cause; takes LOOK_SECONDS at most."""
        places = asyncio.gather(
            *(self._place(path) for path in PLACES),
            *(self._feed(path, memory.alerts) for path in _FEEDS),
            *(self._page(alert) for alert in memory.alerts[:_PAGES]),
        )
        (alerts, api), certificate, (why, kept), heartbeat, found = await asyncio.gather(
            self._alerts(),
            certificate_ends(self._settings.site),
            self._mail(memory),
            self._heartbeat(),
            places,
        )
        is_known = self.mailbox is not None and not why
        sight = Sight(
            at=datetime.now(UTC),
            places=dict(found),
            heartbeat=heartbeat,
            api=api,
            alerts=alerts,
            certificate_ends=certificate,
            mailbox=why,
            mail={probe: frozenset(kept.found.get(probe, ())) for probe in self._settings.probes}
            if kept and is_known
            else None,
        )
        return sight, memory.model_copy(update={"mail": kept}) if kept else memory

    async def _place(self, path: str) -> tuple[str, str]:
        reading = await self._site.read(path)
        return path, _wrong(reading, HTTPStatus.OK)

    async def _feed(self, path: str, alerts: Iterable[SeenAlert]) -> tuple[str, str]:
        reading = await self._site.read(path)
        wrong = _wrong(reading, HTTPStatus.OK)
        new = [one for one in alerts if _is_new(one)]
        return path, wrong or wrong_feed(path, reading.html, new)

    async def _page(self, alert: SeenAlert) -> tuple[str, str]:
        if alert.mode != "actual":
            return alert.path, ""
        reading = await self._site.read(alert.path)
        return alert.path, wrong_page(reading, alert)

    async def _heartbeat(self) -> SeenHeartbeat:
        reading = await self._site.read(HEARTBEAT)
        return seen_heartbeat(reading, _wrong(reading, HTTPStatus.OK))

    async def _mail(self, memory: Memory) -> tuple[str, MailSeen | None]:
        return await self.mailbox.read(memory.mail, LOOK_SECONDS) if self.mailbox else ("", None)

    async def _alerts(self) -> tuple[tuple[SeenAlert, ...], str]:
        key = self._settings.key.get_secret_value()
        try:
            async with (
                asyncio.timeout(LOOK_SECONDS),
                httpx.AsyncClient(verify=self._trust, timeout=LOOK_SECONDS, trust_env=False) as api,
            ):
                answer = await api.get(
                    f"{self._settings.site}/api/receipts",
                    headers={"Authorization": f"Bearer {key}"},
                )
        except TimeoutError:
            return (), _WHY["no_answer"]
        except (httpx.HTTPError, ssl.SSLError) as error:
            return (), f"ingen forbindelse ({type(error).__name__})"
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            return (), "nøkkelen er ikke gyldig; lag en ny med «varsel keys create --only receipts»"
        if not answer.is_success:
            return (), f"svarer {answer.status_code}"
        try:
            return tuple(_Listed.model_validate_json(answer.content).alerts), ""
        except ValidationError:
            return (), "svaret har en annen form; har vakten og systemet samme versjon?"


def wrong_page(reading: Reading, alert: SeenAlert) -> str:
    """What is wrong with the page of an alert, in words; empty if nothing is."""
    if wrong := _wrong(reading, HTTPStatus.OK, HTTPStatus.GONE):
        return wrong
    marks = _Marks(id=alert.article, revision=alert.revision, sha256=alert.sha256)
    if alert.withdrawn:
        return (
            ""
            if is_withdrawn(reading.html, marks)
            else "varselet er trukket, og siden sier det ikke"
        )
    if shows(reading.html, marks) or is_withdrawn(reading.html, marks):
        return ""
    return "viser ikke varselets nyeste utgave"


def wrong_feed(path: str, text: str, alerts: Sequence[SeenAlert]) -> str:
    """What is wrong with the feed at this path, which should have these alerts; empty if nothing
    is."""
    if path.endswith(".json"):
        return _wrong_json(text, {alert.article for alert in alerts})
    return _wrong_atom(text, {alert.path for alert in alerts})


def _wrong_json(text: str, articles: set[str]) -> str:
    try:
        there = {item["_varsel"]["article"] for item in json.loads(text)["items"]}
    except (ValueError, KeyError, TypeError):
        return "er ingen JSON-strøm"
    return "mangler et varsel" if articles - there else ""


def _wrong_atom(text: str, paths: set[str]) -> str:
    try:
        expat.ParserCreate().Parse(text.encode(), True)
    except expat.ExpatError:
        return "er ingen Atom-strøm"
    return "mangler et varsel" if any(path not in text for path in paths) else ""


class _Marks(BaseModel):
    id: str
    revision: int
    sha256: str


def _wrong(reading: Reading, *good: HTTPStatus) -> str:
    if reading.failure:
        return _WHY[reading.failure]
    return "" if reading.status in good else f"svarer {reading.status}"


def _is_new(alert: SeenAlert) -> bool:
    is_new = datetime.now(UTC) - alert.owed_since < _IN_FEED
    return alert.mode == "actual" and not alert.withdrawn and is_new
