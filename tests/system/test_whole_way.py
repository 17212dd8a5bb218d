"""From a posted article to its page, its feed entry, a signed post, and the mails: from outside."""

import json
import re
from pathlib import Path

import feedparser
import httpx
import pytest
from redis.asyncio import Redis
from standardwebhooks.webhooks import Webhook

from shared.bus.users import OPERATOR
from tests.make import alert, news
from tests.system.running import Up
from tests.system.steps import REAL, SECRET, complete, follower, inbox, post, receipt
from tests.wait import until
from varsel.run.embedded import redis_url

MEMBERS = [("kari@example.org", "Kari Nordmann"), ("ola@example.net", "Ola Ødegård")]


@pytest.fixture
def members(tmp_path: Path) -> Path:
    file = tmp_path / "medlemmer.csv"
    rows = "".join(f"{email},{name},nb\n" for email, name in MEMBERS)
    file.write_text("email,name,lang\n" + rows + "ikke-en-adresse,Feil,nb\n")
    return file


async def test_an_alert_reaches_page_feed_follower_and_every_member_once(members: Path) -> None:
    async with follower() as (hook, posts):
        hooks = json.dumps([{"url": hook, "secret": SECRET}])
        with Up(VARSEL_WEBHOOKS=hooks) as up:
            up.start()
            key = up.key()
            report = up.json("members", "import", str(members), "--consent", "Ja takk")
            assert (report["taken"], report["refused"]) == (2, 1)
            again = up.json("members", "import", str(members), "--consent", "Ja takk")
            assert (again["taken"], again["unchanged"]) == (0, 2)

            answer = post(up, key, alert())
            assert answer.status_code == 201
            done = await complete(up, key, answer.json()["id"])
            assert (done["audience"], done["handed_over"]) == (2, 2)

            page = httpx.get(answer.json()["url"])
            assert "Eksempelinib kan gi alvorlig leverskade" in page.text
            feed = feedparser.parse(httpx.get(f"{up.url}/feed.atom").content)
            assert not feed.bozo
            assert [entry.link for entry in feed.entries] == [answer.json()["url"]]

            mails = inbox(up)
            assert len(mails) == 2
            assert all(any(email in m["to"] for m in mails) for email, _ in MEMBERS)
            assert len({m["message_id"] for m in mails}) == 2

            await until(lambda: posts)
            body, headers = posts[0]
            event = Webhook(SECRET).verify(body, headers)
            assert event["type"] == "page.published"
            assert event["data"]["url"] == answer.json()["url"]

            # The same content again is refused and mails nobody; news mails nobody.
            assert post(up, key, alert()).status_code == 409
            other = post(up, key, news()).json()
            await until(lambda: receipt(up, key, other["id"])["page"])
            assert receipt(up, key, other["id"])["state"] == "none"
            assert len(inbox(up)) == 2


async def test_g10_a_link_in_a_mail_changes_nothing_until_it_is_posted(members: Path) -> None:
    with Up() as up:
        up.start()
        key = up.key()
        up.json("members", "import", str(members), "--consent", "Ja takk")
        first = post(up, key, alert()).json()
        await complete(up, key, first["id"])
        mail = httpx.get(f"{up.url}/inbox/api/messages/{inbox(up)[0]['id']}").json()
        headers = {name.lower(): value for name, value in mail["headers"]}
        [link] = re.findall(r"<(http[^>]+)>", headers["list-unsubscribe"])
        assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert httpx.get(link).status_code == 200
        second = post(up, key, alert(title="Et annet varsel om leveren")).json()
        assert (await complete(up, key, second["id"]))["handed_over"] == 2

        answer = httpx.post(link, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.history) == (200, [])
        third = post(up, key, alert(title="Et tredje varsel om leveren")).json()
        done = await complete(up, key, third["id"])
        assert (done["audience"], done["handed_over"]) == (1, 1)


async def test_g3_a_receipt_says_what_was_given_up_until_it_is_replayed(members: Path) -> None:
    with Up() as up:
        up.start()
        key = up.key()
        async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
            # What render must keep is made unusable, so that it fails on this article for good.
            await redis.set("render:counters", "no hash")
            article = post(up, key, news()).json()["id"]
            # Not waiting out the growing pauses: the event is one failure from being given up.
            await until(lambda: redis.hlen("render:attempts:articles"))
            [entry] = await redis.hkeys("render:attempts:articles")
            await redis.hset("render:attempts:articles", entry, 7)
            await until(lambda: receipt(up, key, article)["state"] == "stuck", timeout=20)
            problem = receipt(up, key, article)["problems"][0]
            assert problem["stream"] == "articles"
            [letter] = up.json("dead", "list")["dead"]
            assert letter["subject"] == article
            assert up.json("dead", "show", letter["letter"])["event"]["type"] == "article.published"
            await redis.delete("render:counters")
        up.json("dead", "replay", letter["letter"])
        await until(lambda: receipt(up, key, article)["page"])
        assert receipt(up, key, article)["state"] == "none"
        assert up.json("dead", "list")["dead"] == []


async def test_demo_ends_with_200_of_200() -> None:
    with Up() as up:
        done = up.json("demo")
        assert done["receipt"]["state"] == "complete"
        assert (done["receipt"]["handed_over"], done["receipt"]["audience"]) == (200, 200)
        up.start()  # what the demo left is there, and a second demo mails nobody
        again = up.json("demo")
        assert again["id"] == done["id"]
        assert len(inbox(up)) == 200
        # The made-up association says at the foot of its pages where it is.
        await until(lambda: "post@example.org" in httpx.get(f"{up.url}/").text)
        watched = up.json("watch", "--once")
        assert {s["stream"] for s in watched["streams"]} == {
            "articles", "pages", "chunks", "deliveries", "control", "reference",
        }  # fmt: skip
        assert watched["deliveries"][0]["handed_over"] == 200


@pytest.mark.skipif(not REAL.exists(), reason="the real article is not beside this checkout")
async def test_the_real_article_with_its_pictures_reaches_page_and_members(members: Path) -> None:
    with Up() as up:
        up.start()
        key = up.key()
        up.json("members", "import", str(members), "--consent", "Ja takk")
        done = up.json("publish", str(REAL), key=key)
        assert done["status"] == "published"
        assert done["receipt"]["handed_over"] == 2
        page = httpx.get(done["url"]).text
        assert page.count("<figure") == 3
        for picture in re.findall(r'<img[^>]* src="([^"]+)"', page):
            assert httpx.get(f"{up.url}{picture}").headers["content-type"] == "image/jpeg"
        again = up.json("publish", str(REAL), key=key)
        assert again["id"] == done["id"]
        assert len(inbox(up)) == 2
        assert up.json("receipt", done["id"], key=key)["state"] == "complete"
