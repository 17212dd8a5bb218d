"""All that is known of one member: for their page, and for the command that exports it."""

import json
from datetime import UTC, datetime
from typing import Any, cast

from services.notify.bounces.marks import AddressStanding, standing
from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.choices.subjects import subjects
from services.notify.member_pages.history.read_history import MailedAlert, alerts_of
from services.notify.member_pages.history.told import told
from services.notify.member_pages.look import PageWords
from services.notify.member_pages.visit import LoggedIn
from services.notify.members.store import CONSENTS, Members


async def about(
    members: Members, choices: Choices, bounces: Bounces, person: LoggedIn
) -> dict[str, Any]:
    """What is kept of a member besides their record; raises redis-py's errors."""
    redis, now = members.redis, datetime.now(UTC)
    numbers = await members.numbers_of(person.number)
    kept = cast("bytes | None", await redis.hget(CONSENTS, person.member.consent))
    chosen = await choices.of(person.number)
    marks = [mark for each in (await bounces.marks(numbers)).values() for mark in each]
    address = bounces.address(person.member.email)
    named = {subject.id: subject for subject in await subjects(redis)}
    return {
        "numbers": numbers,
        "consent": json.loads(kept) if kept else None,
        "chosen": None if chosen is None else [named[id_] for id_ in chosen if id_ in named],
        "alerts": await alerts_of(redis, numbers, now, {m.delivery: m.code for m in marks}),
        "is_unreachable": standing(marks, address=address, now=now) is AddressStanding.GONE,
    }


def document(person: LoggedIn, about: dict[str, Any]) -> dict[str, Any]:
    """The same as one JSON document, for the member."""
    member, words, chosen = person.member, PageWords("nb"), about["chosen"]
    alerts: list[MailedAlert] = about["alerts"]
    return {
        "medlem": {
            "epost": member.email,
            "navn": member.name,
            "spraak": member.lang,
            "meldt_av": person.has_left,
            "kommer_i_retur": about["is_unreachable"],
            "numre": about["numbers"],
            "registre": [name for name in member.lists.split(",") if name],
        },
        "samtykke": {
            "ord": about["consent"],
            "hvordan": member.how,
            "bedt_om": member.asked or None,
            "bekreftet": member.confirmed or None,
        },
        "emner": None if chosen is None else [subject.id for subject in chosen],
        "varsler": [
            {
                "tittel": alert.title,
                "side": alert.path,
                "publisert": alert.published.isoformat(),
                "trukket": alert.is_withdrawn,
                "utsendinger": [
                    {
                        "hva": step.kind,
                        "hva_skjedde": step.fate,
                        "med_ord": told(step, words),
                        "kode": step.codes or None,
                        "mellom": [step.began.isoformat(), step.ended.isoformat()],
                    }
                    for step in alert.steps
                ],
            }
            for alert in alerts
        ],
    }
