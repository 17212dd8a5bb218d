"""The Caddy in front answers for the site's files as render itself does."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.render.site.static_site import static_site
from tests.containers.stack import REPO, needs_compose
from tests.server import free_port
from tests.wait import until

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]

_FILES = (
    *("index.html", "nyheter/en-sak/index.html", "nyheter/borte/.gone.html", ".not-found.html"),
    *("utkast/abc/index.html", "varsler/a/1.cap.xml", "varsler/feed.atom", "feed.atom"),
    *("feed.json", "sitemap.xml", "robots.txt", "style.css", "revisjonsspor/rot.json"),
)
_PATHS = (
    *("/", "/nyheter/en-sak/", "/nyheter/borte/", "/nyheter/borte", "/nyheter/borte/index.html"),
    *(
        "/nyheter/borte/.gone.html",
        "/nyheter/",
        "/utkast/abc/",
        "/utkast/finnes-ikke/",
        "/feed.atom",
    ),
    *("/varsler/a/1.cap.xml", "/varsler/a/2.cap.xml", "/varsler/feed.atom", "/feed.json"),
    *("/sitemap.xml", "/robots.txt", "/style.css", "/revisjonsspor/rot.json"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("caddy")
    for name in _FILES:
        file = folder / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"her er {name}")
    (folder / "assets").mkdir()
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def caddy(folder: Path) -> Iterator[str]:
    """The address of a Caddy with the Caddyfile that ships."""
    needs_compose()
    port = free_port()
    started = subprocess.run(
        ["docker", "run", "--detach", "--rm", "-e", "VARSEL_SITE_URL=http://localhost:1",
         "-p", f"127.0.0.1:{port}:8080",
         "-v", f"{REPO}/deploy/Caddyfile:/etc/caddy/Caddyfile:ro",
         "-v", f"{folder}/site:/srv/render/site:ro", "-v", f"{folder}/assets:/srv/assets:ro",
         "caddy:2"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    yield f"http://127.0.0.1:{port}"
    subprocess.run(["docker", "kill", started.stdout.strip()], check=True, capture_output=True)


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": "*"}, {"Range": "bytes=0-1"}])
@pytest.mark.parametrize("path", _PATHS)
async def test_caddy_answers_as_render_does(
    caddy: str, folder: Path, path: str, headers: dict[str, str]
) -> None:
    transport = httpx.ASGITransport(static_site(folder / "site", folder / "assets"))
    async with httpx.AsyncClient(transport=transport, base_url=caddy) as render:
        own = await render.get(path, headers=headers)

    def answers() -> httpx.Response | None:
        try:
            return httpx.get(caddy + path, headers=headers)
        except httpx.TransportError:
            return None  # it starts

    answer = await until(answers)
    if own.status_code == 200 and "Range" in headers:
        assert answer.status_code == 206, "Caddy also gives parts of a file"
        return
    assert (answer.status_code, answer.text) == (own.status_code, own.text)
    if own.status_code != 304:
        for name in ("content-type", "cache-control"):
            assert answer.headers[name] == own.headers[name], name


@pytest.fixture
def echoed(folder: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the same Caddy, behind which every service answers with the cookies it got."""
    needs_compose()
    port, network = free_port(), f"varsel-cookies-{free_port()}"
    echo = tmp_path / "Caddyfile"
    echo.write_text(':8000\nrespond "{header.Cookie}"\n')
    run = ["docker", "run", "--detach", "--rm", "--network", network]
    started: list[str] = []
    subprocess.run(["docker", "network", "create", network], check=True, capture_output=True)
    try:
        for arguments in (
            ["--network-alias", "notify", "--network-alias", "ingest",
             "-v", f"{echo}:/etc/caddy/Caddyfile:ro"],
            ["-e", "VARSEL_SITE_URL=http://localhost:1", "-p", f"127.0.0.1:{port}:8080",
             "-v", f"{REPO}/deploy/Caddyfile:/etc/caddy/Caddyfile:ro",
             "-v", f"{folder}/site:/srv/render/site:ro"],
        ):  # fmt: skip
            done = subprocess.run(
                [*run, *arguments, "caddy:2"], capture_output=True, text=True, check=True
            )
            started.append(done.stdout.strip())
        yield f"http://127.0.0.1:{port}"
    finally:
        for container in started:
            subprocess.run(["docker", "kill", container], check=True, capture_output=True)
        subprocess.run(["docker", "network", "rm", network], check=True, capture_output=True)


async def test_caddy_hands_each_service_its_own_cookies_alone(echoed: str) -> None:
    cookies = "__Host-varsel-member=abc; varsel-staff=def; varsel-browser=ghi; annet=1"

    def seen(path: str) -> str | None:
        try:
            answer = httpx.get(f"{echoed}{path}", headers={"Cookie": cookies})
        except httpx.TransportError:
            return None
        return f"cookies: {answer.text}" if answer.status_code == 200 else None

    member = await until(lambda: seen("/min-side/"), timeout=30)
    assert "__Host-varsel-member=abc" in member
    assert "varsel-browser=ghi" in member
    assert "staff" not in member
    assert "annet" not in member
    assert await until(lambda: seen("/api/articles")) == "cookies: "
