import hashlib
import json
from urllib.parse import parse_qs

import pytest

from services.notify.posting.plan import followers, plan_posts
from shared.revision import Change
from tests.make import alert, alert_fields, settings
from tests.notify.posting.events import (
    HOOK,
    HUB,
    SITE,
    followed_by,
    published,
    secret_of,
    withdrawn,
)
from tests.notify.posting.follower import SECRET


def test_a_webhook_gets_the_alert_in_short() -> None:
    event = published()
    (post,) = plan_posts(event, followed_by(HOOK))
    assert json.loads(post.body) == {
        "type": "page.published",
        "timestamp": event.time.isoformat(timespec="milliseconds"),
        "data": {
            "change_id": f"{event.data.id}.1",
            "id": event.data.id,
            "revision": 1,
            "kind": "safety_alert",
            "url": f"{SITE}/nyheter/en-sak/",
            "title": event.data.article.title,
            "lead": event.data.article.lead,
            "severity": "severe",
            "mode": "actual",
            "cap": f"{SITE}/varsler/{event.data.id}/1.cap.xml",
        },
    }
    assert len(post.body.encode()) < 20_000


def test_news_and_withdrawals_are_posted_too() -> None:
    event = withdrawn()
    (post,) = plan_posts(event, followed_by(HOOK))
    body = json.loads(post.body)
    assert body["type"] == "page.withdrawn"
    assert body["data"]["kind"] == "news"
    assert body["data"]["withdrawn"] is True
    assert "severity" not in body["data"]


@pytest.mark.parametrize(
    ("kind", "note"),
    [("edit", None), ("correction", "Dosen var feil."), ("withdrawal", "Den gjaldt en annen.")],
)
def test_a_follower_is_told_what_has_changed(kind: str, note: str | None) -> None:
    change = Change.model_validate({"kind": kind, "note": note})
    about = withdrawn() if kind == "withdrawal" else published()
    said = about.data.model_copy(update={"change": change, "revision": 4})
    (post,) = plan_posts(about.model_copy(update={"data": said}), followed_by(HOOK))
    assert json.loads(post.body)["data"]["change"] == {"kind": kind, "note": note}


@pytest.mark.parametrize("mode", ["exercise", "test"])
def test_followers_hear_nothing_of_exercises_and_tests_unless_they_want_to(mode: str) -> None:
    about = published()
    article = alert(alert=alert_fields() | {"mode": mode}, title="Tenkt varsel")
    said = about.data.model_copy(update={"article": article})
    exercise = about.model_copy(update={"data": said})
    assert not plan_posts(exercise, followed_by(HOOK, hubs=(HUB,)))
    other = {"url": "https://other.example.net/", "secret": SECRET}
    wanting = {"url": HOOK, "secret": SECRET, "exercises": True}
    conf = settings(site_url=SITE, webhooks=[other, wanting], websub_hubs=(HUB,))
    (post,) = plan_posts(exercise, conf)
    told = json.loads(post.body)["data"]
    assert (post.host, told["mode"]) == ("follower.example.net", mode)
    assert told["title"] == {"exercise": "ØVELSE: ", "test": "TEST: "}[mode] + "Tenkt varsel"
    assert len(plan_posts(about, conf)) == 4, "real alerts go to all"


def test_a_hub_is_told_of_each_feed_by_a_post_of_its_own() -> None:
    posts = plan_posts(published(), followed_by(hubs=(HUB,)))
    assert [post.content_type for post in posts] == ["application/x-www-form-urlencoded"] * 2
    assert [parse_qs(post.body) for post in posts] == [
        {"hub.mode": ["publish"], "hub.url": [f"{SITE}/feed.atom"]},
        {"hub.mode": ["publish"], "hub.url": [f"{SITE}/feed.json"]},
    ]


def test_a_post_id_names_the_event_and_hides_the_address() -> None:
    fingerprint = hashlib.sha256(HOOK.encode()).hexdigest()[:12]
    conf = followed_by(HOOK, hubs=(HOOK,))
    event = published(3)
    assert [post.id for post in plan_posts(event, conf)] == [
        f"{event.data.id}-3-page-published-{fingerprint}",
        f"{event.data.id}-3-page-published-{fingerprint}-atom",
        f"{event.data.id}-3-page-published-{fingerprint}-json",
    ]


def test_two_webhooks_with_one_address_are_one_follower_with_two_secrets() -> None:
    conf = followed_by(HOOK, "https://other.example.net/", HOOK, secrets=("a", "b", "c"))
    (first, second) = followers(conf).values()
    assert first.secrets == (secret_of("a"), secret_of("c"))
    assert second.secrets == (secret_of("b"),)
    assert len(plan_posts(published(), conf)) == 2


def test_the_same_event_gives_the_same_posts_and_another_gives_others() -> None:
    conf = followed_by(HOOK, "https://other.example.net/", hubs=(HUB,))
    event = published()
    assert plan_posts(event, conf) == plan_posts(event, conf)
    events = (event, published(2), published(id="zzzzzzzz"), withdrawn())
    ids = [post.id for one in events for post in plan_posts(one, conf)]
    assert len(ids) == len(set(ids)) == 16


def test_neither_the_secret_nor_the_address_is_kept() -> None:
    kept = str([post.model_dump_json() for post in plan_posts(published(), followed_by(HOOK))])
    assert SECRET.removeprefix("whsec_") not in kept
    assert "address-secret" not in kept
    assert "follower.example.net" in kept


def test_a_post_is_due_from_the_time_of_its_event() -> None:
    event = published()
    (post,) = plan_posts(event, followed_by(HOOK))
    assert post.planned_at == int(event.time.timestamp() * 1000)


@pytest.mark.parametrize("address", ["http://[", "https://x:y:z/"])
def test_an_address_that_makes_no_sense_does_not_keep_an_alert_from_starting(address: str) -> None:
    assert len(plan_posts(published(), followed_by(hubs=(address,)))) == 2


def test_without_followers_nothing_is_planned() -> None:
    assert plan_posts(published(), followed_by()) == []
