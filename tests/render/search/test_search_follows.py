"""The index follows what is published, is made anew if it is no good, and holds up nothing."""

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from shared.events import (
    ArticleRevised,
    ArticleWithdrawn,
    SubjectChanged,
    SubjectRemoved,
    to_fields,
)
from shared.service import Service
from shared.settings import Settings
from shared.subject import Subject
from shared.trace import new_traceparent
from tests.make import alert, alert_fields, news, revision, settings
from tests.render.lives import withdrawal
from tests.render.running import all_handled, emitted, kept, publish, running
from tests.wait import until


@asynccontextmanager
async def asked(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=service.http)
    async with httpx.AsyncClient(transport=transport, base_url="http://site.example") as client:
        yield client


async def hits(service: Service, text: str) -> list[str]:
    """The paths of the articles that a search shows, in order."""
    async with asked(service) as client:
        page = (await client.get("/sok/", params={"q": text})).text
    main = page.partition('class="search-results"')[2].partition("<footer")[0]
    return [
        part.partition('"')[0] for part in main.split('<a href="/nyheter/')[1:] if part[0] != '"'
    ]


async def finds(service: Service, text: str, *slugs: str) -> None:
    async def as_wanted() -> bool:
        return await hits(service, text) == [f"{slug}/" for slug in slugs]

    await until(as_wanted)


async def test_what_is_published_revised_and_withdrawn_is_found_as_it_is_within_a_second(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    first = revision(news(title="Kurs i pust og hvile"), slug="kurs")
    async with running(conf, redis_url) as service, kept(service.loops):
        await until((conf.site_folder / ".look").exists)
        await publish(redis, first)
        await all_handled(redis)
        began = time.monotonic()
        await finds(service, "pust", "kurs")
        assert time.monotonic() - began < 1
        second = first.model_copy(
            update={"revision": 2, "article": news(title="Kurs i avspenning og hvile")}
        )
        await publish(redis, second, ArticleRevised)
        await finds(service, "avspenning", "kurs")
        await finds(service, "pust")
        await publish(redis, withdrawal(second), ArticleWithdrawn)
        await finds(service, "avspenning")


async def test_a_withdrawn_alert_stays_marked_and_no_longer_comes_first(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    warned = revision(alert(), slug="varselet", id="alert0000001")
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, revision(news(title="Spørsmål om eksempelinib"), slug="sporsmal"))
        await publish(redis, warned)
        await finds(service, "Exempla", "varselet", "sporsmal")  # a brand, and its substance
        async with asked(service) as client:
            page = (await client.get("/sok/", params={"q": "eksempelinib"})).text
            assert "Varsler som gjelder nå" in page
            await publish(redis, withdrawal(warned), ArticleWithdrawn)

            async def marked() -> bool:
                page = (await client.get("/sok/", params={"q": "eksempelinib"})).text
                return "Trukket" in page and "Varsler som gjelder nå" not in page

            await until(marked)


async def test_whether_an_alert_holds_is_said_where_it_is_found(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    over = alert_fields() | {"review_by": "2026-09-02"}
    now = revision(alert(title="Exempla på nytt"), slug="naa", id="alert0000002")
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, revision(news(title="Spørsmål om eksempelinib"), slug="sporsmal"))
        await publish(redis, revision(alert(alert=over), slug="over", id="alert0000001"))
        await finds(service, "Exempla", "sporsmal", "over")
        async with asked(service) as client:
            page = (await client.get("/sok/", params={"q": "Exempla"})).text
            assert "2 treff. Ingen av dem er varsler som gjelder nå." in page
            assert page.index("Varsler som ikke gjelder nå") < page.index("/nyheter/over/")
            await publish(redis, now)
            await finds(service, "Exempla", "naa", "sporsmal", "over")
            page = (await client.get("/sok/", params={"q": "Exempla"})).text
    assert "Ingen av dem" not in page
    places = ("Varsler som gjelder nå", "/naa/", "/sporsmal/", "Varsler som ikke gjelder", "/over/")
    assert sorted(places, key=page.index) == list(places)


async def test_an_exercise_is_not_found(redis_url: str, redis: Redis) -> None:
    conf = settings()
    fields = alert().model_dump(mode="json")
    fields["alert"]["mode"] = "exercise"
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, revision(alert(**fields), slug="ovelse", id="alert0000001"))
        await publish(redis, revision(news(title="Kurs"), slug="kurs"))
        await finds(service, "kurs", "kurs")
        assert "ovelse/" not in await hits(service, "eksempelinib")


async def filled(conf: Settings, redis_url: str, redis: Redis, articles: int = 30) -> None:
    async with running(conf, redis_url) as service, kept(service.loops):
        for number in range(articles):
            article = news(title=f"Hilsen fra ledergruppe{number}")
            await publish(redis, revision(article, id=f"sak{number:08}", slug=f"sak-{number}"))
        await finds(service, f"ledergruppe{articles - 1}", f"sak-{articles - 1}")


