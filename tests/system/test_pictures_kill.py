"""A picture that an editor was answered for is there, whenever the process dies."""

import signal
from io import BytesIO

import httpx
from PIL import Image

from tests.ingest.newsroom.desk.steps import FormFields, begin
from tests.ingest.newsroom.steps import NewsroomBrowser
from tests.ingest.steps import picture
from tests.server import processes_with_open
from tests.system.at_the_desk import TRIAL
from tests.system.running import Up
from tests.wait import until


async def test_g1_kill_9_before_a_picture_is_made_loses_no_picture_and_shows_no_upload() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"
    exif.get_ifd(0x8825)[2] = (59.0, 54.0, 40.0)
    # It takes a second to decode, and the kill comes before.
    raw = picture("JPEG", (12_000, 9_000), quality=1, exif=exif)
    with Up() as up:
        up.start()
        assets = up.data / "assets"
        async with httpx.AsyncClient(base_url=up.url, timeout=60) as http:
            browser = NewsroomBrowser(http)
            [link] = TRIAL.findall(up.log())
            await browser.get(link)
            await browser.send(link)
            sak = await begin(browser, "nyhet")
            fields = FormFields(browser.page).dict() | {"alt": "Et brev"}
            answer = await http.post(f"{sak}bilder", data=fields, files={"fil": ("brev.jpg", raw)})
            assert answer.status_code == 303
            up.end(signal.SIGKILL)
            [upload] = assets.glob(".*.upload")
            assert list(assets.glob("brev-*")) == []
            await until(lambda: not processes_with_open(up.data))
            up.start()
            await until(lambda: list(assets.glob("brev-*.jpg")), timeout=30)
            await until(lambda: not upload.exists(), timeout=30)
            body = FormFields((await browser.get(f"{sak}skriv/")).text).dict()["body"]
            name = body.partition("](")[2].partition(")")[0]
            assert "er ikke klart" not in browser.page
            shown = await http.get(f"/assets/{name}")
            assert b"Camera" not in shown.content
            assert Image.open(BytesIO(shown.content)).size == (1200, 1600)
            assert (await http.get(f"/assets/{upload.name}")).status_code == 404
