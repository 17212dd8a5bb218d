"""The inbox from outside: mail in by SMTP, out over HTTP."""

import asyncio
import json
import re
import smtplib

import aiosmtplib
import httpx
import pytest
import uvloop
from redis.asyncio import Redis

from services.notify.inbox.app import Inbox
from services.notify.inbox.mails import KEPT, Mails
from shared.bus import connect
from tests.notify.inbox.conftest import Mailbox
from tests.notify.inbox.mails import HOSTILE, SCRIPT, mail
from tests.server import Valkey
from tests.wait import until


async def test_a_mail_is_in_the_list_and_on_a_page_of_its_own(inbox: Mailbox) -> None:
    await inbox.deliver(mail())
    listed = (await inbox.http.get("/inbox/")).text
    assert "Viktig: Eksempelinib kan skade leveren" in listed
    assert "Kåre Ødegård &lt;kare@example.net&gt;" in listed
    assert "1. sep. 2026 kl. 10.00" in listed
    shown = (await inbox.http.get("/inbox/1")).text
    for part in ("1.abc@example.org", "Som e-post", "Ren tekst", "Hei, Kåre!", "MIME-Version"):
        assert part in shown
    assert '<a href="https://varsel.example.org/nyheter/en-sak/"' in shown


async def test_the_newest_mail_is_first_and_all_can_be_reached(inbox: Mailbox) -> None:
    await inbox.deliver(*(mail(f"nr {n}", n) for n in range(1, 121)))
    first = (await inbox.http.get("/inbox/")).text
    assert first.index("nr 120<") < first.index("nr 71<")
    assert "nr 70<" not in first
    assert "Nyere" not in first
    second = (await inbox.http.get("/inbox/?before=71")).text
    assert "nr 70<" in second
    assert "nr 20<" not in second
    last = (await inbox.http.get("/inbox/?before=21")).text
    assert "nr 1<" in last
    assert "Eldre" not in last
    assert 'href="/inbox/?before=71"' in last
    assert 'href="/inbox/?before=71"' in first


async def test_the_list_is_there_for_programs_too(inbox: Mailbox) -> None:
    await inbox.deliver(*(mail(f"nr {n}", n) for n in range(1, 4)))
    found = (await inbox.http.get("/inbox/api/messages?limit=2")).json()
    assert found["total"] == 3
    assert [message["id"] for message in found["messages"]] == [3, 2]
    assert found["messages"][0] == {
        "id": 3,
        "subject": "nr 3",
        "from": "Foreningen <varsel@example.org>",
        "to": "Kåre Ødegård <kare@example.net>",
        "message_id": "<3.abc@example.org>",
        "date": "2026-09-01T08:00:00+00:00",
        "size": found["messages"][1]["size"],
    }
    older = (await inbox.http.get("/inbox/api/messages?before=2")).json()
    assert [message["id"] for message in older["messages"]] == [1]
    one = (await inbox.http.get("/inbox/api/messages/2")).json()
    assert one["text"].startswith("Hei, Kåre!")
    assert one["html"].startswith("<html>")
    assert ["Subject", "nr 2"] in one["headers"]


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "limit=a", "before=-1", "before=²"])
async def test_a_wrong_number_is_refused_with_its_name(inbox: Mailbox, query: str) -> None:
    answer = await inbox.http.get(f"/inbox/api/messages?{query}")
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"«{query.partition('=')[0]}» i adressen")


async def test_a_wrong_number_is_refused_on_a_page_with_its_name(inbox: Mailbox) -> None:
    answer = await inbox.http.get("/inbox/?before=i+går")
    assert answer.status_code == 400
    assert "«before» i adressen må være et helt tall" in answer.text


@pytest.mark.parametrize("path", ["1", "0", "-1", "abc", "1/html", "9" * 5000, "1/", "x/y/z"])
async def test_what_is_not_there_is_a_friendly_404(inbox: Mailbox, path: str) -> None:
    answer = await inbox.http.get(f"/inbox/{path}")
    assert answer.status_code == 404
    assert "Denne e-posten finnes ikke" in answer.text


@pytest.mark.parametrize("path", ["messages/1", "messages/x", "nothing"])
async def test_what_is_not_there_is_a_404_in_json_for_programs(inbox: Mailbox, path: str) -> None:
    answer = await inbox.http.get(f"/inbox/api/{path}")
    assert answer.status_code == 404
    assert answer.json()["error"].startswith("Denne e-posten finnes ikke")


