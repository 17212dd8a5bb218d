"""An alert whose mail cannot be sent is known before it goes out: nobody approves it, and if nobody
has to, it is stopped while it waits."""

from typing import Any

import httpx
import pytest

from services.ingest.reading import mail_size
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, alert, in_review, kinds, news, somebody
from tests.ingest.steps import hear, submissions
from tests.mail_known import mail_known

TOO_LARGE: dict[str, Any] = {"refused": "too_large", "size": 12_345_678, "relay_takes": 10_240_000}
UNSAFE: dict[str, Any] = {"refused": "unsafe", "size": 0}


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=1, alert_hold=0)


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


@pytest.fixture
async def ola(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Ola", "approver")


async def approved(ola: Somebody, article: str) -> httpx.Response:
    """What Ola is answered, by what is known of the mail."""
    etag = (await ola.get(article))["etag"]
    return await ola.ingest.http.post(
        f"/api/articles/{article}/approve", headers=ola.headers | {"If-Match": etag}
    )


async def test_nobody_approves_an_alert_before_its_mail_is_known(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    answer = await approved(ola, article)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:varsel:problem:mail-unknown")
    assert (await ola.get(article))["status"] == "in_review"
    await mail_known(ingest.redis, article)
    assert (await approved(ola, article)).json()["status"] == "published"
    # Done already: what is known now changes nothing.
    await mail_known(ingest.redis, article, **TOO_LARGE)
    assert (await approved(ola, article)).status_code == 200


@pytest.mark.parametrize(
    ("mail", "says"),
    [(TOO_LARGE, ("12\u00a0346 kB", "10\u00a0240 kB", "Kort ned")), (UNSAFE, ("bare Varsel",))],
    ids=["too large", "unsafe"],
)
async def test_nobody_approves_an_alert_that_cannot_be_mailed(
    ingest: Ingest, kari: Somebody, ola: Somebody, mail: dict[str, Any], says: tuple[str, ...]
) -> None:
    article = await in_review(kari)
    await mail_known(ingest.redis, article, **mail)
    answer = await approved(ola, article)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:varsel:problem:not-mailable")
    assert answer.json()["refused"] == mail["refused"]
    assert all(one in answer.json()["detail"] for one in says)
    assert (await ola.get(article))["approvals"] == []
    etag = (await kari.get(article))["etag"]
    await kari.put(article, alert(title="Kortere"), etag)
    assert (await approved(ola, article)).json()["type"] == "urn:varsel:problem:mail-unknown"
    await mail_known(ingest.redis, article)
    assert (await approved(ola, article)).json()["status"] == "published"


async def test_a_mail_of_another_text_says_nothing(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    for other in ({"sha256": "0" * 64}, {"revision": 2}):
        await mail_known(ingest.redis, article, **other)
        assert (await approved(ola, article)).json()["type"] == "urn:varsel:problem:mail-unknown"


async def held(make_ingest: Any) -> tuple[Ingest, Somebody]:
    """A system in which alerts need no approval, and wait for a minute."""
    ingest = await make_ingest(alert_approvals=0, alert_hold=60)
    await ingest.bus.start()
    return ingest, await somebody(ingest, "Kari")


@pytest.mark.parametrize("mail", [TOO_LARGE, UNSAFE], ids=["too large", "unsafe"])
async def test_what_cannot_be_mailed_is_stopped_in_its_hold_and_says_why(
    make_ingest: Any, mail: dict[str, Any]
) -> None:
    ingest, kari = await held(make_ingest)
    answer = await kari.new(alert())
    assert (answer.status_code, answer.json()["status"]) == (201, "approved")
    article = answer.json()["id"]
    (submitted,) = await submissions(ingest)
    await hear(ingest, submitted, 5, **mail)
    found = await kari.get(article)
    assert (found["status"], found["publish_at"]) == ("draft", None)
    assert (found["last"]["step"], found["last"]["by"]) == ("stop", "ingest")
    shown = await kari.get(article, "/preview")
    assert shown["refused"] == mail["refused"]
    assert shown["warnings"] == [found["last"]["note"]]
    assert not await ingest.redis.exists("ingest:schedule")
    await hear(ingest, submitted, 5, **mail)  # told again
    assert (await kari.get(article))["last"] == found["last"]
    assert await ingest.redis.xlen("deliveries.dead") == 0


async def test_what_can_be_mailed_goes_on_waiting(make_ingest: Any) -> None:
    ingest, kari = await held(make_ingest)
    article = (await kari.new(alert())).json()["id"]
    (submitted,) = await submissions(ingest)
    await hear(ingest, submitted, 5)
    assert (await kari.get(article))["status"] == "approved"


async def test_a_late_word_on_an_older_text_does_not_stop_the_newer(make_ingest: Any) -> None:
    ingest, kari = await held(make_ingest)
    article = (await kari.new(alert())).json()["id"]
    await kari.put(article, alert(title="Kortere"), (await kari.get(article))["etag"])
    first, second = await submissions(ingest)
    await hear(ingest, first, 5, **TOO_LARGE)
    assert (await kari.get(article))["status"] == "approved"
    await hear(ingest, second, 5, **TOO_LARGE)
    assert (await kari.get(article))["status"] == "draft"


async def test_what_is_published_at_once_waits_for_nobody_and_stays_published(
    make_ingest: Any,
) -> None:
    ingest = await make_ingest(alert_approvals=0, alert_hold=0)
    await ingest.bus.start()
    kari = await somebody(ingest, "Kari")
    article = (await kari.new(alert())).json()["id"]
    assert await kinds(ingest) == ["article.published"]
    await mail_known(ingest.redis, article, **TOO_LARGE)
    assert (await kari.get(article))["status"] == "published"


async def test_news_is_never_asked_about_its_mail(make_ingest: Any) -> None:
    ingest, kari = await held(make_ingest)
    story = news(publish_at="2199-01-01T12:00:00+01:00")
    assert (await kari.new(story)).json()["status"] == "approved"
    assert await kinds(ingest) == []


def long_alert(batches: int, **more: Any) -> dict[str, Any]:
    medicine = {"substance": "prøvomab", "brands": ["Provo"], "batches": ["å" * 300] * batches}
    fields = alert(**more)
    fields["alert"] = fields["alert"] | {"medicines": [medicine] * 50}
    return fields


@pytest.mark.parametrize("draft", [True, False])
async def test_what_can_never_be_mailed_is_not_saved_and_the_longest_field_is_named(
    make_ingest: Any, draft: bool
) -> None:
    ingest, kari = await held(make_ingest)
    answer = await kari.new(long_alert(10, draft=draft))
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "alert.medicines"
    assert "1000 kB" in error["message"]
    assert await kinds(ingest) == []
    article = (await kari.new(alert(draft=draft))).json()["id"]
    etag = (await kari.get(article))["etag"]
    assert (await kari.put(article, long_alert(10, draft=draft), etag)).status_code == 422
    assert (await kari.get(article))["revision"] == 1


async def test_a_submission_without_approvals_waits_for_nobody(make_ingest: Any) -> None:
    """Long, and below the bound: notify has said nothing."""
    _, kari = await held(make_ingest)
    assert (await kari.new(long_alert(3))).json()["status"] == "approved"


async def test_a_live_alert_that_is_too_long_can_be_corrected_as_long_as_it_gets_no_longer(
    ingest: Ingest, kari: Somebody, ola: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was saved before there was a bound, or by another one."""
    monkeypatch.setattr(mail_size, "MOST_OCTETS", 10**9)
    article = await in_review(kari, **long_alert(10))
    assert (await ola.approve(article)).json()["status"] == "published"
    monkeypatch.undo()
    etag = (await kari.get(article))["etag"]
    change = {"kind": "correction", "note": "Dosen var feil."}
    longer = long_alert(10, title="Eksempelinib kan skade leveren og nyrene", change=change)
    assert (await kari.put(article, longer, etag)).status_code == 422
    same = long_alert(10, change=change)
    assert (await kari.put(article, same, etag)).json()["status"] == "in_review"


async def test_news_may_be_as_long_as_it_likes(kari: Somebody) -> None:
    story = news(body="Å " * 90_000 + "slutt.")
    assert (await kari.new(story)).json()["status"] == "published"
