"""A picture that somebody waits for is taken in at once, and made afterwards whatever dies."""

import os
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from services.ingest.people.person import Person
from services.ingest.pictures import picture as pure
from services.ingest.pictures.make_pictures import MOST_DEATHS, MakePictures
from services.ingest.pictures.missing import missing_pictures
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.store import Pictures, PicturesToMake
from services.ingest.pictures.take_picture import TakePicture
from services.ingest.problems import Problem
from services.render.site.static_site import static_site
from shared.article import Picture
from shared.child.children import Children
from tests.disk import Disk
from tests.ingest.conftest import Ingest
from tests.ingest.pictures import deadly
from tests.ingest.steps import picture

KARI = Person(id="kari", name="Kari", role="editor")


def sideways(size: tuple[int, int] = (60, 40)) -> bytes:
    """A camera's picture, which says where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 40.0)
    return picture(size=size, exif=exif)


class House:
    """Who takes pictures in and who makes them, as after a start."""

    def __init__(self, ingest: Ingest, children: Children) -> None:
        self.folder: Path = ingest.settings.assets_folder
        self.pictures = Pictures(ingest.redis)
        save = SavePicture(self.folder, self.pictures, children)
        self.make = MakePictures(save, PicturesToMake(ingest.redis))
        self._take = TakePicture(self.folder, self.pictures, children, self.make.wake)

    async def take(self, raw: bytes, name: str = "Brev.jpg") -> Picture:
        found, _ = await self._take(KARI, name, raw)
        return found

    async def is_made(self, name: str) -> bool:
        return name in await self.pictures.find(KARI.id, [name])

    async def said(self, address: str) -> str:
        return (await missing_pictures(self.pictures, KARI.id, [address]))[0].message

    def uploads(self) -> list[Path]:
        return sorted(self.folder.glob(".*.upload*"))


@pytest.fixture
async def house(ingest: Ingest) -> Any:
    children = Children("services.ingest.pictures.picture")
    yield House(ingest, children)
    await children.close()


async def test_what_is_taken_in_is_seen_by_nobody_before_it_is_stripped_and_upright(
    house: House,
) -> None:
    taken = await house.take(sideways((2400, 1200)))
    assert (taken.width, taken.height) == (800, 1600)
    assert not await house.is_made(taken.name)
    (upload,) = house.uploads()
    assert upload.stat().st_mode & 0o777 == 0o600
    transport = httpx.ASGITransport(static_site(house.folder, house.folder))
    async with httpx.AsyncClient(transport=transport, base_url="http://site") as site:
        for name in (upload.name, taken.name):
            assert (await site.get(f"/assets/{name}")).status_code == 404
        await house.make.look()
        shown = await site.get(f"/assets/{taken.name}")
    assert shown.status_code == 200
    assert await house.is_made(taken.name)
    assert b"Camera" not in shown.content
    image = Image.open(house.folder / taken.name)
    assert image.size == (taken.width, taken.height)
    assert not image.getexif()
    assert image.convert("L").getpixel((400, 50)) > image.convert("L").getpixel((400, 1550))  # type: ignore[operator]
    assert house.uploads() == []


async def test_whatever_dies_between_what_was_taken_in_is_made_after_the_next_start(
    ingest: Ingest, house: House
) -> None:
    taken = await house.take(sideways())
    other = House(ingest, house.make.save.children)
    await other.make.look()
    assert await other.is_made(taken.name)
    # Killed once the file was written, and before Redis knew.
    again = await house.take(picture(size=(61, 40)))
    (house.folder / again.name).write_bytes(b"as it was made")
    await other.make.look()
    assert await other.is_made(again.name)
    assert (house.folder / again.name).read_bytes() == b"as it was made", "a file never changes"
    assert house.uploads() == []


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("Brev.jpg", "![Et brev](Brev.jpg)"),
        ("Brev til å lese.jpg", "![Et brev](Brev%20til%20%C3%A5%20lese.jpg)"),
        ("Brev til å lese.jpg", "![Et brev](<Brev til å lese.jpg>)"),
        ("Brev.jpg", "NAME"),
    ],
)
async def test_who_sends_in_waits_for_the_pictures_of_the_article_and_for_nobody_elses(
    house: House, file: str, written: str
) -> None:
    taken = await house.take(sideways(), file)
    assert await house.pictures.are_to_make_in(written.replace("NAME", taken.name))
    assert not await house.pictures.are_to_make_in("![Et annet brev](Annet.jpg)")
    await house.make.look()
    assert not await house.pictures.are_to_make_in(written.replace("NAME", taken.name))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_a_picture_whose_pixels_are_damaged_is_told_of_in_words_and_gone(
    house: House, kind: str
) -> None:
    taken = await house.take(picture(kind, (400, 400))[:-60])
    assert await house.said(taken.name) == (
        "bildet «Brev.jpg» er ikke klart ennå; vent litt, og prøv igjen"
    )
    await house.make.look()
    for address in (taken.name, "Brev.jpg"):
        assert await house.said(address) == (
            "fjern bildet fra teksten: bildet «Brev.jpg» kan ikke leses; bruk en hel fil som er "
            "JPEG, PNG eller WebP"
        )
    assert list(house.folder.iterdir()) == []
    assert house.make.problems() == []


async def test_what_is_no_picture_is_refused_at_once_and_leaves_nothing(
    ingest: Ingest, house: House
) -> None:
    for raw in (b"<svg/>", b"", b"x" * (pure.MAX_BYTES + 1)):
        with pytest.raises(Problem) as refused:
            await house.take(raw)
        assert refused.value.status == 422
    assert await ingest.stored() == set()
    assert not house.folder.exists()


async def test_the_same_picture_once_more_is_there_at_once(house: House) -> None:
    taken = await house.take(picture())
    await house.make.look()
    assert await house.take(picture()) == taken
    assert await house.is_made(taken.name)
    assert house.uploads() == []


async def test_who_uploads_it_again_while_it_is_refused_waits_for_their_own_file(
    house: House,
) -> None:
    """As after a restore: Redis waits for a file that is not in the folder."""
    taken = await house.take(picture())
    (upload,) = house.uploads()
    upload.unlink()
    (waiting,) = await house.make.to_make.all()
    await house.take(picture())
    await house.make.to_make.settle(waiting, "borte")
    await house.make.look()
    assert await house.is_made(taken.name)


async def test_a_picture_whose_file_a_restore_has_not_brought_back_is_told_of(
    house: House,
) -> None:
    taken = await house.take(picture())
    house.uploads()[0].unlink()
    await house.make.look()
    assert await house.said(taken.name) == (
        "fjern bildet fra teksten: bildet «Brev.jpg» ble borte på veien; last det opp på nytt"
    )
    await house.take(picture())
    await house.make.look()
    assert await house.is_made(taken.name)


async def test_a_disk_that_takes_nothing_is_waited_for_and_holds_up_no_other_picture(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await house.take(picture()), await house.take(picture(size=(9, 9)), "b.jpg")
    disk = Disk(monkeypatch)
    disk.refused = house.folder.resolve() / first.name
    await house.make.look()
    assert not await house.is_made(first.name)
    assert await house.is_made(second.name)
    assert house.make.problems() == ["pictures that wait to be made: 1"]
    disk.refused = None
    house.make._failed.clear()
    await house.make.look()
    assert await house.is_made(first.name)
    assert house.make.problems() == []


async def test_what_a_process_left_that_died_before_its_answer_is_removed(house: House) -> None:
    taken = await house.take(picture())
    (wanted,) = house.uploads()
    left = [house.folder / ".00.upload", house.folder / "..00.upload.ff"]
    new = house.folder / ".11.upload"
    for path in (*left, new):
        path.write_bytes(b"with a position")
    for path in (*left, wanted):
        os.utime(path, (time.time() - 3600,) * 2)
    await house.make.sweep()
    assert house.uploads() == sorted([wanted, new])
    await house.make.look()
    assert await house.is_made(taken.name)


async def test_a_picture_that_kills_each_process_that_makes_it_is_told_of_and_not_tried_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = await house.take(picture())
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))  # of the child
    monkeypatch.setattr("services.ingest.pictures.picture.make", deadly.make)
    children = Children("tests.ingest.pictures.deadly")
    house.make.save = SavePicture(house.folder, house.pictures, children)
    for _ in range(MOST_DEATHS):
        assert "ikke klart" in await house.said(taken.name)
        await house.make.look()
        house.make._failed.clear()  # its time has come
    await children.close()
    assert "tar for mye tid eller minne" in await house.said(taken.name)
    assert house.uploads() == []
