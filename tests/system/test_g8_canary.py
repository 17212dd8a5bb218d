"""G8: no address or name of a member anywhere outside notify's sealed keys, whatever goes wrong."""

import asyncio
import base64
import json
import os
import re
import signal
import smtplib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from starlette.responses import Response

from services.notify.bounces.store import TOLD
from services.notify.choices.store import Choices
from services.notify.ledger.delivery import bounces_key, put_off_key
from services.notify.letters.asked import Asked, Kind
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from shared.bus.users import OPERATOR
from tests.make import alert, news
from tests.notify.bounces.shapes import OTHER, complaint, postfix, qmail
from tests.notify.posting.follower import SECRET, Follower
from tests.notify.relay_server import BREAK, Relay
from tests.server import free_port, processes_with_open
from tests.system import canary
from tests.system.canary import CANARIES, Places, all_words, forms, leaks, left_behind
from tests.system.running import Up
from tests.system.steps import complete, post, receipt
from tests.visitor import Visitor
from tests.wait import until
from varsel.run.embedded import redis_url

HOOK_SECRET = "krokhemmelighet-4711"
"""In a webhook's address: some followers keep their secret there."""
CHOSEN = "fjaerfelling-hos-voksne"
"""A subject that a member chose: no name of it is anywhere."""
WRONG_LINES = [
    f"{canary.TAKEN.email}.,{canary.TAKEN.name},nb",
    f"to@{canary.UNKNOWN.email},{canary.UNKNOWN.name},nb",
    f"{canary.LATER.email},{canary.LATER.name} \x07,nb",
    f"{canary.BROKEN.email},{canary.BROKEN.name},{canary.BROKEN.name}",
    f"å{canary.IDN.email},{canary.IDN.name},nb",
    f"{canary.REFUSED.name},{canary.REFUSED.email},nb",
]


class HostileRelay(Relay):
    """Refuses in many ways, and quotes the address each time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()
        self.mail = self._mail
        self.senders = 0
        self.rcpt = self._rcpt
        self.after_data = self._after_data

    def _mail(self, sender: str) -> str | None:
        self.senders += 1
        if self.senders == 1:
            return f"553 5.7.1 <{sender}>: no mail from you for <{canary.TAKEN.wire}>"
        return None

    def _rcpt(self, address: str) -> str | None:
        self.asked[address] += 1
        soon = self.asked[address] > 2
        if address == canary.UNKNOWN.wire:
            return f"550 5.1.1 <{address}>: no such user {address} here"
        if address == canary.LATER.wire and self.asked[address] == 1:
            return f"450 4.2.0 {address} is greylisted"
        if address == canary.BROKEN.wire and not soon:
            return BREAK
        return None

    def _after_data(self, address: str) -> str | None:
        if address == canary.REFUSED.wire and self.asked[address] <= 2:
            return f"554 5.6.0 mail for <{address}> refused"
        return None

    def link_of(self, member: canary.Canary) -> str:
        """The one-click link in the newest mail to `member`."""
        [*_, mail] = [taken for taken in self.mails if taken.recipient == member.wire]
        [link] = re.findall(r"<(https?:[^>]*)>", str(mail.message["List-Unsubscribe"]))
        return re.sub(r"\s", "", link)


class Story:
    """A system with hostile surroundings, and everything that anybody got to see of it."""

    def __init__(self, up: Up, relay: HostileRelay, follower: Follower) -> None:
        self.up = up
        self.relay = relay
        self.follower = follower
        self.key = ""
        self.seen: Places = {}
        self.secrets: list[str] = []
        """Links in letters: they are in mails alone."""
        self.cookies: list[str] = []
        """Of members' browsers: they are there alone."""

    def redis(self) -> Redis:
        return Redis.from_url(redis_url(self.up.data, OPERATOR))

    async def say(self, *arguments: str) -> str:
        """Run a command, which may fail; what it said."""
        done = await asyncio.to_thread(self.up.run, *arguments, key=self.key)
        self.seen[f"command {len(self.seen)} {' '.join(arguments)}"] = (
            done.stdout + done.stderr
        ).encode()
        return done.stdout

    def ask(self, method: str, address: str) -> httpx.Response:
        answer = httpx.request(method, address, headers={"Authorization": f"Bearer {self.key}"})
        self.seen[f"answer {len(self.seen)} {method}"] = (
            str(answer.headers).encode() + answer.content
        )
        return answer

    async def alert(self, title: str) -> str:
        answer = post(self.up, self.key, alert(title=title))
        assert answer.status_code == 201
        return str(answer.json()["id"])


@asynccontextmanager
async def story() -> AsyncIterator[Story]:
    relay, follower = HostileRelay(), Follower()
    await relay.start()
    await follower.start()
    follower.answers = [Response(status_code=500) for _ in range(100)]
    away = f"http://127.0.0.1:{free_port()}/{HOOK_SECRET}"
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "0",
        "VARSEL_BOUNCE_ADDRESS": "retur@varsel.example.org",
        "VARSEL_BOUNCE_PORT": str(free_port()),
        "VARSEL_WEBHOOKS": json.dumps(
            [{"url": url, "secret": SECRET} for url in (follower.url, away)]
        ),
    }
    try:
        with Up(**settings) as up:
            yield Story(up, relay, follower)
    finally:
        await follower.stop()
        await relay.stop()


