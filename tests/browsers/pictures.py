"""Pictures of the site for the docs: each page on a desktop and a phone, light and dark, in
Varsel's own look and in a second theme; and of joining and «Min side», whole.

`make pictures`, or `python -m tests.browsers.pictures FOLDER`. They are to be looked at.
"""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from services.render.pages.share_picture import draw_icon
from shared.visitors.cookies import MEMBER_COOKIES
from tests.browsers.visit import SCHEMES, Scheme
from tests.browsers.world import World, member, own_look, wait_for
from tests.make import news
from tests.render.look.second_theme import SECOND
from tests.system.running import REPO, Up

DESKTOP, PHONE = (1280, 800), (390, 844)
HEIGHT, GAP = 640, 16
"""Pixels: of a picture, and between its parts."""
COLOURS = 256
PATIENCE_SECONDS = 120
"""For what takes a moment on a machine that has other things to do."""
_DEMO = REPO / "varsel/demo_data"
_NEWS = {
    "Høstens kurs er klare": "Lær mer om sykdommen din, sammen med andre.",
    "Nye likepersoner i seks fylker": "De har selv kjent på det samme, og vil gjerne snakke.",
    "Årsmøtet valgte nytt styre": "Kari Eksempel er ny leder.",
    "Slik søker du om hjelpemidler": "Steg for steg, med skjemaene du trenger.",
}
_WITH_PICTURE = """---
title: Vi har skrevet til helseministeren
lead: >-
  Foreningen ber om fast oppfølging for alle som bruker disse medisinene. Svaret er ventet i høst.
kind: news
lang: nb
byline: Skrevet av Kari Eksempel
published_on: 2026-09-20
topics: [Eksempelsykdom, Politikk]
---
![Et brev på et skrivebord](brev.jpg "Brevet ble sendt i går. Foto: Ola Eksempel")

– Ingen skal måtte lete etter hjelp selv, sier Anne, som har levd med sykdommen i ti år.

## Dette ber vi om

- En fast kontakt på sykehuset
- Blodprøver hver tredje måned
- Råd på et språk som alle forstår

> Det viktigste er at noen tar telefonen.
"""


def pages(world: World) -> dict[str, str]:
    """Publish what is shown; each page's path by its name."""
    world.import_members((member(0), "Kari Eksempel"))
    world.import_subjects("Eksemplia", substance="eksemplimab", brands=["Eksemplia"])
    wait_for(lambda: world.http.get("/min-side/").status_code == 200)
    world.publish(news(kind="info", title="Om oss", lead="Vi er en forening for alle."))
    for number, (title, lead) in enumerate(_NEWS.items(), start=1):
        day = f"2026-09-0{number}"
        world.publish(news(title=title, lead=lead, topics=["Eksempelsykdom"], published_on=day))
    folder = world.up.data / "sak"
    shutil.copytree(_DEMO, folder)
    (folder / "brev.md").write_text(_WITH_PICTURE)
    article, alert = world.publish_file(folder / "brev.md"), world.publish_file(_DEMO / "sak.md")
    for path in (article, alert):
        wait_for(lambda path=path: "srcset" in world.http.get(path).text, PATIENCE_SECONDS)
    wait_for(lambda: "thumbnail" in world.http.get("/").text)
    found = "/sok/?q=medisin"
    wait_for(lambda: alert in world.http.get(found).text)
    topic = "/tema/eksempelsykdom/"
    wait_for(lambda: alert in world.http.get(topic).text)
    return {
        "alert": alert,
        "article": article,
        "front": "/",
        "topic": topic,
        "search": found,
        "join": "/bli-medlem/",
    }


def picture(browser: Browser, world: World, path: str) -> Image.Image:
    """The page in the first screen of a desktop and of a phone, light and dark."""
    shots: dict[tuple[int, str], Image.Image] = {}
    for width, height in (DESKTOP, PHONE):
        for scheme in SCHEMES:
            with browser.new_context(
                base_url=world.up.url,
                locale="nb-NO",
                color_scheme=scheme,
                viewport={"width": width, "height": height},
            ) as context:
                page = context.new_page()
                page.goto(path)
                page.wait_for_load_state("networkidle")
                shots[width, scheme] = Image.open(BytesIO(page.screenshot())).convert("RGB")
    half = (HEIGHT - GAP) // 2
    small = (half * DESKTOP[0] // DESKTOP[1], half)
    tall = (HEIGHT * PHONE[0] // PHONE[1], HEIGHT)
    whole = Image.new("RGB", (small[0] + 2 * (GAP + tall[0]), HEIGHT), "#8a8f92")
    for place, scheme in enumerate(SCHEMES):
        desktop = shots[DESKTOP[0], scheme].resize(small, Image.Resampling.LANCZOS)
        phone = shots[PHONE[0], scheme].resize(tall, Image.Resampling.LANCZOS)
        whole.paste(desktop, (0, place * (half + GAP)))
        whole.paste(phone, (small[0] + GAP + place * (tall[0] + GAP), 0))
    return whole


def of_members(browser: Browser, world: World) -> dict[str, Image.Image]:
    """Joining and a member's own page, whole, side by side: on a phone and on a desktop."""
    session = world.log_in(member(0))
    joining, mine = "/bli-medlem/", "/min-side/"
    shown = {
        "members": (PHONE, [(joining, "light"), (mine, "light"), (mine, "dark")]),
        "members-desktop": (DESKTOP, [(mine, "light"), (joining, "dark")]),
    }
    made = {}
    for name, (size, parts) in shown.items():
        shots = [_whole_page(browser, world, path, size, scheme, session) for path, scheme in parts]
        width = sum(shot.width for shot in shots) + GAP * (len(shots) - 1)
        whole = Image.new("RGB", (width, max(shot.height for shot in shots)), "white")
        left = 0
        for shot in shots:
            whole.paste(shot, (left, 0))
            left += shot.width + GAP
        made[name] = whole
    return made


def _whole_page(
    browser: Browser, world: World, path: str, size: tuple[int, int], scheme: Scheme, session: str
) -> Image.Image:
    with browser.new_context(
        base_url=world.up.url,
        locale="nb-NO",
        color_scheme=scheme,
        viewport={"width": size[0], "height": size[1]},
    ) as context:
        context.add_cookies(
            [{"name": MEMBER_COOKIES.session, "value": session, "url": world.up.url}]
        )
        page = context.new_page()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        return Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")


def save(made: Image.Image, file: Path) -> None:
    few = made.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    print(file.name)


@contextmanager
def themes() -> Iterator[dict[str, Path]]:
    """The folders of both themes, by the name that stands in their pictures' names."""
    with tempfile.TemporaryDirectory() as folder:
        second = Path(folder) / "second"
        shutil.copytree(SECOND, second)
        own = own_look(Path(folder) / "own")
        (own / "logo.png").write_bytes(draw_icon("E", "#5a2d82"))
        yield {"": own, "-second": second}


def main(folder: Path) -> None:
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright, themes() as looks:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for theme, look in looks.items():
            with Up(VARSEL_SITE_NAME="Eksempelforeningen", VARSEL_THEME=str(look)) as up:
                up.launch()
                wait_for(up.is_ready, PATIENCE_SECONDS)
                world = World(up)
                for name, path in pages(world).items():
                    save(picture(browser, world, path), folder / f"site-{name}{theme}.png")
                if not theme:
                    for name, made in of_members(browser, world).items():
                        save(made, folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Usage: python -m tests.browsers.pictures FOLDER")
    main(Path(sys.argv[1]))
