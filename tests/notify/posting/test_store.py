"""Posts as they are planned, by the script itself."""

from redis.asyncio import Redis

from services.notify.posting.plan import DUE, plan_posts
from services.notify.posting.store import PostPlanner
from shared.bus import Bus, Entry
from shared.bus.entry import Effects, Place, Result
from shared.events import PageEvent
from shared.settings import Settings
from tests.bus.helpers import pending, publish
from tests.notify.posting.events import HOOK, followed_by, published


async def handed(redis: Redis, event: PageEvent) -> Entry:
    """An entry of `pages` that a worker has in hand."""
    await redis.xgroup_create("pages", "notify", id="0", mkstream=True)
    await publish(redis, event, stream="pages")
    ((_, ((entry, _),)),) = await redis.xreadgroup("notify", "notify-1", {"pages": ">"})

    async def never(_: Place, __: Effects) -> Result:
        raise NotImplementedError

    return Entry(Place("pages", "notify", "notify-1", entry.decode()), event, never)


async def test_a_post_is_due_from_the_time_of_its_event_and_the_entry_stays(
    redis: Redis, redis_url: str
) -> None:
    settings: Settings = followed_by(HOOK)
    event = published()
    entry = await handed(redis, event)
    bus = Bus(redis_url, service="notify", consumer="notify-1")
    posts = plan_posts(event, settings)
    await PostPlanner(bus).plan(entry, event, posts)
    await PostPlanner(bus).plan(entry, event, posts)
    due = await redis.zrange(DUE, 0, -1, withscores=True)
    at = int(event.time.timestamp() * 1000)
    assert due == [(post.id.encode(), at) for post in posts]
    assert await pending(redis, "pages", "notify") == 1
    await bus.redis.aclose()
