"""Nobody is told of what a power cut could still take back."""

import pytest
from redis.asyncio import Redis

from shared.events import ArticlePublished, ArticleWithdrawn, Event
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.disk import Disk
from tests.make import alert, revision, settings
from tests.render.events import submitted
from tests.render.lives import later, withdrawal
from tests.render.running import all_handled, emitted, running, tell
from tests.wait import until

NEWS, ALERT = revision(), revision(alert(), id="b1b2c3d4e5f6", slug="et-varsel")
WAITING = later(ALERT)
TOKEN = "a" * 32


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def published(of: Revision) -> Event:
    return ArticlePublished.about(of, traceparent=new_traceparent())


def withdrawn(of: Revision) -> Event:
    return ArticleWithdrawn.about(withdrawal(of), traceparent=new_traceparent())


PLACES = {
    "a page": ([published(NEWS)], "nyheter/en-sak/index.html"),
    "a page's name": ([published(NEWS)], "nyheter/en-sak"),
    "the name of a page's folder": ([published(NEWS)], "nyheter"),
    "the name of the folder of all": ([published(NEWS)], ""),
    "a CAP message": ([published(ALERT)], f"varsler/{ALERT.id}/1.cap.xml"),
    "a CAP message's name": ([published(ALERT)], f"varsler/{ALERT.id}"),
    "the name of a CAP message's folder": ([published(ALERT)], "varsler"),
    "what stands for withdrawn news": (
        [published(NEWS), withdrawn(NEWS)],
        "nyheter/en-sak/.gone.html",
    ),
    "a preview": ([submitted(WAITING, "a")], f"utkast/{TOKEN}/index.html"),
    "a preview's name": ([submitted(WAITING, "a")], f"utkast/{TOKEN}"),
    "the name of a preview's folder": ([submitted(WAITING, "a")], "utkast"),
    "that a preview is gone": ([submitted(WAITING, "a"), published(WAITING)], "utkast"),
}


@pytest.mark.parametrize(("events", "place"), PLACES.values(), ids=PLACES)
async def test_an_event_waits_until_what_it_tells_of_is_on_the_disk(
    redis_url: str, redis: Redis, disk: Disk, events: list[Event], place: str
) -> None:
    conf = settings()
    *before, told = events
    async with running(conf, redis_url) as service:
        for event in before:
            await tell(redis, event)
        await all_handled(redis)
        disk.refused = conf.site_folder.resolve() / place
        await tell(redis, told)

        async def stuck_or_told() -> bool:
            return bool(service.bus.problems()) or len(await emitted(redis)) > len(before)

        await until(stuck_or_told)
        assert len(await emitted(redis)) == len(before), f"{place} is not on the disk"
        assert disk.asked
        disk.refused = None
        await all_handled(redis)
        assert len(await emitted(redis)) == len(events)