@pytest.mark.parametrize("damage", ["missing", "damaged", "garbled", "other code's", "behind"])
async def test_an_index_that_is_no_good_is_made_anew(
    redis_url: str, redis: Redis, damage: str
) -> None:
    conf = settings()
    await filled(conf, redis_url, redis)
    path = conf.data / "search/index.sqlite"
    if damage == "missing":
        path.unlink()
    elif damage == "damaged":
        content = bytearray(path.read_bytes())
        content[4096 : len(content) // 2] = b"\x5a" * (len(content) // 2 - 4096)
        path.write_bytes(content)
    elif damage == "garbled":
        path.write_bytes(b"no database" * 1000)
    elif damage == "other code's":
        with sqlite3.connect(path) as base:
            base.execute("PRAGMA user_version = 7")
    else:
        await redis.xtrim("pages", maxlen=0, approximate=False)
    async with running(conf, redis_url) as service, kept(service.loops):
        await finds(service, "ledergruppe0", "sak-0")
        await finds(service, "ledergruppe29", "sak-29")
        if damage == "missing":
            path.unlink()  # while it runs
            await finds(service, "ledergruppe7", "sak-7")
        assert service.problems() == []


async def test_two_machines_each_follow_by_themselves(redis_url: str, redis: Redis) -> None:
    here, there = settings(), settings()
    async with (
        running(here, redis_url) as one,
        kept(one.loops),
        running(there, redis_url, "render-2") as two,
        kept(two.loops),
    ):
        for number in range(10):
            article = news(title=f"Hilsen fra ledergruppe{number}")
            await publish(redis, revision(article, id=f"sak{number:08}", slug=f"sak-{number}"))
        for service in (one, two):
            for number in range(10):
                await finds(service, f"ledergruppe{number}", f"sak-{number}")


async def test_two_processes_with_one_index_leave_nothing_out(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with (
        running(conf, redis_url) as one,
        kept(one.loops),
        running(conf, redis_url, "render-2") as two,
        kept(two.loops),
    ):
        for number in range(100, 140):
            article = news(title=f"Hilsen fra ledergruppe{number}")
            await publish(redis, revision(article, id=f"sak{number:08}", slug=f"sak-{number}"))
        for number in range(100, 140):
            await finds(one, f"ledergruppe{number}", f"sak-{number}")
        assert one.problems() == two.problems() == []


async def test_an_alert_is_told_of_while_the_index_cannot_be_written(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    (conf.data / "search").write_text("a file where a folder must be")
    async with running(conf, redis_url) as service, kept(service.loops):
        await until(lambda: any("search not written" in one for one in service.problems()))
        await publish(redis, revision(alert(), slug="varselet", id="alert0000001"))
        await all_handled(redis)
        assert [event.type for event in await emitted(redis)] == ["page.published"]
        async with asked(service) as client:
            answer = await client.get("/sok/", params={"q": "eksempelinib"})
            assert answer.status_code == 503
            assert "ikke tilgjengelig" in answer.text
        (conf.data / "search").unlink()
        await finds(service, "eksempelinib", "varselet")
        await until(lambda: not service.problems())


async def test_the_index_has_an_article_only_once_its_page_is_told_of(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, revision(news(title="Kurs"), slug="kurs"))
        await finds(service, "kurs", "kurs")
        # As it is between the state and the page: known to Redis, and not yet told of.
        await Store(redis).keep(revision(news(title="Leirtur"), slug="leirtur", id="leirtur00001"))
        await publish(redis, revision(news(title="Bytur"), slug="bytur", id="bytur0000001"))
        await finds(service, "bytur", "bytur")
        assert await hits(service, "leirtur") == []


async def test_what_cannot_be_read_holds_up_nothing_else(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, revision(news(title="Kurs"), slug="kurs"))
        await finds(service, "kurs", "kurs")
        await redis.xadd("pages", {"type": "page.published", "subject": "ukjent000000"})
        await redis.xadd("pages", {"noe": "annet"})
        await publish(redis, revision(news(title="Bytur"), slug="bytur", id="bytur0000001"))
        await finds(service, "bytur", "bytur")


async def test_the_names_of_subjects_are_known_and_forgotten_with_them(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    subject = Subject(
        id="flerotinib", name="Flerotinib", substance="flerotinib", brands=("Rotinal",)
    )
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, revision(news(title="Spørsmål om flerotinib"), slug="sporsmal"))
        await finds(service, "flerotinib", "sporsmal")
        assert await hits(service, "Rotinal") == []
        told = SubjectChanged.about(subject, 1, traceparent=new_traceparent())
        await redis.xadd("reference", to_fields(told))  # type: ignore[arg-type]
        await finds(service, "Rotinal", "sporsmal")
        gone = SubjectRemoved.about(subject, 2, traceparent=new_traceparent())
        await redis.xadd("reference", to_fields(gone))  # type: ignore[arg-type]
        await finds(service, "Rotinal")
