"""A newsroom with an article in every state.

What people wrote in it is nynorsk, so that a word of bokmål on a page in nynorsk is the newsroom's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from services.ingest.desk.shape import in_shape
from services.ingest.desk.store import Desk
from services.ingest.newsroom.desk.listing import SHOWN
from services.ingest.people.invitations import Invitations
from services.ingest.people.keys import ApiKeys
from services.ingest.people.store import People
from services.ingest.subjects.store import Subjects
from shared.subject import Subject
from tests.browsers.newsroom.steps.staff import begun, run, store
from tests.browsers.world import World
from tests.make import alert, alert_fields, news
from tests.server import free_port
from tests.system.hands import ByApi
from tests.system.running import Up
from tests.wait import until

SITE_NAME = "Eksempelforeninga"
EMAIL = "kari@example.org"
_WRITTEN: dict[str, Any] = {
    "title": "Eksempelinib kan skade levra",
    "lead": "Styresmaktene åtvarar mot leverskade ved bruk av eksempelinib.",
    "lang": "nn",
    "kicker": "Tryggleik",
    "byline": "Skriven av Ola Eksempel",
    "topics": ["legemiddeltryggleik"],
    "body": "Tilsynet har fått fleire meldingar.\n\n– Vi følgjer nøye med, seier legen.\n",
}
_ALERT: dict[str, Any] = _WRITTEN | {
    "alert": alert_fields()
    | {
        "what_happened": "Eksempelinib kan gje alvorleg leverskade hos somme pasientar.",
        "who_is_affected": "Alle som bruker Exempla eller Provo.",
        "what_to_do": ["Bestill time hos legen.", "Ta blodprøve før neste dose."],
        "stop_advice": {"code": "do_not_stop", "text": "Ikkje slutt utan å snakke med legen."},
        "seek_help_if": ["Ring 113 viss du blir gul i huda og svært slapp."],
        "groups": ["Eldre over 65 år"],
        "conditions": ["Leddgikt"],
    }
}


@dataclass
class Filled:
    """The system, with the cookies and the ids of what is on it."""

    up: Up
    admin: str
    invitation: str
    provider: int
    """The port on which the association's own log-in would be."""
    draft: str = ""
    ids: dict[str, str] = field(default_factory=dict)


@contextmanager
def filled() -> Iterator[Filled]:
    """A system whose relay is away, so that a delivery waits, with something on every page."""
    port = free_port()
    settings = {
        "VARSEL_SITE_NAME": SITE_NAME,
        "VARSEL_ALERT_APPROVALS": "1",
        "VARSEL_ALERT_HOLD": "0",
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{free_port()}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_OIDC_ISSUER": f"http://127.0.0.1:{port}",
        "VARSEL_OIDC_CLIENT_ID": "varsel",
        "VARSEL_OIDC_CLIENT_SECRET": "hemmeleg",
        "VARSEL_OIDC_NAME": "Eksempelkonto",
    }
    with Up(**settings) as up:
        # Browsers make no passkeys for an address of digits.
        up.env["VARSEL_SITE_URL"] = up.url = f"http://localhost:{up.port}"
        up.start()
        World(up).import_members((EMAIL, "Kari Medlem"))
        yield run(_fill(up, port))


async def _fill(up: Up, port: int) -> Filled:
    async with store(up) as redis:
        people, keys = People(redis), ApiKeys(redis)
        admin = await begun(redis, "Kari Eksempel", "admin")
        kari = await people.named("Kari Eksempel")
        assert kari
        ola = await people.add("Ola Eksempel", "editor", kari)
        await Subjects(redis).put(Subject(id="leddgikt", name="Leddgikt"), kari.name)
        for number in range(SHOWN):  # so that the list of drafts has a second page
            await Desk(redis).create(
                kari, in_shape({"title": f"Eldre møte {number}", "lang": "nn"})
            )
        invitation = await Invitations(redis).make(ola.id, kari)
        hands = ByApi(up, await keys.create(ola, kari), await keys.create(kari))
    made = Filled(up, admin, invitation, port)
    made.draft = (await hands.draft(_fields(alert, _ALERT | {"title": "Ei åtvaring"})))["id"]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat(timespec="minutes")
    for name, make, fields in (
        ("out", alert, _ALERT),
        ("waits", alert, _ALERT | {"title": "Eksempelinib kan skade nyrene"}),
        ("comes", news, _NEWS | {"title": "Møte om levra", "publish_at": tomorrow}),
        ("news", news, _NEWS),
        ("gone", news, _NEWS | {"title": "Møte som er avlyst"}),
    ):
        made.ids[name] = (await hands.draft(_fields(make, fields)))["id"]
        await hands.submit(made.ids[name])
    assert await hands.approve(made.ids["out"]) == 0
    await hands.preview(made.ids["waits"])
    path, note = f"/articles/{made.ids['gone']}/withdraw", {"note": "Møtet er avlyst."}
    await hands._ask("POST", path, key=hands.approver, json=note)

    async def waits_for_the_relay() -> bool:
        receipt = await hands._ask("GET", f"/articles/{made.ids['out']}/receipt")
        return bool(receipt.json()["state"] == "paused")

    await until(waits_for_the_relay, timeout=30)
    return made


_NEWS = _WRITTEN | {"title": "Møte om legemiddel"}


def _fields(make: Callable[..., Any], fields: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = make(**{k: v for k, v in fields.items() if k != "publish_at"})
    document = whole.model_dump(mode="json", exclude_none=True)  # type: ignore[attr-defined]
    return document | {k: v for k, v in fields.items() if k == "publish_at"}
