"""G8: no address or name of a member anywhere outside notify's sealed keys, whatever goes wrong."""

import asyncio
import json
import os
import re
import signal
import smtplib
from contextlib import suppress
from pathlib import Path

import httpx

from services.ingest.people.store import People
from services.notify.bounces.store import TOLD
from services.notify.ledger.delivery import bounces_key, put_off_key
from services.notify.staff.store import LINKS
from shared.events import to_fields
from tests.make import news
from tests.notify.bounces.shapes import OTHER, complaint, postfix, qmail
from tests.notify.posting.follower import SECRET
from tests.notify.staff.steps import to_be_told
from tests.server import processes_with_open
from tests.system import canary
from tests.system.canary import (
    CANARIES,
    all_words,
    commands_with,
    leaks,
    left_behind,
)
from tests.system.canary_pages import (
    letters_are_asked_for,
    members_use_their_pages,
    somebody_comes_and_goes,
)
from tests.system.canary_story import CHOSEN, HOOK_SECRET, Story, story
from tests.system.steps import complete, post, receipt
from tests.visitor import Visitor
from tests.wait import until

SUBJECTS_TOLD = re.compile(
    r"file (?:appendonlydir|site|search)/"
    r"|key b'(?:\w+:subjects(?::versions?)?|reference|ingest:audit)'$"
)
"""The places that tell of all subjects, whoever chose them; the trail of who took them in."""
SUBJECT_KEYS = re.compile(rb":subjects(?::versions?)?$|^XADD reference$|^HSET(?:NX)? ingest:audit$")
"""The same of commands in the database's log."""
WRONG_LINES = [
    f"{canary.TAKEN.email}.,{canary.TAKEN.name},nb",
    f"to@{canary.UNKNOWN.email},{canary.UNKNOWN.name},nb",
    f"{canary.LATER.email},{canary.LATER.name} \x07,nb",
    f"{canary.BROKEN.email},{canary.BROKEN.name},{canary.BROKEN.name}",
    f"å{canary.IDN.email},{canary.IDN.name},nb",
    f"{canary.REFUSED.name},{canary.REFUSED.email},nb",
]


async def test_g8_no_canary_is_anywhere_after_everything_that_can_go_wrong(
    tmp_path: Path,
) -> None:
    async with story() as told:
        told.up.start()
        told.key = told.up.key()
        await members_are_taken_in(told, tmp_path)
        first = await an_alert_meets_a_hostile_relay(told)
        await letters_are_asked_for(told)
        await members_use_their_pages(told)
        await somebody_comes_and_goes(told)
        await staff_are_told(told)
        await a_member_leaves(told)
        await mail_comes_back(told, first)
        await the_database_and_all_else_is_killed_in_mid_delivery(told)
        await a_record_is_damaged_and_mended(told)
        await an_event_is_given_up(told)
        await asyncio.to_thread(told.up.end, signal.SIGTERM)
        told.up.start()
        await everybody_looks(told, first)

        assert {m.wire for m in CANARIES} <= set(told.relay.tried)
        log = told.up.log()
        for event in ("relay_trouble", "post_failed", "event_failed", "event_given_up",
                      "server_ended", "library_log", "delivery_completed"):  # fmt: skip
            assert f'"{event}"' in log, f"the story lacks {event}"
        places = told.seen | await left_behind(told.up)
        assert any("appendonly" in place for place in places)
        assert any("notify:replies" in place for place in places)
        assert any("notify:bounced" in place for place in places)
        assert any(".journal" in place for place in places)
        assert len(set(told.secrets)) == 3 + 5
        assert any("notify:choice:" in place for place in places)
        assert any("notify:session" in place for place in places)
        assert len(set(told.cookies)) == 3 + 6
        secret = [HOOK_SECRET, "address-secret", SECRET, *told.secrets, *told.cookies]
        assert leaks(places, [*all_words(), *secret]) == []
        told_of = {leak.partition(": ")[0] for leak in leaks(places, [CHOSEN])}
        assert {place for place in told_of if not SUBJECTS_TOLD.match(place)} == set()
        with_choice = set(commands_with(places, CHOSEN))
        assert {one for one in with_choice if not SUBJECT_KEYS.search(one)} == set()
        assert with_choice
        of_link = leaks(places, [told.link_token])
        assert [leak for leak in of_link if "sha256 in hex" not in leak] == []
        assert any("notify:ticket" in place for place in places)
        posts = {f"post {call.id}": repr(call).encode() for call in told.follower.calls}
        assert posts
        assert leaks(posts, all_words()) == []


