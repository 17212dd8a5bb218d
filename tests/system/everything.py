"""A walk in which a system does all that it can, so that every kind of key is in its Redis."""

import asyncio
import json
import math
import re
import signal
import smtplib
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

from services.notify.choices.store import Choices
from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import Letters
from services.notify.members.store import Members
from services.notify.vault import keys as vault_keys
from services.notify.vault.vault import Vault
from shared.bus.users import OPERATOR
from shared.oslo import oslo_today
from tests.make import alert, alert_fields, news
from tests.notify.bounces.shapes import postfix
from tests.notify.relay_server import Relay
from tests.server import free_port
from tests.system.at_the_desk import staff_have_failures_tried_again, staff_write
from tests.system.running import Up
from tests.system.steps import SECRET, complete, inbox, post, receipt
from tests.visitor import Visitor
from tests.wait import until
from varsel.run.embedded import redis_url

STAFF, MEMBER = "stab@example.org", "medlem@example.org"
NEW = "ny@example.org"
UNKNOWN, LATER, REFUSED = "ukjent@example.org", "senere@example.org", "nektet@example.org"
GONE = [f"borte{number}@borte.example.org" for number in range(12)]
THEME = Path(__file__).parents[1] / "render/look/second"
PICTURE = Path(__file__).parents[2] / "varsel" / "demo_data" / "brev.jpg"