async def test_g8_no_canary_is_anywhere_after_everything_that_can_go_wrong(
    tmp_path: Path,
) -> None:
    async with story() as told:
        told.up.start()
        told.key = told.up.key()
        await members_are_taken_in(told, tmp_path)
        await a_member_chooses(told)
        first = await an_alert_meets_a_hostile_relay(told)
        await letters_are_asked_for(told)
        await members_use_their_pages(told)
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
        assert len(told.secrets) == 3
        assert any("notify:choice:" in place for place in places)
        assert any("notify:session" in place for place in places)
        assert len(told.cookies) == 2
        secret = [HOOK_SECRET, "address-secret", SECRET, CHOSEN, *told.secrets, *told.cookies]
        assert leaks(places, [*all_words(), *secret]) == []
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


async def a_member_chooses(told: Story) -> None:
    async with told.redis() as redis:
        found = await keys.load(redis, (told.up.data / "secret-key").read_text().strip())
        choices = Choices(redis, Vault(found.vault, found.index))
        assert await choices.set(1, [CHOSEN])


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


async def letters_are_asked_for(told: Story) -> None:
    """To members, with an address that a hostile relay refuses, and with a stranger's."""
    async with told.redis() as redis:
        found = await keys.load(redis, (told.up.data / "secret-key").read_text().strip())
        letters = Letters(redis, Vault(found.vault, found.index), found.letters)
        tickets = Tickets(redis, Vault(found.vault, found.index), found.letters)
        before = len(told.relay.mails)
        for kind, who in (
            (Kind.LOGIN, canary.TAKEN),
            (Kind.LOGIN, canary.UNKNOWN),
            (Kind.MOVE, canary.IDN),
            (Kind.JOIN, canary.STRANGER),
        ):
            await letters.ask(
                Asked(kind, who.wire, name=who.name, browser=f"nettleser {who.name}", number=1)
            )
        await until(lambda: len(told.relay.mails) == before + 3)
        await until(lambda: '"letter_given_up"' in told.up.log())
        for mail in told.relay.mails[before:]:
            text = mail.message.get_body(("plain",)).get_content()
            for token in re.findall(r"/([A-Za-z0-9_-]{43})", text):
                assert await tickets.look(token)
                told.secrets.append(token)
        await tickets.use_code(f"nettleser {canary.TAKEN.name}", "000000")


async def members_use_their_pages(told: Story) -> None:
    """One logs in, looks, changes, and types what is wrong, which comes back to them alone."""
    taken, stranger = canary.TAKEN, canary.STRANGER
    async with httpx.AsyncClient(base_url=told.up.url) as http:
        browser = Visitor(http)
        wrong = await browser.send("/bli-medlem/", epost=stranger.wire, navn=stranger.name)
        assert stranger.name in wrong.text
        assert (await browser.send("/bli-medlem/", epost=f"<{stranger.name}@")).status_code == 422
        before = len(told.relay.mails)
        await browser.send("/min-side/", epost=taken.wire)
        await until(lambda: len(told.relay.mails) > before)
        text = told.relay.mails[before].message.get_body(("plain",)).get_content()
        [link] = re.findall(r"/min-side/inn/\S+", text)
        assert taken.wire in (await browser.send(link)).text
        for path, typed in (
            ("/min-side/opplysninger/", {"navn": f"{taken.name}\x00"}),
            ("/min-side/opplysninger/", {"navn": taken.name}),
            ("/min-side/adresse/", {"epost": f"{taken.name}@{stranger.wire}"}),
            ("/min-side/adresse/", {"epost": stranger.wire}),
        ):
            await browser.send(path, **typed)
        assert taken.name in (await browser.open("/min-side/alt.json")).text
        await http.get(f"/min-side/{taken.wire}?gjort={stranger.name}")
        told.cookies += [value for value in http.cookies.values() if value]


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
        # One can still be read: if nobody can, our key is wrong, and no member has failed.
        damaged = sorted(records, key=int)[:-1]
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


@pytest.mark.parametrize("word", [*canary.TAKEN.words(), *canary.IDN.words()])
def test_a_canary_is_found_in_every_form(word: str) -> None:
    for form, written in forms(word).items():
        assert len(written) > 5, form
        assert leaks({"a place": b"before it " + written + b" and after"}, [word]), form


@pytest.mark.parametrize("before", ["", "a", "to", "tre"])
def test_a_canary_is_found_within_a_text_in_base64(before: str) -> None:
    text = base64.b64encode(f"{before}{canary.IDN.name} og mer".encode())
    assert leaks({"a place": text}, canary.IDN.words())


async def test_a_canary_is_found_wherever_a_system_may_leave_it() -> None:
    word = canary.TAKEN.email
    with Up() as up:
        up.start()
        async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
            await redis.xadd("deliveries.dead", {"dead_cause": word.upper()})
            await redis.hset("notify:replies:x.1", "1", f"550 {word}")
            await redis.set(f"ingest:{word}", "")
            await redis.zadd("notify:posts:due", {word: 2e15})
            await redis.sadd("render:set", word)
        (up.data / "site" / "planted.html").write_text(word)
        with (up.data / "up.log").open("a") as log:
            log.write(json.dumps({"cause": word}))
        found = leaks(await left_behind(up), [word])
    for place in ("key b'deliveries.dead'", "key b'notify:replies:x.1'", "key b'ingest:",
                  "key b'notify:posts:due'", "key b'render:set'",
                  "file site/planted.html", "file up.log", "file appendonlydir/"):  # fmt: skip
        assert any(line.startswith(place) for line in found), place
