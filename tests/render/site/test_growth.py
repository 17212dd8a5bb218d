"""Publishing costs as much among many articles as among few, and what a process holds does not
grow: counted in commands, bytes, files and objects. `make growth` measures it in time, to 100,000.
"""

import gc
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from redis.asyncio import Redis

from benchmarks.rebuild import article
from services.render.articles.store import Store
from services.render.articles.teasers import _read
from services.render.feeds.feeds import _atom_entry
from services.render.look.templates import Site
from services.render.look.theme import _environment
from services.render.site.site_files import SiteFiles
from services.render.site.write_behind import WriteBehind
from services.render.site.write_found import FoundWriter
from services.render.site.write_site import SiteWriter
from shared import durable_file
from shared.revision import Revision
from tests.make import alert, revision, settings

FEW, MANY = 610, 1_610
"""Articles; at the same place in their numbered page and sitemap. That has 500, and those of
topics are in one that is full: among fewer articles it is shorter."""
TOPICS = 5
ROUNDS = 3
MOST = 1.2


class Work(NamedTuple):
    """What publishing some articles took."""

    commands: int
    bytes_of_redis: int
    files: int
    bytes_of_files: int


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of each file that is written."""
    sizes: list[int] = []
    write = durable_file.write

    def noted(path: Path, data: bytes, **how: Any) -> None:
        sizes.append(len(data))
        write(path, data, **how)

    monkeypatch.setattr(durable_file, "write", noted)
    return sizes


def writer(redis: Redis) -> SiteWriter:
    conf = settings()
    return SiteWriter(Site.of(conf), Store(redis), SiteFiles(conf.site_folder, conf.data / "locks"))


async def publish(writer: SiteWriter, behind: WriteBehind, one: Revision) -> None:
    """All that becomes of an article's event, its topics, sitemap and related pages included."""
    kept = await writer.store.keep(one)
    if one.article.alert:
        await writer.write_alert(one.id, [one.revision])
    await writer.write_article(one)
    await writer.write_around(kept.sequence)
    await writer.write_previews(one.id)
    await behind.write_marked()


async def fill(store: Store, first: int, last: int) -> None:
    for number in range(first, last):
        await store.keep(article(number))
    await store._redis.delete("render:to_write")


async def work(redis: Redis, writer: SiteWriter, files: list[int], first: int) -> Work:
    behind = WriteBehind(FoundWriter(writer))
    files.clear()
    before = await redis.info("stats")
    for number in range(first, first + ROUNDS - 1):
        await publish(writer, behind, article(number))
    warning = revision(alert(), id=f"varsel{first:08}", slug=f"varsel-{first}")
    await publish(writer, behind, warning)
    after = await redis.info("stats")
    commands, read = (
        int(after[name]) - int(before[name])
        for name in ("total_commands_processed", "total_net_output_bytes")
    )
    return Work(commands, read, len(files), sum(files))


async def test_publishing_into_many_takes_no_more_work_than_into_few(
    redis: Redis, files: list[int]
) -> None:
    here = writer(redis)
    for number in range(TOPICS):  # whose pages stand in the first sitemap from now on
        await publish(here, WriteBehind(FoundWriter(here)), article(number))
    await fill(here.store, TOPICS, FEW)
    few = await work(redis, here, files, FEW)
    await fill(here.store, FEW + ROUNDS, MANY)
    many = await work(redis, here, files, MANY)
    grown = {name: round(getattr(many, name) / getattr(few, name), 2) for name in Work._fields}
    assert all(ratio <= MOST for ratio in grown.values()), (grown, few, many)


async def test_a_process_holds_no_more_after_many_articles_than_after_few(redis: Redis) -> None:
    here = writer(redis)
    behind = WriteBehind(FoundWriter(here))

    def held() -> int:
        # What is remembered of the newest has limits of its own.
        _read.cache_clear()
        _atom_entry.cache_clear()
        _environment(None).globals["teaser_item"].cache_clear()
        gc.collect()
        return len(gc.get_objects())

    for number in range(20):
        await publish(here, behind, article(number))
    few = held()
    for number in range(20, 80):
        await publish(here, behind, article(number))
    assert held() - few < 60, "no object for each article"