class ChoosyRelay(Relay):
    """Knows one address not, puts off another once, and refuses the mail to a third once."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: Counter[str] = Counter()
        self.rcpt, self.after_data = self._rcpt, self._after_data

    def _rcpt(self, address: str) -> str | None:
        self._asked[address] += 1
        if address == UNKNOWN:
            return "550 5.1.1 no such user"
        if address == LATER and self._asked[address] == 1:
            return "450 4.2.0 greylisted"
        return None

    def _after_data(self, address: str) -> str | None:
        return "554 5.6.0 refused" if address == REFUSED and self._asked[address] == 1 else None


class Keys:
    """All keys that a system has, and had for a moment."""

    def __init__(self, up: Up) -> None:
        self.redis = Redis.from_url(redis_url(up.data, OPERATOR))
        self.seen: set[str] = set()
        self.lives: dict[str, float] = {}
        """For how many seconds Redis keeps each, at most, as it was seen first or last; infinity
        for those that it keeps until somebody removes them."""
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Keys":
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task
        assert not self._task.done(), "it looked to the end"
        self._task.cancel()
        await self._note()
        # One that got its term a moment after it came has it by now.
        await self._note_lives([key for key, life in self.lives.items() if math.isinf(life)])
        await self.redis.aclose()

    async def _look(self) -> None:
        while True:
            await self._note()
            await asyncio.sleep(0.01)

    async def _note(self) -> None:
        found = {key.decode() async for key in self.redis.scan_iter(count=1000)}
        new = [key for key in found if key not in self.lives]
        self.seen |= found
        await self._note_lives(new)

    async def _note_lives(self, keys: list[str]) -> None:
        async with self.redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.pttl(key)
            found = dict(zip(keys, await pipe.execute(), strict=True))
        self.lives |= {
            key: math.inf if left == -1 else left / 1000
            for key, left in found.items()
            if left != -2
        }


async def keys_of_a_system_with_a_relay() -> dict[str, float]:
    """The keys of a system whose staff and members do everything, and how long each is kept: see
    `Keys.lives`."""
    relay = await ChoosyRelay().start()
    away = f"http://127.0.0.1:{free_port()}/krok"
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none&per_hour=1000",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "0",
        "VARSEL_ALERT_HOLD": "1",
        "VARSEL_THEME": str(THEME),
        "VARSEL_BOUNCE_ADDRESS": "retur@varsel.example.org",
        "VARSEL_BOUNCE_PORT": str(free_port()),
        "VARSEL_WEBHOOKS": json.dumps([{"url": away, "secret": SECRET, "heartbeat": True}]),
    }
    try:
        with Up(**settings) as up:
            up.start()
            key = up.key()
            await _a_day_has_ended(up)
            async with Keys(up) as keys:
                await _members_come(up)
                await _a_register_is_followed(up)
                await _a_member_chooses(up, keys.redis)
                await _a_member_logs_in_and_out(up, relay)
                await _an_alert_with_a_picture_is_mailed(up, relay, keys.redis, key)
                await _mail_comes_back(up, relay, keys.redis)
                await _a_notice_is_mailed(up)
                await _somebody_of_the_staff_is_told(up, keys.redis)
                await _letters_are_asked_for(up, relay, keys.redis)
                await _an_event_is_given_up(up, keys.redis, key)
                await _followers_hear_of_an_exercise_and_that_all_is_alive(up, keys, key)
            return dict.fromkeys(keys.seen, 0.0) | keys.lives
    finally:
        await relay.stop()


async def keys_of_a_system_with_an_inbox() -> dict[str, float]:
    """The same of a system that is only tried."""
    with Up() as up:
        up.start()
        async with Keys(up) as keys:
            await _members_come(up)
            await complete(up, key := up.key(), post(up, key, alert()).json()["id"])
            assert inbox(up)
            await staff_write(up, key)
            await until(lambda: any(key.startswith("notify:sketch:") for key in keys.seen))
        return dict.fromkeys(keys.seen, 0.0) | keys.lives


async def _a_day_has_ended(up: Up) -> None:
    """Yesterday is yet to be sealed, which is done at a start."""
    async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
        await redis.set("ingest:audit:sealed", (oslo_today() - timedelta(days=2)).isoformat())
    await asyncio.to_thread(up.end, signal.SIGTERM)
    await asyncio.to_thread(up.start)


async def _members_come(up: Up) -> None:
    for emails, more in (((STAFF,), ("--staff",)), ((MEMBER, UNKNOWN, LATER, REFUSED), ())):
        file = up.data / "medlemmer.csv"
        file.write_text("\n".join(["email,name,lang", *(f"{email},,nb" for email in emails)]))
        given = ("members", "import", str(file), "--consent", "Ja takk", *more)
        await asyncio.to_thread(up.json, *given)


async def _a_member_logs_in_and_out(up: Up, relay: Relay) -> None:
    async with httpx.AsyncClient(base_url=up.url) as http:
        browser = Visitor(http)
        await browser.send("/min-side/", epost=STAFF)
        mail = await until(lambda: [m.message for m in relay.mails if m.recipient == STAFF])
        body = mail[0].get_body(("plain",))
        assert body
        [code] = re.findall(r"\b\d{6}\b", body.get_content())
        page = await browser.send("/min-side/kode/", kode=code)
        assert STAFF in page.text
        out = await browser.fill(page, hvor="overalt")
        assert "alle andre nettlesere" in out.text


async def _an_alert_with_a_picture_is_mailed(up: Up, relay: Relay, redis: Redis, key: str) -> None:
    by_key = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=up.url, headers=by_key) as http:
        picture = {"file": (PICTURE.name, PICTURE.read_bytes(), "image/jpeg")}
        assert (await http.post(f"{up.url}/api/assets", files=picture)).status_code == 201
        await _an_old_article_is_moved(http)
        until_then = {"review_by": (oslo_today() + timedelta(days=30)).isoformat()}
        document: dict[str, Any] = alert(
            alert=alert_fields() | until_then, body=f"![Brevet]({PICTURE.name})\n"
        ).model_dump(mode="json", exclude_none=True)
        again = {"Idempotency-Key": "en-gang"}
        answer = await http.post(f"{up.url}/api/articles", json=document, headers=again)
        assert answer.status_code == 201, answer.text
        article = answer.json()["id"]
        await until(lambda: redis.exists(f"notify:later:{article}.1"), timeout=20)
        await asyncio.to_thread(up.json, "deliver", article, "--resume")
        await complete(up, key, article)
        [mail] = [taken.message for taken in relay.mails if taken.recipient == MEMBER]
        [link] = re.findall(r"<(http[^>]+)>", str(mail["List-Unsubscribe"]))
        left = await http.post(link)
        assert left.status_code == 200
        assert (await Visitor(http).fill(left)).status_code == 200  # undoes it
        assert (await http.post(link)).status_code == 200
        await staff_have_failures_tried_again(redis, article)


async def _followers_hear_of_an_exercise_and_that_all_is_alive(
    up: Up, keys: Keys, key: str
) -> None:
    tried = alert(title="Tenkt varsel", alert=alert_fields() | {"mode": "exercise"})
    post(up, key, tried)
    await until(lambda: keys.redis.exists("render:changes:exercises"))
    await until(lambda: any(one.startswith("notify:heartbeat:") for one in keys.seen))


async def _an_old_article_is_moved(http: httpx.AsyncClient) -> None:
    old = news(title="En gammel sak").model_dump(mode="json", exclude_none=True)
    moved = {"moved_from": ["/2019/sak/"], "draft": True}
    assert (await http.post("/api/imports", json=old | moved)).status_code == 201


async def _a_register_is_followed(up: Up) -> None:
    file = up.data / "register.csv"
    given = ("members", "import", str(file), "--consent", "Ja takk", "--list", "register", "--sync")
    for emails, more in (([*GONE, "ut@example.org"], ()), (GONE, ("--end", "1"))):
        file.write_text("\n".join(["email,name", *(f"{email}," for email in emails)]))
        await asyncio.to_thread(up.json, *given, *more)


async def _a_member_chooses(up: Up, redis: Redis) -> None:
    file = up.data / "emner.yaml"
    file.write_text("subjects: [{id: provomab, name: Prøvomab, substance: prøvomab}]")
    await asyncio.to_thread(up.json, "subjects", "import", str(file))
    await until(lambda: redis.exists("notify:subjects"))
    vault = await _vault(up, redis)
    [found] = await Members(redis, vault).find([STAFF])
    assert found
    await Choices(redis, vault).set(found.number, ["provomab"])


async def _mail_comes_back(up: Up, relay: Relay, redis: Redis) -> None:
    """To so many members of one domain that it is a surge, and to one of another, whose mark stays;
    and one host speaks of us."""
    paths = {taken.recipient: taken.sender for taken in relay.mails if "+" in taken.sender}
    said = dict.fromkeys((*GONE, STAFF), postfix("5.1.1")) | {MEMBER: postfix("5.7.26")}

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", int(up.env["VARSEL_BOUNCE_PORT"])) as host:
            for member, mail in said.items():
                host.sendmail("", paths[member], mail)

    await asyncio.to_thread(send)
    await until(lambda: redis.exists("notify:bounces:marks:0"), timeout=30)
    await until(lambda: redis.exists("notify:bounces:surges"), timeout=30)
    await until(lambda: redis.exists("notify:bounces:told"), timeout=30)


async def _vault(up: Up, redis: Redis) -> Vault:
    found = await vault_keys.load(redis, (up.data / "secret-key").read_text().strip())
    return Vault(found.vault, found.index)


async def _a_notice_is_mailed(up: Up) -> None:
    file = up.data / "melding.md"
    template = await asyncio.to_thread(up.json, "notice", "template")
    file.write_text(str(template["template"]).replace("-->", "-->\nEn kopi kom bort."))

    async def run(*words: str, key: str = "") -> dict[str, Any]:
        return await asyncio.to_thread(up.json, *words, key=key)

    names = ("Kari Eksempel", "Anne Eksempel")
    keys = [(await run("keys", "create", name, "--role", "approver"))["key"] for name in names]
    notice = (await run("notice", "draft", str(file), key=keys[0]))["id"]
    for key in keys:
        await run("notice", "approve", notice, "--yes", key=key)

    async def is_complete() -> bool:
        delivery = (await run("notice", "show", notice, key=keys[0]))["delivery"]
        return bool(delivery and delivery["state"] == "complete")

    await until(is_complete, timeout=30)


async def _somebody_of_the_staff_is_told(up: Up, redis: Redis) -> None:
    await asyncio.to_thread(
        up.json, "people", "invite", "Liv", "--email-stdin", stdin="liv@example.org\n"
    )
    await asyncio.to_thread(up.json, "people", "address", "Liv", "--link")
    await until(lambda: redis.exists("notify:people:links"))


async def _letters_are_asked_for(up: Up, relay: Relay, redis: Redis) -> None:
    found = await vault_keys.load(redis, (up.data / "secret-key").read_text().strip())
    letters = Letters(redis, Vault(found.vault, found.index), found.letters)
    relay.slowness = 0.2  # so that somebody sees that they wait
    await letters.ask(Asked(LetterKind.LOGIN, MEMBER, browser="en-nettleser"))
    await letters.ask(Asked(LetterKind.JOIN, NEW, browser="en-annen"))
    await until(lambda: {MEMBER, NEW} <= {mail.recipient for mail in relay.mails[-2:]})
    relay.slowness = 0.0


async def _an_event_is_given_up(up: Up, redis: Redis, key: str) -> None:
    counters = await redis.hgetall("render:counters")
    await redis.delete("render:counters")
    await redis.set("render:counters", "no hash")
    article = post(up, key, news()).json()["id"]
    await until(lambda: redis.hlen("render:attempts:articles"))
    [entry] = await redis.hkeys("render:attempts:articles")
    await redis.hset("render:attempts:articles", entry, 7)  # not waiting out the growing pauses
    await until(lambda: receipt(up, key, article)["state"] == "stuck", timeout=20)
    await redis.delete("render:counters")
    await redis.hset("render:counters", mapping=counters)
