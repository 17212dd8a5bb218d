"""Ingest on two machines with one folder of pictures: each is whole, whoever made it and died."""

import asyncio
import signal
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image
from redis.asyncio import Redis

from services.ingest.people.keys import create_key
from services.ingest.people.person import Person
from services.ingest.pictures.store import Pictures
from services.ingest.pictures.take_picture import TakePicture
from shared.article import Picture
from shared.bus.users import as_user
from shared.child.children import Children
from shared.events import PagePublished, to_fields
from shared.trace import new_traceparent
from tests.examples import all_or_last
from tests.ingest.steps import picture
from tests.machines.machine import Machine
from tests.make import news, revision
from tests.server import Valkey
from tests.wait import until

Make = Callable[[str, str], Machine]
RAW = picture(size=(600, 400))


def upload(machine: Machine, key: str) -> httpx.Response:
    return httpx.post(
        f"{machine.url}/api/assets",
        files={"file": ("brev.jpg", RAW)},
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
    )


def shown(folder: Path) -> list[str]:
    """The files that a reader can ask for; each is whole."""
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    for name in names:
        with Image.open(BytesIO((folder / name).read_bytes())) as one:
            one.load()
    return names


@pytest.mark.parametrize("then", all_or_last(["goes on", "is killed"]))
async def test_the_same_picture_given_to_two_machines_is_one_whole_file(
    own_server: Valkey, machine: Make, shared: Path, then: str
) -> None:
    one, other = machine("en", "ingest"), machine("to", "ingest")
    async with Redis.from_url(own_server.url) as redis:
        key = await create_key(redis, "Test", "editor")
    one.halts_at("/brev-").start()
    first = asyncio.ensure_future(asyncio.to_thread(upload, one, key))
    await one.stands_still()
    assert shown(shared / "assets") == []
    other.start()
    answer = upload(other, key)
    assert answer.status_code == 201, answer.text
    [name] = shown(shared / "assets")
    assert name == answer.json()["name"]
    before = (shared / "assets" / name).read_bytes()
    if then == "is killed":
        one.end(signal.SIGKILL)
        with pytest.raises(httpx.HTTPError):
            await first
        assert upload(one.start(), key).json() == answer.json()
    else:
        one.go_on()
        assert (await first).json() == answer.json()
    assert shown(shared / "assets") == [name]
    assert (shared / "assets" / name).read_bytes() == before


async def test_what_one_machine_took_in_and_died_with_another_makes(
    own_server: Valkey, machine: Make, shared: Path
) -> None:
    async with Redis.from_url(as_user(own_server.url, "ingest")) as redis:
        children = Children("services.ingest.pictures.picture")
        take = TakePicture(shared / "assets", Pictures(redis), children, lambda: None)
        taken, is_made = await take(Person(id="kari", name="Kari", role="editor"), "brev.jpg", RAW)
        await children.close()
        assert not is_made
        machine("to", "ingest").start()
        await until(lambda: Pictures(redis).is_known(taken.name))
    assert shown(shared / "assets") == [taken.name]
    await until(lambda: not list(shared.glob("assets/.*.upload")))


async def test_the_lighter_files_of_a_picture_are_there_though_who_made_them_dies_in_mid_write(
    own_server: Valkey, machine: Make, shared: Path
) -> None:
    one, other = machine("en", "ingest"), machine("to", "ingest")
    async with Redis.from_url(own_server.url) as redis:
        key = await create_key(redis, "Test", "editor")
        one.halts_at(".480.").start()
        kept = Picture.model_validate(upload(one, key).json())
        page = revision(news(body="![Et brev](brev.jpg)"), pictures={"brev.jpg": kept})
        event = PagePublished.about(page, traceparent=new_traceparent())
        await redis.xadd("pages", to_fields(event))  # type: ignore[arg-type]
        await one.stands_still()
        assert shown(shared / "assets") == [kept.name]
        other.start()
        one.end(signal.SIGKILL)
        await until(lambda: redis.hexists("ingest:pictures:sizes", kept.name), timeout=60)
        told = [fields[b"type"] for _, fields in await redis.xrange("articles")]
    assert told.count(b"pictures.scaled") >= 1
    stem = kept.name.rpartition(".")[0]
    assert {f"{stem}.480.avif", f"{stem}.480.jpg", f"{stem}.600.avif"} <= {
        *shown(shared / "assets")
    }
