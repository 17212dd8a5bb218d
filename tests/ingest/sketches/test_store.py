"""What is being written is asked for once for each content, and only the last is shown."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from services.ingest.sketches.store import KNOWN_SECONDS, Sketches
from shared.event_data import MailSketch, Preview
from shared.events import ArticleSketched, MailSketched, PageSketched, from_fields, to_fields
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.ingest.conftest import Ingest
from tests.make import alert, revision
from tests.wait import until

FIRST = revision(alert(title="Eksempelinib kan skade leveren"))
NEXT = revision(alert(title="Eksempelinib kan skade nyrene"))


def sketched(of: Revision, token: str) -> ArticleSketched:
    return ArticleSketched(
        id=f"{of.id}.{of.revision}.article.sketched.{token}",
        source="/varsel/ingest",
        subject=of.id,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=Preview(revision=of, token=token * 32),
    )


def page(of: Revision, token: str) -> PageSketched:
    event = sketched(of, token)
    return PageSketched(**{**vars(event), "type": "page.sketched", "data": event.data})


def mail(of: Revision) -> MailSketched:
    said = MailSketch(
        article=of.id, sha256=of.sha256, subject=of.article.title, text="x", html="<p>x</p>"
    )
    event = sketched(of, "a")
    return MailSketched(**{**vars(event), "type": "mail.sketched", "data": said})


async def asked(redis: Redis) -> list[ArticleSketched]:
    found = [from_fields(fields) for _, fields in await redis.xrange("articles")]
    return [one for one in found if isinstance(one, ArticleSketched)]


async def test_the_same_content_is_asked_for_once_and_the_last_alone_stays(
    ingest: Ingest,
) -> None:
    await ingest.bus.start()
    sketches = Sketches(ingest.bus.redis)
    assert await sketches.begin(sketched(FIRST, "a"), "1-0", ["tittel"])
    assert not await sketches.begin(sketched(FIRST, "b"), "2-0", [])
    found = await sketches.of(FIRST.id)
    assert found
    assert (found.version, found.lacks, found.page, found.mail) == ("2-0", (), None, None)
    assert await sketches.begin(sketched(NEXT, "c"), "3-0", [])
    assert [one.data.token[0] for one in await asked(ingest.redis)] == ["c"]
    ttl = await ingest.redis.ttl(f"ingest:sketch:{FIRST.id}")
    assert KNOWN_SECONDS - 60 < ttl <= KNOWN_SECONDS


async def test_what_came_of_an_earlier_content_is_not_shown_as_the_last(ingest: Ingest) -> None:
    await ingest.bus.start()
    sketches = Sketches(ingest.bus.redis)
    await sketches.begin(sketched(NEXT, "b"), "2-0", [])
    for stream, event in (
        *(("pages", page(NEXT, "b")), ("deliveries", mail(NEXT))),
        *(("pages", page(FIRST, "a")), ("deliveries", mail(FIRST))),
    ):
        await ingest.redis.xadd(stream, to_fields(event))  # type: ignore[arg-type]

    async def all_noted() -> bool:
        groups = [
            group
            for stream in ("pages", "deliveries")
            for group in await ingest.redis.xinfo_groups(stream)
            if group["name"] == b"ingest"
        ]
        return all(group["pending"] == 0 and group["entries-read"] == 2 for group in groups)

    await until(all_noted)
    found = await sketches.of(NEXT.id)
    assert found
    assert (found.page, found.mail) == (None, None), "both are of what came before"
    await ingest.redis.xadd("pages", to_fields(page(NEXT, "b")))  # type: ignore[arg-type]
    await ingest.redis.xadd("deliveries", to_fields(mail(NEXT)))  # type: ignore[arg-type]

    async def both() -> bool:
        found = await sketches.of(NEXT.id)
        return bool(found and found.page and found.mail)

    await until(both)
    found = await sketches.of(NEXT.id)
    assert found
    assert found.page == f"/utkast/{'b' * 32}/"
    assert found.mail
    assert found.mail.subject == NEXT.article.title


async def test_a_sketch_is_no_submission(ingest: Ingest) -> None:
    await ingest.bus.start()
    sketches = Sketches(ingest.bus.redis)
    await sketches.begin(sketched(FIRST, "a"), "1-0", [])
    await ingest.redis.xadd("pages", to_fields(page(FIRST, "a")))  # type: ignore[arg-type]

    async def is_there() -> bool:
        found = await sketches.of(FIRST.id)
        return bool(found and found.page)

    await until(is_there)
    assert await ingest.redis.keys("ingest:preview*") == []
    assert await ingest.redis.keys("ingest:article*") == []
    assert (await ingest.http.get(f"/api/articles/{FIRST.id}")).status_code == 404
