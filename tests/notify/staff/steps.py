"""What ingest tells notify of people of the staff, and what tests look at after it."""

import secrets
from datetime import UTC, datetime, timedelta

import httpx
from redis.asyncio import Redis

from services.notify.staff.store import Staff, token_hash
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.events import PeopleToBeTold, PersonGone, StaffAddressWanted, StaffEvent, to_fields
from shared.service import Service
from shared.staff import AddressLink, GonePerson, NewsForStaff, WordToStaff
from shared.trace import new_traceparent
from tests.notify.system import System
from tests.visitor import Visitor

ARTICLE = "0123456789abcdef"
KARI, OLA = "00000000000000aa", "00000000000000bb"
AT_HOME, AT_WORK = "kari.hemmelig@example.org", "ola.hemmelig@example.org"


def to_be_told(
    *people: str, about: NewsForStaff = "waits", nth: int = 1, article: str = ARTICLE
) -> PeopleToBeTold:
    return PeopleToBeTold(
        id=f"{article}.waits.{nth}",
        source="/varsel/ingest",
        subject="staff",
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=WordToStaff(people=people, about=about, article=article, revision=3),
    )


def gone(person: str) -> PersonGone:
    return PersonGone(
        id=f"{person}.gone",
        source="/varsel/ingest",
        subject="staff",
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=GonePerson(person=person),
    )


def link_for(person: str, life: timedelta = timedelta(hours=1)) -> tuple[str, StaffAddressWanted]:
    """The token of a link, and the event that tells of it."""
    token = secrets.token_urlsafe(32)
    return token, StaffAddressWanted(
        id=f"{person}.{token_hash(token)[:16]}",
        source="/varsel/ingest",
        subject="staff",
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=AddressLink(
            person=person, token_sha256=token_hash(token), expires=datetime.now(UTC) + life
        ),
    )


def visitor(service: Service, on: System) -> Visitor:
    """Somebody at the page for addresses."""
    transport = httpx.ASGITransport(service.http, client=("192.0.2.1", 1))
    return Visitor(httpx.AsyncClient(transport=transport, base_url=on.settings.site))


async def tell(up: System, *events: StaffEvent) -> None:
    """Have notify handle these."""
    for event in events:
        await up.redis.xadd("control", to_fields(event))
    await up.settled("control")


async def staff_of(up: System) -> Staff:
    """As another process of notify, or a command, has it."""
    found = await keys.load(up.redis, secret_key(up.settings))
    return Staff(up.redis, Vault(found.vault, found.index))


async def all_of_redis(redis: Redis) -> bytes:
    """Every key and value, as Redis gives them away."""
    found = []
    for key in await redis.keys():
        found += [key, await redis.dump(key) or b""]  # it may be gone by now
    return b"\n".join(found)