async def test_an_empty_inbox_says_so_and_when_it_will_not_be(inbox: Mailbox) -> None:
    assert "Ingen e-post ennå" in (await inbox.http.get("/inbox/")).text
    assert (await inbox.http.get("/inbox/api/messages")).json() == {"total": 0, "messages": []}


async def test_the_inbox_keeps_the_newest_thousand(inbox: Mailbox, redis: Redis) -> None:
    mails = Mails(redis)
    for number in range(1, KEPT + 6):
        await mails.store(f"Subject: nr {number}\r\n\r\n".encode())
    found = (await inbox.http.get("/inbox/api/messages?limit=1000")).json()
    assert found["total"] == KEPT
    assert [message["id"] for message in found["messages"]] == list(range(KEPT + 5, 5, -1))
    assert (await inbox.http.get("/inbox/5")).status_code == 404
    assert await redis.hlen("notify:inbox") == KEPT
    last = (await inbox.http.get("/inbox/?before=20")).text
    assert "nr 6<" in last
    assert "Eldre" not in last


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
async def test_a_hostile_mail_is_shown_and_never_run(
    inbox: Mailbox, redis: Redis, raw: bytes
) -> None:
    await Mails(redis).store(raw)
    for path in ("/inbox/", "/inbox/1"):
        answer = await inbox.http.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
    for path in ("/inbox/api/messages", "/inbox/api/messages/1"):
        assert (await inbox.http.get(path)).status_code == 200
    shown = json.dumps((await inbox.http.get("/inbox/api/messages/1")).json())
    assert (SCRIPT in shown) == (b"cript" in raw)


async def test_html_is_locked_in(inbox: Mailbox) -> None:
    html = f"<html><head><title>x</title></head><body>{SCRIPT}<img src=https://a.example></body>"
    await inbox.deliver(b"Content-Type: text/html\r\n\r\n" + html.encode() + b"\r\n")
    page = (await inbox.http.get("/inbox/1")).text
    assert SCRIPT not in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    locked = await inbox.http.get("/inbox/1/html")
    assert SCRIPT in locked.text
    assert locked.headers["content-type"] == "text/html; charset=utf-8"
    assert locked.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
    )


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html>|<p>a</p>",
        "<!doctype html>\n<html lang=nb>\n<HEAD a=b>|<title>a</title>",
        "|<p>a</p><!-- <head> -->",
        "<html>|<header>a</header>",
    ],
)
async def test_links_of_a_mail_open_elsewhere(inbox: Mailbox, html: str) -> None:
    before, _, after = html.partition("|")
    content = (before + after).replace("\n", "\r\n").encode()
    await inbox.deliver(b"Content-Type: text/html\r\n\r\n" + content + b"\r\n")
    shown = (await inbox.http.get("/inbox/1/html")).text
    assert shown.strip() == f'{before}<base target="_blank">{after}'


async def test_a_mail_in_smtputf8_with_eight_bits_is_kept_as_it_came(
    inbox: Mailbox, redis: Redis
) -> None:
    raw = "Subject: Blåbær\r\nTo: kåre@example.net\r\n\r\n.Syltetøy\r\n..\r\n".encode()

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", inbox.port) as smtp:
            smtp.ehlo()
            assert smtp.has_extn("8bitmime")
            assert smtp.esmtp_features["size"] == str(5 * 1024 * 1024)
            options = ["BODY=8BITMIME", "SMTPUTF8"]
            smtp.sendmail("varsel@example.org", ["kåre@example.net"], raw, options)

    await asyncio.to_thread(send)
    assert await redis.hget("notify:inbox", "1") == raw
    assert "Blåbær" in (await inbox.http.get("/inbox/")).text


async def test_mail_is_accepted_only_once_it_is_stored(inbox: Mailbox, redis: Redis) -> None:
    async def held_back() -> bool:
        return bool((await redis.info("clients"))["blocked_clients"])

    await redis.client_pause(60_000, all=False)  # writes wait, reads do not
    delivery = asyncio.create_task(inbox.deliver(mail()))
    try:
        await until(held_back)
        assert not delivery.done()
        assert not await redis.exists("notify:inbox")
    finally:
        await redis.client_unpause()
    await delivery
    assert await redis.hlen("notify:inbox") == 1