async def members_are_taken_in(told: Story, folder: Path) -> None:
    file = folder / "medlemmer.csv"
    good = [f"{member.email},{member.name},nb" for member in CANARIES]
    file.write_text("\n".join(["email,name,lang", *good, *WRONG_LINES]))
    report = await told.say("members", "import", str(file), "--consent", "Ja takk", "--json")
    assert json.loads(report)["taken"] == len(CANARIES)
    assert json.loads(report)["refused"]
    await told.say("members", "import", str(file), "--consent", "Ja takk")
    for no_list in (canary.IDN.name.encode("latin-1"), f'\n"{canary.LEAVER.email},'.encode()):
        other = folder / "ingen liste.csv"
        other.write_bytes(file.read_bytes() + no_list)
        await told.say("members", "import", str(other), "--consent", "Ja takk")


async def an_alert_meets_a_hostile_relay(told: Story) -> str:
    article = await told.alert("Et varsel til alle")
    # An address that some library will tell of: no HTTP at all.
    reader, writer = await asyncio.open_connection("127.0.0.1", told.up.port)
    writer.write(b"RCPT TO:<" + canary.TAKEN.wire.encode() + b">\r\n\r\n")
    await reader.read()
    writer.close()
    async with told.redis() as redis:
        await until(lambda: redis.exists(put_off_key(f"{article}.1")))
    await told.say("deliver", article, "--resume")  # who was put off need not be waited for
    done = await complete(told.up, told.key, article)
    assert (done["failed"], done["handed_over"]) == (1, len(CANARIES) - 1)
    return article


async def staff_are_told(told: Story) -> None:
    """One gives their address by a command and on a page; the relay quotes it."""
    who = canary.STAFF
    await asyncio.to_thread(told.up.json, "people", "invite", "Rune", stdin="")
    address = ("people", "address", "Rune")
    await asyncio.to_thread(told.up.json, *address, stdin=f"{who.wire}\n")
    await asyncio.to_thread(told.up.run, *address, stdin=f"{who.wire}@{who.wire}\n")
    link = (await asyncio.to_thread(told.up.json, *address, "--link"))["link"]
    told.link_token = link.split("/")[-2]
    async with told.redis() as redis, httpx.AsyncClient() as http:
        browser = Visitor(http)
        await until(lambda: redis.hlen(LINKS))
        assert (await browser.send(link, epost=f"{who.wire}@")).status_code == 422
        assert (await browser.send(link, epost=who.wire)).status_code == 200
        told.cookies += [value for value in http.cookies.values() if value]
        person = await People(redis).named("Rune")
        assert person
        before = told.relay.asked[who.wire]
        await redis.xadd("control", to_fields(to_be_told(person.id)))
        await until(lambda: told.relay.asked[who.wire] > before)


async def a_member_leaves(told: Story) -> None:
    link = told.relay.link_of(canary.LEAVER)
    assert told.ask("GET", link).status_code == 200
    assert told.ask("POST", link[:-5] + "wrong").status_code == 404
    assert told.ask("POST", f"{told.up.url}/member/{canary.LEAVER.email}").status_code == 404
    assert told.ask("POST", link).status_code == 200


