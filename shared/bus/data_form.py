"""Whether the data in Redis is such that this release may run on it; see shared/release.py.

One hash for all services: each form that was ever written, and the first release that did. A
service adds its own at its start. It may add and never remove or change one, so the newest stays
the newest, whoever goes back. A release that runs while a newer one adds a form that it cannot read
stops by itself (keeper.py).
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from shared import release

KEY = "varsel:forms"
UNKNOWN_FORM = (
    "unknown_form: a newer release has changed the data so that this one cannot read it; nobody is "
    "mailed. Start the newest release of all services"
)
"""The problem, in health, of a release that runs when it happens."""
_FIRST = 1
"""The form of data from before forms were kept."""
_BEGUN = (*(f"{service}:epoch" for service in ("ingest", "render")), "notify:keys")
"""Keys that each service makes at its first start, with its epoch."""


class DataRefused(Exception):
    """This release cannot run on the data; the message says so and what to do, in Norwegian."""


@dataclass(frozen=True)
class DataForm:
    """The newest form that the data has parts of."""

    number: int
    release: str
    """The first that wrote it; empty if nobody kept that."""

    @property
    def named(self) -> str:
        by = f" av Varsel {self.release}" if self.release else ""
        return f"Dataene er skrevet{by} i form {self.number}."


@dataclass(frozen=True)
class Release:
    """What of a release decides which data it runs on."""

    version: str = release.VERSION
    form: int = release.FORM
    oldest: int = release.OLDEST_FORM
    newest: int = release.NEWEST_FORM


THIS = Release()


def refusal(found: DataForm | None, ours: Release) -> str:
    """Why a release cannot run on the data, and what to do; empty if it can. `found` is None of
    data that is still empty. Pure."""
    if found and found.number > ours.newest:
        return (
            f"{found.named} Dette er Varsel {ours.version}, som ikke leser nyere enn form "
            f"{ours.newest}. Start den nyeste versjonen igjen; hit kommer du bare med en "
            "sikkerhetskopi fra før (docs/operator.md, «A new release»)."
        )
    if found and found.number < ours.oldest:
        return (
            f"{found.named} Dette er Varsel {ours.version}, som ikke leser eldre enn form "
            f"{ours.oldest}. Start først en versjon mellom de to, og vent til alt er friskt "
            "(docs/operator.md, «A new release»)."
        )
    return ""


def refusal_of_command(found: DataForm | None, ours: Release) -> str:
    """The same of a command, which works on data that services of another release may run on."""
    if found and ours.form > found.number + 1:
        return (
            f"{found.named} Denne kommandoen er fra Varsel {ours.version} og skriver form "
            f"{ours.form}, som tjenestene ikke leser. Oppgrader dem først, eller bruk kommandoen "
            "fra deres versjon."
        )
    return refusal(found, ours)


async def read(redis: Redis, *begun: str) -> DataForm | None:
    """The newest form in the data; None if it is still empty, as far as the keys `begun` tell.
    redis-py's errors."""
    kept = await cast("Awaitable[dict[bytes, bytes]]", redis.hgetall(KEY))
    forms = {int(number): by.decode() for number, by in kept.items() if number.isdigit()}
    if forms:
        newest = max(forms)
        return DataForm(newest, forms[newest])
    return DataForm(_FIRST, "") if begun and await redis.exists(*begun) else None


async def begin(redis: Redis, service: str) -> None:
    """Note that this release writes here from now on; `service` is whose rights `redis` has.
    DataRefused if it cannot run on the data, and then nothing is noted; redis-py's errors."""
    own = [key for key in _BEGUN if key.startswith(f"{service}:")]
    found = await read(redis, *own)
    if why := refusal(found, THIS):
        raise DataRefused(why)
    if found is None or found.number < THIS.form or not found.release:
        await note(redis)


async def note(redis: Redis) -> None:
    """Note that data of this release's form is written; redis-py's errors."""
    noted = redis.hsetnx(KEY, str(THIS.form), THIS.version)
    await cast("Awaitable[bool]", noted)


async def look(redis: Redis, *, is_copy: bool = False) -> None:
    """See that a command may work on the data, with the operator's rights; on a copy no services
    run meanwhile. DataRefused if not; redis-py's errors. Changes nothing."""
    found = await read(redis, *_BEGUN)
    if why := refusal(found, THIS) if is_copy else refusal_of_command(found, THIS):
        raise DataRefused(why)


async def is_known(redis: Redis) -> bool:
    """Whether a release that runs can still read the data; redis-py's errors."""
    return not refusal(await read(redis), THIS)