async def test_a_connection_goes_on_after_a_refusal(inbox: Mailbox, redis: Redis) -> None:
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=inbox.port, start_tls=False) as smtp:
        await redis.set("notify:inbox", "of another type")
        for command in ("refused", "refused again"):
            await smtp.mail("varsel@example.org")
            await smtp.rcpt("kari@example.net")
            with pytest.raises(aiosmtplib.SMTPDataError) as refused:
                await smtp.data(mail(command))
            assert refused.value.code == 451
        await redis.delete("notify:inbox")
        await smtp.sendmail("varsel@example.org", "kari@example.net", mail("taken"))
    assert "taken" in (await inbox.http.get("/inbox/")).text


async def test_the_inbox_also_takes_mail_in_the_event_loop_of_production(redis_url: str) -> None:
    async def deliver_and_list() -> str:
        async with Redis.from_url(redis_url) as redis:
            inbox = Inbox(redis)
            transport = httpx.ASGITransport(inbox.http)
            base = "http://inbox.example"
            async with httpx.AsyncClient(transport=transport, base_url=base) as http:
                await Mailbox(await inbox.start(), http).deliver(mail("one"), mail("two"))
                listed = await http.get("/inbox/")
            await inbox.stop()
            return listed.text

    listed = await asyncio.to_thread(uvloop.run, deliver_and_list())
    assert listed.index("two") < listed.index("one")


async def test_a_mail_that_is_too_large_is_refused(inbox: Mailbox, redis: Redis) -> None:
    line = b"x" * 76 + b"\r\n"
    with pytest.raises(aiosmtplib.SMTPResponseException) as refused:
        await inbox.deliver(b"Subject: stor\r\n\r\n" + line * (5 * 1024 * 1024 // 78 + 1))
    assert refused.value.code == 552
    assert not await redis.exists("notify:inbox")


async def test_while_redis_is_away_mail_is_put_off_and_the_page_says_so() -> None:
    server = Valkey().start()
    redis = connect(server.url)
    inbox = Inbox(redis)
    port = await inbox.start()
    transport = httpx.ASGITransport(inbox.http)
    async with httpx.AsyncClient(transport=transport, base_url="http://inbox.example") as http:
        mailbox = Mailbox(port, http)
        try:
            server.kill()
            with pytest.raises(aiosmtplib.SMTPDataError) as put_off:
                await mailbox.deliver(mail())
            assert put_off.value.code == 451
            assert (await http.get("/inbox/")).status_code == 503
            said = (await http.get("/inbox/api/messages")).json()["error"]
            assert said.startswith("Redis svarer ikke")
            server.start()
            await mailbox.deliver(mail())
            assert (await http.get("/inbox/1")).status_code == 200
        finally:
            await inbox.stop()
            await redis.aclose()
            server.close()


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/1", "/inbox/1/html", "/inbox/api/messages"])
async def test_the_inbox_can_only_be_read(inbox: Mailbox, path: str) -> None:
    await inbox.deliver(mail())
    for method in ("POST", "PUT", "DELETE"):
        answer = await inbox.http.request(method, path)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert (await inbox.http.head(path)).status_code == 200


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/1", "/inbox/2", "/inbox/?before=x"])
async def test_every_page_has_one_heading_and_takes_nothing_from_elsewhere(
    inbox: Mailbox, path: str
) -> None:
    await inbox.deliver(mail())
    page = await inbox.http.get(path)
    assert page.text.count("<h1>") == 1
    assert '<html lang="nb">' in page.text
    assert re.findall(r'<(?:link|iframe|img)[^>]* (?:src|href)="(?!/inbox/)', page.text) == []
    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'; frame-src 'self'; img-src 'self'"
    )


@pytest.mark.parametrize("path", ["/inbox/", "/inbox/1", "/inbox/1/html", "/inbox/inbox.css"])
async def test_what_is_shown_stays_in_the_window(inbox: Mailbox, path: str) -> None:
    await inbox.deliver(mail())
    headers = (await inbox.http.get(path)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_stopping_ends_open_connections(redis: Redis) -> None:
    inbox = Inbox(redis)
    port = await inbox.start()
    smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
    await smtp.connect()
    await inbox.stop()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await smtp.noop()
    smtp.close()
