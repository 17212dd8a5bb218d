"""Who writes or approves what is out already is told so, before members get it twice."""

import json
from datetime import datetime
from typing import Any

import httpx
import pytest

from services.ingest.alike.store import ALIKE, LIVE, LiveArticles
from services.ingest.alike.terms import terms
from services.ingest.alike.warn_of_alike import WarnOfAlike
from shared.oslo import oslo
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, alert, news, somebody
from tests.make import alert_fields

OTHER_MEDICINE = alert_fields() | {"medicines": [{"substance": "annetmab", "brands": ["Annet"]}]}


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    """Alerts need one approval, and are not held."""
    made: Ingest = await make_ingest(alert_approvals=1, alert_hold="0")
    return made


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


@pytest.fixture
async def ola(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Ola", "approver")


async def live(kari: Somebody, ola: Somebody, **more: Any) -> str:
    article = str((await kari.new(alert(**more))).json()["id"])
    assert (await ola.approve(article)).json()["status"] == "published"
    return article


def alike(answer: httpx.Response | dict[str, Any]) -> list[tuple[str, str]]:
    """Which live articles an answer warns of, and for what."""
    answered = answer if isinstance(answer, dict) else answer.json()
    return [(one["article"], one["field"]) for one in answered["warnings"] if one["article"]]


async def test_an_alert_with_the_title_of_a_live_one_is_told_so_to_writer_and_approver(
    kari: Somebody, ola: Somebody
) -> None:
    first = await live(kari, ola)
    again = alert(title="EKSEMPELINIB – kan skade leveren!", alert=OTHER_MEDICINE)
    saved = await kari.new(again | {"draft": True})
    article = saved.json()["id"]
    assert alike(saved) == [(first, "title")]
    submitted = await kari.take("submit", article)
    assert submitted.json()["status"] == "in_review"
    assert alike(submitted) == [(first, "title")]
    seen = await ola.get(article)
    assert alike(seen) == [(first, "title")]
    (said,) = [one["message"] for one in seen["warnings"]]
    shown = await ola.get(first)
    day = f"{oslo(datetime.fromisoformat(shown['published_at'])):%d.%m.%Y}"
    for part in (
        *("Eksempelinib kan skade leveren", first, shown["url"], f"publisert {day}"),
        *(f"varsel correct {first}", "samme tittel"),
    ):
        assert part in said
    assert "om Annet" not in said
    assert alike(await ola.approve(article)) == [(first, "title")]


async def test_an_alert_with_a_medicine_of_a_live_one_is_told_which(
    kari: Somebody, ola: Somebody
) -> None:
    first = await live(kari, ola)
    medicines = [{"substance": "ukjent", "brands": ["Exempla"]}, *OTHER_MEDICINE["medicines"]]
    new = alert(title="Noe helt annet", alert=alert_fields() | {"medicines": medicines})
    answer = await kari.new(new)
    assert alike(answer) == [(first, "alert.medicines")]
    (said,) = [one["message"] for one in answer.json()["warnings"] if one["article"]]
    assert said.startswith("det er alt ute et varsel om Exempla: «Eksempelinib kan skade leveren»")


async def test_nothing_is_said_of_what_is_not_live(kari: Somebody, ola: Somebody) -> None:
    """Drafts, what waits for approval, and what is withdrawn."""
    draft = await kari.new(alert(draft=True, lead="Kladden."))
    waiting = await kari.new(alert(lead="Det som venter."))
    withdrawn = await live(kari, ola, lead="Det som er trukket.")
    assert (await ola.take("withdraw", withdrawn, "Feil.")).status_code == 200
    assert [alike(one) for one in (draft, waiting, await kari.new(alert()))] == [[]] * 3
    assert alike(await ola.get(withdrawn)) == []


async def test_a_correction_is_not_warned_of_itself_nor_of_what_its_readers_know(
    kari: Somebody, ola: Somebody, ingest: Ingest
) -> None:
    first = await live(kari, ola)
    second = await live(kari, ola, title="Et annet råd", lead="Nytt.")
    change = {"kind": "correction", "note": "Dosen var feil."}
    seen = await kari.get(second)
    corrected = alert(title="Et annet råd", lead="Nyere.", change=change)
    answer = await kari.put(second, corrected, seen["etag"])
    assert (answer.json()["status"], alike(answer)) == ("in_review", [])
    assert alike(await ola.get(second)) == []
    renamed = corrected | {"title": alert()["title"]}
    answer = await kari.put(second, renamed, answer.json()["etag"])
    assert alike(answer) == [(first, "title")], "the title is a new one for this article"
    assert alike(await ola.approve(second)) == [(first, "title")]
    assert alike(await ola.get(second)) == []


async def test_a_correction_is_known_by_its_own_words_and_no_longer_by_the_old_ones(
    kari: Somebody, ola: Somebody, ingest: Ingest
) -> None:
    first = await live(kari, ola, title="Den gamle tittelen")
    change = {"kind": "correction", "note": "Tittelen var feil."}
    new = alert(title="Den nye tittelen", alert=OTHER_MEDICINE, change=change)
    saved = await kari.put(first, new, (await kari.get(first))["etag"])

    async def said_of(title: str) -> list[tuple[str, str]]:
        return alike(await kari.new(alert(title=title, draft=True, lead=f"Om {title}.")))

    old = [(first, "title")], [(first, "alert.medicines")]
    assert (await said_of("Den gamle tittelen"), await said_of("Den nye tittelen")) == old
    assert saved.json()["status"] == "in_review", "readers have the old one until it is approved"
    assert (await ola.approve(first)).json()["status"] == "published"
    assert await said_of("Den gamle tittelen av før") == []
    assert await said_of("Den nye tittelen?") == [(first, "title")]
    assert (await ola.take("withdraw", first, "Feil.")).status_code == 200
    assert await ingest.redis.exists(ALIKE, LIVE) == 0, "nothing is left of what is withdrawn"


async def test_an_article_is_never_warned_of_itself(
    kari: Somebody, ola: Somebody, ingest: Ingest
) -> None:
    """Even if it was read just before it was published."""
    first = await live(kari, ola)
    warn = WarnOfAlike("https://varsel.example.org", LiveArticles(ingest.redis))
    assert await warn(first, make.alert()) == []
    assert [one.article for one in await warn("a" * 12, make.alert())] == [first]


async def test_an_exercise_is_not_the_alert_that_it_rehearses(
    kari: Somebody, ola: Somebody
) -> None:
    exercise = alert_fields() | {"mode": "exercise"}
    await live(kari, ola, alert=exercise)
    assert alike(await kari.new(alert())) == []


async def test_three_are_named_those_with_the_title_first_then_the_newest(
    kari: Somebody, ola: Somebody
) -> None:
    same = await live(kari, ola)
    _, *newest = [await live(kari, ola, title=f"Råd {number}") for number in range(3)]
    answer = await kari.new(alert(lead="Igjen."))
    named = [(same, "title"), *((one, "alert.medicines") for one in reversed(newest))]
    assert alike(answer) == named


async def test_the_third_news_with_one_title_is_told_so_and_the_second_is_not(
    kari: Somebody, ola: Somebody
) -> None:
    title = "Årsmøte"
    ids = []
    for year, title in enumerate(("Årsmøte", "ÅRSMØTE!", "Årsmøte.")):
        answer = await kari.new(news(title=title, lead=f"Det {year + 1}. møtet."))
        assert answer.json()["status"] == "published"
        said = [one for one in answer.json()["warnings"] if one["article"]]
        assert len(said) == (year == 2)
        ids.append(answer.json()["id"])
    assert said[0]["field"] == "title"
    assert all(one in said[0]["message"] for one in (*ids[:2], "minst 2 nyheter", "varsel edit"))
    assert (await ola.take("withdraw", ids[0], "Gammelt.")).status_code == 200
    assert (await ola.take("withdraw", ids[1], "Gammelt.")).status_code == 200
    last = await kari.new(news(title="Årsmøte", lead="Det 4. møtet."))
    assert [one for one in last.json()["warnings"] if one["article"]] == []


async def test_what_is_looked_at_does_not_grow_with_the_archive(
    kari: Somebody, ola: Somebody, ingest: Ingest
) -> None:
    """A thousand live alerts about one medicine."""
    first = await live(kari, ola)
    (of_one,) = [e for e in await ingest.redis.zrange(ALIKE, 0, -1) if b":exempla|" in e]
    term = of_one.decode().split("|")[0]
    old = {f"{term}|{at:015d}|gammel{at:06d}": 0.0 for at in range(1000)}
    about = json.loads(await ingest.redis.hget(LIVE, first))
    await ingest.redis.zadd(ALIKE, old)
    await ingest.redis.hset(
        LIVE, mapping={key.rpartition("|")[2]: json.dumps(about) for key in old}
    )
    before = await ingest.redis.info("commandstats")
    answer = await kari.new(alert(lead="Igjen."))
    after = await ingest.redis.info("commandstats")
    assert alike(answer)[0] == (first, "title")
    looked = {
        name: after[f"cmdstat_{name}"]["calls"] - before[f"cmdstat_{name}"]["calls"]
        for name in ("zrange", "hmget")
    }
    assert looked["zrange"] == 6, "once for the title, and for each of five names of medicines"
    assert looked["hmget"] <= 2
    found = await LiveArticles(ingest.redis).with_terms(terms(make.alert()), newest=4)
    assert set(found) == {first, *(f"gammel{at:06d}" for at in range(997, 1000))}