async def mail_comes_back(told: Story, article: str) -> None:
    """From hosts whose notices name the member, and from one that knows no return path."""
    port = int(told.up.env["VARSEL_BOUNCE_PORT"])

    def send(to: str, content: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", port) as host, suppress(smtplib.SMTPException):
            host.sendmail(canary.TAKEN.wire, to, content)

    said = {
        canary.TAKEN: postfix("5.1.1"),
        canary.IDN: postfix("5.7.26"),
        canary.LATER: qmail("5.1.1"),
        canary.BROKEN: complaint(),
        canary.LEAVER: b"\xff\x00 nothing that anybody can read: " + canary.LEAVER.wire.encode(),
    }
    for member, mail in said.items():
        [*_, sent] = [taken for taken in told.relay.mails if taken.recipient == member.wire]
        named = mail.replace(OTHER.encode(), member.wire.encode())
        await asyncio.to_thread(send, sent.sender, named)
        await asyncio.to_thread(send, member.wire, named)
    async with told.redis() as redis:
        await until(lambda: redis.hlen(bounces_key(f"{article}.1")), timeout=30)
        await until(lambda: redis.hget(TOLD, "complaint"), timeout=30)
    await asyncio.to_thread(told.up.json, "members", "unreachable")


async def the_database_and_all_else_is_killed_in_mid_delivery(told: Story) -> None:
    told.relay.hold = asyncio.Event()
    before = len(told.relay.mails)
    article = await told.alert("Et varsel midt i en strømstans")
    await until(lambda: len(told.relay.mails) > before)
    [server] = processes_with_open(told.up.data / "appendonlydir")
    os.kill(server, signal.SIGKILL)
    await until(lambda: '"server_ended"' in told.up.log())
    told.up.end(signal.SIGKILL)
    told.relay.hold.set()
    told.relay.hold = None
    told.relay.drop()
    told.up.start()
    await complete(told.up, told.key, article)


async def a_record_is_damaged_and_mended(told: Story) -> None:
    async with told.redis() as redis:
        bucket = "notify:members:0"
        records = await redis.hgetall(bucket)
        # Of those who are mailed one can still be read, the first: if nobody can, our key is wrong,
        # and no member has failed.
        damaged = sorted(records, key=int)[1:]
        await redis.hset(bucket, mapping=dict.fromkeys(damaged, b"damaged"))
        article = await told.alert("Et varsel som nesten ingen kan få ennå")
        await until(lambda: '"member_unreadable"' in told.up.log())
        await complete(told.up, told.key, article)
        await redis.hset(bucket, mapping=records)
    before = len(told.relay.mails)
    await asyncio.to_thread(told.up.json, "deliver", article, "--again", "failed")
    await until(lambda: len(told.relay.mails) > before)
    await complete(told.up, told.key, article)


async def an_event_is_given_up(told: Story) -> None:
    async with told.redis() as redis:
        counters = await redis.hgetall("render:counters")
        await redis.delete("render:counters")
        await redis.set("render:counters", "no hash")
        article = post(told.up, told.key, news()).json()["id"]
        # Not waiting out the growing pauses: the event is one failure from being given up.
        await until(lambda: redis.hlen("render:attempts:articles"))
        [entry] = await redis.hkeys("render:attempts:articles")
        await redis.hset("render:attempts:articles", entry, 7)
        await until(lambda: receipt(told.up, told.key, article)["state"] == "stuck", timeout=20)
        await redis.delete("render:counters")
        await redis.hset("render:counters", mapping=counters)


async def everybody_looks(told: Story, article: str) -> None:
    [letter] = json.loads(await told.say("dead", "list", "--json"))["dead"]
    for command in (
        ("receipt", article),
        ("watch", "--once"),
        ("dead", "list"),
        ("dead", "show", letter["letter"]),
    ):
        await asyncio.gather(told.say(*command), told.say(*command, "--json"))
    for path in (f"/api/articles/{article}", f"/api/articles/{article}/receipt"):
        assert told.ask("GET", told.up.url + path).status_code == 200
