"""What a member takes along is all that is kept of them: the document is held against the rows of
docs/privacy.md that are about members."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.bounces.marks import Mark
from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.ledger.bounced import note_bounced
from services.notify.ledger.delivery import tries_key
from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import Letters, letter_key
from services.notify.letters.tickets import Tickets
from services.notify.member_pages.about import about
from services.notify.member_pages.everything.document import document
from services.notify.member_pages.everything.read_rest import read_rest
from services.notify.member_pages.visit import LoggedIn
from services.notify.members.membership import Membership, OnChange
from services.notify.members.opened import open_membership
from services.notify.passkeys.store import MemberPasskeys
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.passkeys.ceremonies import Passkey
from shared.visitors.sessions import MEMBER_SESSIONS, Proof, Sessions
from tests.docs.privacy import matching, rows
from tests.notify.bounces.steps import another
from tests.notify.member_pages.conftest import know_subjects
from tests.notify.notices import CONTENT, approved, tell
from tests.notify.revisions import original
from tests.notify.system import System, running

KARI = "kari@example.org"
SAID = "550 5.7.1 we do not take this"
IN_DOCUMENT = {
    "notify:members:{n}": "medlem.epost",
    "notify:index:{n}": "medlem.numre",
    "notify:left:{n}": "avmeldinger",
    "notify:left_at:{n}": "avmeldinger.0.tid",
    "notify:gone": "avmeldinger.0.nummer",
    "notify:earlier": "tidligere.0.nummer",
    "notify:earlier:chain": "tidligere.0.nummer",
    "notify:later": "tidligere.0.nummer",
    "notify:choice:base": "emner",
    "notify:choice:{emne}": "emner.0",
    "notify:staff": "medlem.faar_ovelser",
    "notify:ledger:{delivery}": "varsler.0.utsendinger.0.hva_skjedde",
    "notify:failures:{delivery}": "varsler.1.utsendinger.0.kode",
    "notify:replies:{delivery}": "varsler.1.utsendinger.0.e_posttjenestens_ord",
    "notify:tries:{delivery}": "varsler.1.utsendinger.0.avvist_ganger",
    "notify:bounced:{delivery}": "varsler.0.utsendinger.0.kom_i_retur_med",
    "notify:bounces:marks:{n}": "retur.0.kode",
    "notify:bounces:heard:{hash}": "retur.0.kom",
    "notify:session:{hash}": "innlogginger.0.begynte",
    "notify:sessions-ended:{number}": "logget_ut_overalt",
    "notify:sessions-of:{number}": "innlogginger.0.begynte",
    "notify:links-of:{hash}": "lenker.0.til",
    "notify:passkeys:{number}": "passnokler.0.laget",
    "notify:letter:{id}": "brev.0.hva",
    "notify:letters:of:{hash}": "brev.0.hva",
    "notify:ticket:{hash}": "lenker.0.virker_til",
    "ingest:notices": "meldinger.0.what_happened",
    "control": "meldinger.0.utsending.hva_skjedde",
}
"""Where in the document it stands what each row has of the member."""
NOT_IN_DOCUMENT = {
    "notify:scratch": "there only while a script runs",
    "notify:preview": "there only while a script runs",
    "notify:returning": "there for a moment; then it is in `numre`",
    "notify:bounces:mail": "read within seconds; then it is in `retur`",
    "notify:bounces:surges": "a domain, and no member",
    "notify:inbox": "their own mails; in a system that is only tried",
    "control.dead": "what notify gave up of `control`: it has done nothing with it",
    "notify:codes:{hash}": "found by the browser alone; its letter is in `brev`",
    "notify:letters:to:{hash}": "a count of what is in `brev`, for an hour",
    "notify:journal:late": "what `avmeldinger` and `numre` have, until the disk takes it",
}


def test_each_row_about_members_is_in_the_document_or_says_why_not() -> None:
    about_members = {
        row.pattern for row in rows() if "medlemmer" in row.about or row.about.startswith("den som")
    }
    assert about_members == IN_DOCUMENT.keys() | NOT_IN_DOCUMENT.keys()
    assert IN_DOCUMENT.keys() & NOT_IN_DOCUMENT.keys() == set()


@dataclass(frozen=True)
class Rooms:
    membership: Membership
    bounces: Bounces
    letters: Letters
    tickets: Tickets


def _at(document: Any, path: str) -> Any:
    for step in path.split("."):
        document = document[int(step) if step.isdecimal() else step]
    return document


@pytest.mark.parametrize("as_who", ["member", "left"])
async def test_a_member_takes_along_all_that_there_is(notify: System, as_who: str) -> None:
    """Who has left, come back, been refused mail and got some back, and asked for letters."""
    redis = Redis.from_url(notify.url)  # as notify may
    found = await keys.load(redis, secret_key(notify.settings))
    vault = Vault(found.vault, found.index)
    choices, bounces = Choices(redis, vault), Bounces(redis, vault)
    passkeys, letters = MemberPasskeys(redis, vault), Letters(redis, vault, found.letters)
    returned = OnChange(returned=[choices.carry_over])
    await notify.join("ola@example.org", KARI)
    await know_subjects(redis, "Leddgikt")
    async with open_membership(redis, notify.settings, lambda *_: returned) as membership:
        assert await choices.set(2, ["leddgikt"])
        await membership.leave(2)
        number = await membership.come_back(2)
        await membership.members.mark_staff([number])
        async with running(notify):
            await notify.publish(original)
            delivery = str((await notify.delivery_of(original))["id"])
            notify.relay.after_data = lambda to: SAID if to == KARI else None
            await notify.publish(another("b"))
            refused = str((await notify.delivery_of(another("b")))["id"])
            notify.relay.after_data = lambda _: None
            await tell(notify, approved("Kari", "Anne"))
        await redis.hset(tries_key(refused), str(number), 2)
        await note_bounced(redis, delivery, {number: "5.1.1"})
        at = int(datetime.now(UTC).timestamp())
        mark = Mark(delivery, at - 60, "5.1.1", at, bounces.address(KARI))
        await bounces.mark(number, bounces.domain(KARI), mark)
        sessions = Sessions(redis, MEMBER_SESSIONS, b"p" * 32)
        await sessions.begin("1", Proof.LETTER)
        await sessions.begin(str(number), Proof.LETTER)
        await sessions.end_all(str(number))
        await sessions.begin(str(number), Proof.PASSKEY)
        asked = Asked(LetterKind.LOGIN, KARI, browser="b", at=datetime.now(UTC))
        letter = letters.accepted(asked, "a passkey")
        assert await passkeys.add(number, Passkey("RW5lbg", "bm9ra2Vs", 1, is_synced=True), letter)
        for email in (KARI, "ola@example.org"):
            await letters.ask(Asked(LetterKind.LOGIN, email))
            tickets = Tickets(redis, vault, found.letters)
            one = Asked(LetterKind.LOGIN, email, number=number if email == KARI else 1)
            await tickets.make(one, letter=f"letter of {email}", made=datetime.now(UTC))
        if as_who == "left":
            await membership.leave(number)
        members = membership.members
        sealed = (await members.records([number]))[number]
        person = LoggedIn(number, sealed, members.open(number, sealed), as_who == "left")
        known = await about(members, choices, bounces, passkeys, person)
        rooms = Rooms(membership, bounces, letters, Tickets(redis, vault, found.letters))
        rest = await read_rest(rooms, vault, person, known["alerts"])
        taken = document(person, known, rest)
    there = {row async for key in notify.redis.scan_iter() for row in matching(key.decode())}
    of_others = {"ingest:notices"} | ({"notify:staff"} if as_who == "left" else set())
    assert IN_DOCUMENT.keys() - there == of_others
    for row in IN_DOCUMENT.keys() - {"notify:staff"}:
        assert _at(taken, IN_DOCUMENT[row]), row
    assert taken["medlem"]["faar_ovelser"] is (as_who == "member")
    assert taken["medlem"]["numre"] == [number, 2]
    assert taken["medlem"]["meldt_av"] is (as_who == "left")
    assert {one["hvordan"] for one in taken["avmeldinger"]} == {"meldte seg av"}
    assert len(taken["avmeldinger"]) == (2 if as_who == "left" else 1)
    back, failed = (alert["utsendinger"][0] for alert in taken["varsler"])
    assert (failed["kode"], failed["e_posttjenestens_ord"]) == ("5.7.1 550", SAID[4:])
    assert back["kom_i_retur_med"] == "5.1.1"
    assert [one["med"] for one in taken["innlogginger"]] == ["passnøkkel"], (
        "nobody else's, none old"
    )
    assert {one["til"] for one in taken["brev"] + taken["lenker"]} == {KARI}
    assert taken["meldinger"][0]["what_happened"] == CONTENT.what_happened
    assert "members" not in taken["meldinger"][0], "whom else it was for"
    until = datetime.fromisoformat(taken["lenker"][0]["virker_til"])
    assert abs(until - datetime.now(UTC) - LetterKind.LOGIN.life) < timedelta(minutes=5)
    assert letter_key("") not in str(taken)
