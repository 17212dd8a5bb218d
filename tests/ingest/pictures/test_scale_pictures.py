"""Once a page is live, its pictures get narrower and lighter files, which are told of."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from services.ingest.lifecycle.store import Articles
from services.ingest.pictures.scale_pictures import ScalePictures
from services.ingest.pictures.store import PicturesToScale
from services.ingest.pictures.widths import scaled
from services.ingest.receipts.ask_for_pictures import AskForPictures
from shared.article import Picture
from shared.events import PagePublished, PageWithdrawn, PicturesScaled, from_fields, to_fields
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.ingest.conftest import Ingest
from tests.ingest.steps import all_read
from tests.make import news, revision


def photograph(kind: str, width: int, height: int, mode: str = "RGB") -> bytes:
    """Of noise, softened: like a photograph, it is not small in any format."""
    noise = Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3))
    image = noise.resize((width, height), Image.Resampling.BICUBIC).convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize((width, height)))
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "ending", "mode"),
    [("JPEG", "jpg", "RGB"), ("PNG", "png", "RGBA"), ("WEBP", "webp", "RGB")],
)
@pytest.mark.parametrize(
    ("size", "wanted"),
    [((1600, 900), (480, 960, 1600)), ((700, 1000), (480, 700)), ((90, 60), (90,))],
)
def test_each_file_is_what_its_name_says(
    kind: str, ending: str, mode: str, size: tuple[int, int], wanted: tuple[int, ...]
) -> None:
    raw = photograph(kind, *size, mode)
    picture = Picture(name=f"a-1.{ending}", width=size[0], height=size[1])
    sizes, files = scaled(raw, picture)
    assert sizes.widths == wanted
    for kind_ in {*sizes.formats, ending}:
        for name, width in sizes.files(kind_):
            image = Image.open(BytesIO(files.get(name, raw)))
            assert image.format == {"jpg": "JPEG"}.get(kind_, kind_.upper())
            assert image.width == width
            assert image.height == pytest.approx(size[1] * width / size[0], abs=1)
            assert ("A" in image.mode) == (mode == "RGBA")
    assert picture.name not in files
    if kind != "WEBP" and size[0] > 90:
        assert sizes.formats == ("avif", "webp")
        assert len(files[sizes.files("avif")[-1][0]]) < len(raw)


def test_a_format_that_is_not_lighter_is_left_out() -> None:
    out = BytesIO()
    Image.new("1", (300, 200)).save(out, "PNG", optimize=True)
    sizes, _ = scaled(out.getvalue(), Picture(name="strek-1.png", width=300, height=200))
    assert sizes.formats == ()


@asynccontextmanager
async def scaling(ingest: Ingest) -> AsyncIterator[ScalePictures]:
    scale = ScalePictures(ingest.settings.assets_folder, PicturesToScale(ingest.bus.redis))
    yield scale
    await scale.children.close()


async def live(ingest: Ingest, one: Revision) -> None:
    event = PagePublished.about(one, traceparent=new_traceparent())
    await ingest.redis.xadd("pages", to_fields(event))  # type: ignore[arg-type]
    await all_read(ingest, "pages")


async def told(ingest: Ingest) -> list[PicturesScaled]:
    events = [from_fields(fields) for _, fields in await ingest.redis.xrange("articles")]
    return [event for event in events if isinstance(event, PicturesScaled)]


async def uploaded(ingest: Ingest, name: str, size: tuple[int, int] = (600, 400)) -> Picture:
    sent = {"file": (name, photograph("JPEG", *size), "image/jpeg")}
    answer = await ingest.http.post("/api/assets", files=sent)
    assert answer.status_code == 201, answer.text
    return Picture(**answer.json())


def with_pictures(number: int, *pictures: Picture, **fields: Any) -> Revision:
    return revision(news(), revision=number, pictures={p.name: p for p in pictures}, **fields)


async def test_what_is_on_a_live_page_gets_its_files_before_it_is_told(ingest: Ingest) -> None:
    first, second = await uploaded(ingest, "a.jpg"), await uploaded(ingest, "b.jpg", (90, 60))
    await ingest.bus.start()
    async with scaling(ingest) as scale:
        await scale.look()
        assert await told(ingest) == []  # uploaded is not live
        await live(ingest, with_pictures(1, first, second))
        await scale.look()
        [event] = await told(ingest)
        folder = ingest.settings.assets_folder
        assert [one.picture for one in event.data.sizes] == [first, second]
        for one in event.data.sizes:
            assert all(
                (folder / name).is_file() for kind in one.formats for name, _ in one.files(kind)
            )
        await scale.look()
        assert len(await told(ingest)) == 1


async def test_a_newer_page_that_asks_meanwhile_is_not_forgotten(ingest: Ingest) -> None:
    first, second = await uploaded(ingest, "a.jpg"), await uploaded(ingest, "b.jpg")
    await ingest.bus.start()
    async with scaling(ingest) as scale:
        await live(ingest, with_pictures(1, first))
        asked = await scale.to_scale.all()
        await live(ingest, with_pictures(2, first, second))
        await scale._settle(asked[0])
        assert len(await scale.to_scale.all()) == 1
        await scale.look()
        assert [len(event.data.sizes) for event in await told(ingest)] == [1, 2]


async def test_a_file_that_cannot_be_written_is_tried_again_and_turns_health_red(
    ingest: Ingest,
) -> None:
    picture = await uploaded(ingest, "a.jpg")
    folder = ingest.settings.assets_folder
    await ingest.bus.start()
    async with scaling(ingest) as scale:
        await live(ingest, with_pictures(1, picture))
        kept = (folder / picture.name).rename(folder / "away")
        await scale.look()
        assert len(scale.problems()) == 1
        kept.rename(folder / picture.name)
        scale._failed = dict.fromkeys(scale._failed, 0.0)  # not waiting out the half minute
        await scale.look()
        assert scale.problems() == []
        assert len(await told(ingest)) == 1


async def test_what_cannot_be_made_in_time_keeps_the_file_that_was_kept(
    ingest: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.ingest.pictures.scale_pictures._SECONDS", 0.0)
    picture = await uploaded(ingest, "a.jpg")
    await ingest.bus.start()
    async with scaling(ingest) as scale:
        await live(ingest, with_pictures(1, picture))
        await asyncio.wait_for(scale.look(), 60)
        [event] = await told(ingest)
        assert event.data.sizes == ()


async def test_one_that_fails_holds_up_no_other_and_is_forgotten_if_its_page_goes(
    ingest: Ingest,
) -> None:
    damaged, good = await uploaded(ingest, "a.jpg"), await uploaded(ingest, "b.jpg", (90, 60))
    (ingest.settings.assets_folder / damaged.name).write_bytes(b"no picture")
    await ingest.bus.start()
    async with scaling(ingest) as scale:
        await live(ingest, with_pictures(1, damaged, id="aaaaaaaaaaaa"))
        await live(ingest, with_pictures(1, good, id="bbbbbbbbbbbb"))
        await scale.look()
        assert [event.subject for event in await told(ingest)] == ["bbbbbbbbbbbb"]
        assert scale.problems() == ["pictures of aaaaaaaaaaaa not scaled"]
        withdrawn = with_pictures(2, damaged, id="aaaaaaaaaaaa")
        gone = PageWithdrawn.about(withdrawn, traceparent=new_traceparent())
        await ingest.redis.xadd("pages", to_fields(gone))  # type: ignore[arg-type]
        await all_read(ingest, "pages")
        await scale.look()
        assert scale.problems() == []


async def test_files_that_are_gone_are_made_again_when_a_page_asks(ingest: Ingest) -> None:
    picture = await uploaded(ingest, "a.jpg")
    await ingest.bus.start()
    async with scaling(ingest) as scale:
        await live(ingest, with_pictures(1, picture))
        await scale.look()
        [event] = await told(ingest)
        [(name, _), *_] = event.data.sizes[0].files("avif")
        (ingest.settings.assets_folder / name).unlink()
        await live(ingest, with_pictures(2, picture))
        await scale.look()
        assert (ingest.settings.assets_folder / name).is_file()


async def live_before(ingest: Ingest, *names: str) -> list[Picture]:
    """An article that was live with these pictures before anybody asked for their other files; one
    that is gone, and one that was never live, with others."""
    pictures = [await uploaded(ingest, name) for name in names]
    others = [await uploaded(ingest, name) for name in ("gone.jpg", "draft.jpg")]
    posted = [
        await posted_with(ingest, f"Sak {number}", shown, draft=number == 2)
        for number, shown in enumerate((pictures, others[:1], others[1:]))
    ]
    answer = await ingest.http.post(
        f"/api/articles/{posted[1]['id']}/withdraw",
        json={"note": "Feil"},
        headers={"If-Match": posted[1]["etag"]},
    )
    assert answer.status_code == 200, answer.text
    return pictures


async def posted_with(
    ingest: Ingest, title: str, pictures: list[Picture], *, draft: bool
) -> dict[str, Any]:
    body = "\n\n".join(f"![Et bilde]({one.name})" for one in pictures)
    fields = news(title=title, body=body).model_dump(mode="json", exclude_none=True)
    answer = await ingest.http.post("/api/articles", json=fields | {"draft": draft})
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def asked_at_start(ingest: Ingest) -> list[list[Picture]]:
    """What is asked for when a process starts, and then made."""
    async with scaling(ingest) as scale:
        await AskForPictures(Articles(ingest.redis), scale)()
        asked = await scale.to_scale.all()
        await scale.look()
    return [list(one.pictures) for one in asked]


async def test_pages_that_were_live_before_there_were_such_files_get_theirs(
    ingest: Ingest,
) -> None:
    pictures = await live_before(ingest, "a.jpg", "b.jpg")
    assert await asked_at_start(ingest) == [pictures]
    [event] = await told(ingest)
    assert [one.picture for one in event.data.sizes] == pictures
    assert await asked_at_start(ingest) == [], "once is enough"


async def test_files_that_an_older_backup_lacks_are_made_again_before_a_page_asks(
    ingest: Ingest,
) -> None:
    pictures = await live_before(ingest, "a.jpg")
    await asked_at_start(ingest)
    folder = ingest.settings.assets_folder
    made = {file: file.read_bytes() for file in folder.glob("*.480.*")}
    assert len(made) == 3
    for file in made:
        file.unlink()
    assert await asked_at_start(ingest) == [pictures]
    assert {file: file.read_bytes() for file in folder.glob("*.480.*")} == made
