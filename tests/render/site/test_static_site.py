"""The site over HTTP, from a real server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest
import uvicorn

from services.render.app import create
from shared.bus.users import as_user
from shared.settings import Settings
from tests.make import settings
from tests.wait import until


@pytest.fixture
def conf() -> Settings:
    conf = settings(site_name="Eksempelforeningen")
    (conf.site_folder / "nyheter/en-sak").mkdir(parents=True)
    (conf.site_folder / "nyheter/en-sak/index.html").write_text("<p>En sak</p>")
    for name in (
        *("feed.atom", "feed.json", "sitemap.xml", ".look", "nyheter/trukket/.gone.html"),
        *("utkast/abc/index.html", "varsler/a/1.cap.xml", "revisjonsspor/rot.json"),
        *("tema/helse/feed.atom", "nyheter/en-sak/del.png"),
    ):
        (conf.site_folder / name).parent.mkdir(parents=True, exist_ok=True)
        (conf.site_folder / name).write_text("innhold")
    conf.assets_folder.mkdir()
    (conf.assets_folder / "brev-0a1b.jpg").write_bytes(b"\xff\xd8\xff")
    (conf.data / "secret-key").write_text("hemmelig")
    return conf


@pytest.fixture
async def web(conf: Settings, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    service = create(conf, as_user(redis_url, "render"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(service.http, log_level="warning", lifespan="off"))
        task = asyncio.create_task(server.serve([listener]))
        await until(lambda: server.started)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address) as client:
            yield client
        server.should_exit = True
        await task
    await service.bus.stop()


async def test_an_empty_system_has_a_friendly_front_page_at_once(web: httpx.AsyncClient) -> None:
    answer = await web.get("/")
    assert answer.status_code == 200
    assert "Eksempelforeningen" in answer.text
    assert "ikke noe å lese ennå" in answer.text


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/feed.json", "application/feed+json"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/varsler/a/1.cap.xml", "application/cap+xml"),
        ("/revisjonsspor/rot.json", "application/json"),
        ("/robots.txt", "text/plain; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/assets/brev-0a1b.jpg", "image/jpeg"),
        ("/tema/helse/feed.atom", "application/atom+xml; charset=utf-8"),
        ("/nyheter/en-sak/del.png", "image/png"),
    ],
)
async def test_every_file_has_its_type_and_the_security_headers(
    web: httpx.AsyncClient, path: str, kind: str
) -> None:
    answer = await web.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; img-src 'self'; style-src 'self'; manifest-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


async def test_an_unchanged_page_is_not_sent_again(web: httpx.AsyncClient, conf: Settings) -> None:
    first = await web.get("/nyheter/en-sak/")
    headers = {"If-None-Match": first.headers["etag"]}
    again = await web.get("/nyheter/en-sak/", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"] == "public, no-cache"
    (conf.site_folder / "nyheter/en-sak/index.html").write_text("<p>En fak</p>")
    assert (await web.get("/nyheter/en-sak/", headers=headers)).text == "<p>En fak</p>"


@pytest.mark.parametrize("path", ["/nyheter/trukket/", "/nyheter/trukket"])
@pytest.mark.parametrize("headers", [{}, {"If-None-Match": "*"}, {"Range": "bytes=0-1"}])
async def test_what_is_gone_is_410_with_a_page_whatever_was_asked_about_it(
    web: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    answer = await web.get(path, headers=headers)
    assert (answer.status_code, answer.text) == (410, "innhold")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert (await web.head(path)).status_code == 410
    assert (await web.get("/nyheter/trukket/.gone.html")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/utkast/abc/", "//utkast/abc/", "/utkast//abc/", "/utkast/abc/index.html"),
        *("/%2e/utkast/abc/", "/x/%2e%2e/utkast/abc/", "/%75tkast/abc/"),
    ],
)
async def test_what_is_not_published_may_not_be_kept_however_its_address_is_written(
    web: httpx.AsyncClient, path: str
) -> None:
    answer = await web.get(f"{web.base_url}{path}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'"), "the newsroom shows it in a frame"
    assert policy.startswith("default-src 'none'; img-src 'self'; style-src 'self';")


async def test_pictures_may_be_kept_for_ever(web: httpx.AsyncClient) -> None:
    assert "immutable" in (await web.get("/assets/brev-0a1b.jpg")).headers["cache-control"]


async def test_an_address_without_its_final_slash_is_led_on(web: httpx.AsyncClient) -> None:
    answer = await web.get("/nyheter/en-sak")
    assert (answer.status_code, answer.headers["location"]) == (308, "/nyheter/en-sak/")


async def test_nobody_is_led_to_another_host(web: httpx.AsyncClient) -> None:
    answer = await web.get(f"{web.base_url}//nyheter/en-sak")
    assert answer.headers["location"] == "/nyheter/en-sak/"


async def test_head_is_get_without_the_content(web: httpx.AsyncClient) -> None:
    answer = await web.head("/nyheter/en-sak/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "13"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/nyheter/en-sak/", "/assets/brev-0a1b.jpg"])
async def test_only_reading_is_allowed(web: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await web.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        *("/borte/", "/nyheter/borte", "/assets/borte.jpg", "/assets/", "/.look", "/nyheter/"),
        *("/%2e%2e/secret-key", "/..%2fsecret-key", "/assets/..%2f..%2fsecret-key", "/%00"),
        *("//secret-key", "/nyheter/%2e%2e/%2e%2e/secret-key", "/..%5csecret-key", "/" + "a" * 300),
        "/" + quote("å") * 200,
    ],
)
async def test_what_is_not_there_or_not_the_sites_is_a_friendly_404(
    web: httpx.AsyncClient, path: str
) -> None:
    answer = await web.get(f"{web.base_url}{path}")
    assert answer.status_code == 404
    assert "Vi fant ikke siden" in answer.text
    assert "hemmelig" not in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_an_old_address_leads_to_its_page_where_no_page_is(
    web: httpx.AsyncClient, conf: Settings
) -> None:
    for old in ("2019/07/sak", "gammel.html", "nyheter/en-sak", "nyheter/trukket"):
        (conf.site_folder / old).mkdir(parents=True, exist_ok=True)
        (conf.site_folder / old / ".moved").write_text("/nyheter/en-sak/\n")
    for path in ("/2019/07/sak/", "/2019/07/sak", "/gammel.html"):
        answer = await web.get(path)
        assert (answer.status_code, answer.headers["location"]) == (301, "/nyheter/en-sak/")
        assert answer.headers["cache-control"] == "public, no-cache"
    assert (await web.get("/nyheter/en-sak/")).status_code == 200
    assert (await web.get("/nyheter/trukket/")).status_code == 410
    for path in ("/2019/07/sak/.moved", "/2019/07/", "/2019/"):
        assert (await web.get(path)).status_code == 404
