"""The Caddy in front answers for the site's files as render itself does, and logs no question."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from services.render.site.static_site import static_site
from tests.containers.stack import REPO, Stack, needs_compose
from tests.server import free_port
from tests.wait import until

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]

_FILES = (
    *("index.html", "nyheter/en-sak/index.html", "nyheter/borte/.gone.html", ".not-found.html"),
    *("utkast/abc/index.html", "varsler/a/1.cap.xml", "varsler/feed.atom", "feed.atom"),
    *("ovelser/feed.atom", "ovelser/feed.json"),
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
    *("/ovelser/feed.atom", "/ovelser/feed.json", "/ovelser/"),
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
def container(folder: Path) -> Iterator[tuple[str, str]]:
    """A Caddy with the Caddyfile that ships, and nothing behind it: its id and its address."""
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
    yield started.stdout.strip(), f"http://127.0.0.1:{port}"
    subprocess.run(["docker", "kill", started.stdout.strip()], check=True, capture_output=True)


@pytest.fixture
def caddy(container: tuple[str, str]) -> str:
    return container[1]


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


@pytest.mark.parametrize("path", ["/changes.json", "/heartbeat.json", "/ovelser/changes.json"])
async def test_what_followers_ask_is_refused_in_words_while_render_is_away(
    caddy: str, path: str
) -> None:
    def refused() -> httpx.Response | None:
        try:
            return httpx.get(caddy + path, timeout=20)
        except httpx.TransportError:
            return None  # it starts

    answer = await until(refused, timeout=60)
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["status"] == 503
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/sok", "/sok/", "/sok/forslag"])
async def test_a_search_is_asked_of_render_and_of_no_file(caddy: str, path: str) -> None:
    """Render is away here, which it says in words; a file would not be found."""

    def answers() -> httpx.Response | None:
        try:
            return httpx.get(caddy + path, params={"q": "kurs"}, timeout=20)
        except httpx.TransportError:
            return None  # it starts

    answer = await until(answers, timeout=60)
    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5")
    assert "Varsel svarer ikke akkurat nå" in answer.text


CANARY = "kanarisykdommen"
"""What somebody searches for, which is nobody's business."""
_TOO_LONG = (3_000, 70_000, 2_000_000)
"""Bytes: more than the search reads, than a service takes, and than Caddy does."""


def search_in_every_way(address: str) -> None:
    """Ask for the canary, well and badly, in the address, in headers and in what is sent; whatever
    is answered, if anything."""
    with httpx.Client(base_url=address, timeout=20) as client:
        for path in (f"/sok/?q={CANARY}", f"/sok?q={CANARY}", f"/sok/forslag?q={CANARY}",
                     f"/sok/{CANARY}", f"/{CANARY}/%00", f"/{CANARY}{'a' * 300}/?q={CANARY}",
                     f"/nyheter/?q={CANARY}", f"/sok/?q={CANARY}%zz%ff%00&q=[]"):  # fmt: skip
            for method in ("GET", "HEAD", "POST"):
                client.request(method, path, headers={"Referer": address + path})
        client.post("/sok/", data={"q": CANARY})
        client.get("/sok/", headers={CANARY: CANARY, "Cookie": f"q={CANARY}"})
        with suppress(httpx.TransportError):  # somebody goes away before there is an answer
            client.get(f"/sok/?q={CANARY}", timeout=0.01)
    for line in (
        f"GET /sok/?q={CANARY} of something HTTP/1.1\r\nHost: a\r\n\r\n",
        f"GET /sok/?q={CANARY} HTTP/1.1\r\nHost: a\r\nHost: {CANARY}\r\n\r\n",
        f"{CANARY} /sok/?q={CANARY} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        f"GET /sok/?q=%{CANARY} HTTP/1.1\r\nHost: a\r\nContent-Length: {CANARY}\r\n\r\n",
        f"GET /sok/?q={CANARY} HTTP/1.1\r\nHost: a\r\n{CANARY}",
        *(f"GET /sok/?q={CANARY}{'a' * size} HTTP/1.1\r\nHost: a\r\n\r\n" for size in _TOO_LONG),
    ):
        told(address, line.encode())


def told(address: str, words: bytes) -> bytes:
    """What is answered first to these bytes, which need be no request."""
    _, host, port = address.split(":")
    line = socket.create_connection((host.strip("/"), int(port)), timeout=20)
    with line, suppress(OSError):  # it may be hung up on in the middle
        line.sendall(words)
        line.shutdown(socket.SHUT_WR)
        return line.recv(65536)
    return b""


def logged(container: str) -> str:
    """All that a container has logged."""
    command = ["docker", "logs", container]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (done.stdout + done.stderr).lower()


async def test_caddy_logs_no_search_while_render_is_away(
    container: tuple[str, str], folder: Path
) -> None:
    """What it has a page for it does not log at all; where that page is lost it does, but without
    what was asked for: so what is looked at here is its log."""
    id_, address = container

    def up() -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{address}/health/web").status_code == 200
        return False

    await until(up)
    search_in_every_way(address)
    missing = folder / "site/.not-found.html"
    away = missing.rename(missing.with_name(".away"))
    try:
        search_in_every_way(address)
    finally:
        away.rename(missing)
    said = logged(id_)
    assert '"logger":"http.log.error"' in said
    assert '"request":{' in said
    assert CANARY not in said


async def test_no_container_logs_a_search_however_it_fails(stack: Stack) -> None:
    def found() -> bool:
        """It is away until the index has been made."""
        answer = httpx.get(f"{stack.url}/sok/", params={"q": CANARY}, timeout=20)
        return answer.status_code == 200 and CANARY in answer.text

    await until(found, timeout=60)
    search_in_every_way(stack.url)
    for away, back in (("pause", "unpause"), ("stop", "start")):
        stack.run(away, "render")
        try:
            for path in ("/sok/", "/sok/forslag"):
                with suppress(httpx.TimeoutException):
                    httpx.get(stack.url + path, params={"q": CANARY}, timeout=3)
        finally:
            stack.run(back, "render")
    await until(lambda: stack.healthy("render"), timeout=90)
    said = stack.run("logs", "--no-color").stdout.lower()
    assert all(f"{one}-1 " in said for one in ("caddy", "render", "ingest", "notify"))
    assert CANARY not in said


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
