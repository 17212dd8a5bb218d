"""Somebody of the staff is told; and a notice to members is mailed."""

import secrets
import time
from collections import Counter
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.ingest.people.store import People
from services.ingest.telling.store import DUE, TELLINGS
from services.ingest.telling.telling import Telling
from services.notify.ledger.delivery import deliveries
from services.notify.letters.store import QUEUE
from services.notify.staff.store import Staff
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from shared.events import NoticeApproved, PeopleToBeTold, from_fields, to_fields
from shared.notice import MemberNotice, NoticeContent
from shared.revision import Approval
from shared.trace import new_traceparent
from tests.chaos.system import Chaos
from tests.chaos.versions import MOST_TWICE

SECRET = "k" * 64
_EMAIL = "redaksjonen@example.org"
MEMBERS = 100
"""Of a notice."""


async def vault_of(redis: Redis) -> Vault:
    found = await keys.load(redis, SECRET)
    return Vault(found.vault, found.index)


class TellingDeed:
    """A step has planned what somebody is to be told: ingest says it, notify mails it."""

    name = "telling"
    kinds = ("tell_people.lua", "tell_staff.lua", "HGET notify:people", "HMGET notify:people")

    async def prepare(self, chaos: Chaos) -> str:
        async with chaos.redis as redis:
            people = People(redis)
            person = await people.named("Kari") or await people.add("Kari", "approver")
            await Staff(redis, await vault_of(redis)).set(person.id, _EMAIL)
            return f"{secrets.token_hex(6)} {person.id} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        article, person, _ = about.split()
        telling = Telling(about="rejected", article=article, people=(person,))
        async with chaos.redis as redis, redis.pipeline(transaction=True) as step:
            step.hset(TELLINGS, f"{article}.1.rejected", telling.model_dump_json())
            step.zadd(DUE, {f"{article}.1.rejected": round(time.time() * 1000)})
            await step.execute()

    async def lacks(self, chaos: Chaos, about: str) -> str:
        article, _, before = about.split()
        async with chaos.redis as redis:
            found = [from_fields(fields) for _, fields in await redis.xrange("control")]
            waits = await redis.zcard(QUEUE) or await redis.hexists(
                TELLINGS, f"{article}.1.rejected"
            )
            pending = (await redis.xpending("control", "notify"))["pending"]
        told = [e for e in found if isinstance(e, PeopleToBeTold) and e.data.article == article]
        mails = [m for m in chaos.sink.taken[int(before) :] if m.recipient == _EMAIL]
        if len(told) != 1:
            return f"told {len(told)} times"
        if not mails or waits or pending:
            return "not mailed"
        if len(mails) > 2 or len({mail.message_id for mail in mails}) > 1:
            return f"mailed {len(mails)} times"
        return ""


class NoticeDeed:
    """Two people have approved a notice: notify mails it to those whom it names."""

    name = "notice"
    kinds = ("start_notice.lua",)

    async def prepare(self, chaos: Chaos) -> str:
        return f"{secrets.token_hex(8)} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        at = datetime.now(UTC)
        content = NoticeContent(
            lang="nb",
            what_happened="En kopi kom bort.",
            consequences="Ingen som vi vet om.",
            measures="Vi har byttet nøkkel.",
            contact="Kari Eksempel",
            members=tuple(range(1, MEMBERS + 1)),
        )
        notice = about.split(maxsplit=1)[0]
        event = NoticeApproved(
            id=f"{notice}.1.notice.approved",
            source="/varsel/ingest",
            subject=notice,
            time=at,
            traceparent=new_traceparent(),
            data=MemberNotice(
                id=notice,
                content=content,
                sha256=content.sha256,
                approved_at=at,
                approvals=tuple(
                    Approval.model_validate({"by": name, "at": at, "sha256": content.sha256})
                    for name in ("Kari", "Ola")
                ),
            ),
        )
        async with chaos.redis as redis:
            await redis.xadd("control", to_fields(event))

    async def lacks(self, chaos: Chaos, about: str) -> str:
        notice, before = about.split()
        return await notice_lacks(chaos, notice, int(before))


async def notice_lacks(chaos: Chaos, notice: str, before: int) -> str:
    """What is not so as it must be of a notice that was approved when the relay had taken so many
    mails; empty if all is."""
    async with chaos.redis as redis:
        mine = [one for one in await deliveries(redis) if one["id"] == f"{notice}.1"]
    if len(mine) != 1 or mine[0]["state"] != "complete":
        return "not complete"
    got = Counter(
        mail.recipient for mail in chaos.sink.taken[before:] if mail.delivery == f"{notice}.1"
    )
    wanted = set(chaos.members[:MEMBERS])
    if set(got) != wanted:
        return f"{len(wanted - set(got))} without it, {len(set(got) - wanted)} too many"
    twice = sum(count > 1 for count in got.values())
    return f"{twice} got it twice" if twice > MOST_TWICE else ""
