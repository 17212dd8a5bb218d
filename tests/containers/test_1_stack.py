"""The stack as a new operator finds it: up, closed where it should be, and read from outside."""

import gzip
import json
import subprocess
from pathlib import Path

import httpx
import pytest
from ruamel import yaml

from services.render.site.static_site import SECURITY
from shared.bus.timing import Timing
from tests.containers.stack import REPO, Stack
from varsel.run.embedded import CONFIG

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
OURS = ("ingest", "render", "notify")


def test_two_commands_bring_up_the_whole_stack(stack: Stack) -> None:
    for service in (*OURS, "redis", "caddy"):
        assert stack.healthy(service), service
    assert httpx.get(f"{stack.url}/").status_code == 200


@pytest.mark.parametrize("service", OURS)
def test_a_container_of_ours_can_do_as_little_as_possible(stack: Stack, service: str) -> None:
    looks = stack.run(
        "exec", "-T", service, "python", "-c",
        "import os, pathlib, json\n"
        "lines = [l.split() for l in open('/proc/1/status')]\n"
        "caps = [l[1] for l in lines if l[0] in ('CapEff:', 'CapBnd:')]\n"
        "def writes(path):\n"
        "    try: pathlib.Path(path, 'x').write_text('x')\n"
        "    except OSError: return False\n"
        "    return True\n"
        "print(json.dumps([os.getuid(), caps, [p for p in ('/', '/app', '/opt/varsel', '/etc')"
        " if writes(p)]]))",
    )  # fmt: skip
    user, capabilities, written = json.loads(looks.stdout)
    assert user == 10001
    assert {int(mask, 16) for mask in capabilities} == {0}
    assert written == []


@pytest.mark.parametrize("service", [*OURS, "redis", "caddy", "inbox"])
def test_a_container_has_limits_comes_back_and_keeps_its_logs_short(
    stack: Stack, service: str
) -> None:
    host = stack.inspect(service)["HostConfig"]
    assert host["Memory"] > 0
    assert host["RestartPolicy"]["Name"] == "always"
    assert host["ReadonlyRootfs"]
    assert int(host["LogConfig"]["Config"]["max-file"]) * 10 <= 100
    assert host["CapDrop"] == ["ALL"]
    assert host["Init"], "a stop right after a start would end in SIGKILL"


def test_a_stop_has_longer_than_the_longest_step() -> None:
    written = yaml.YAML(typ="safe").load((REPO / "compose.yaml").read_text())
    for service in OURS:
        grace = int(written["services"][service]["stop_grace_period"].removesuffix("s"))
        assert grace >= 2 * Timing().grace


def test_redis_keeps_everything_and_refuses_rather_than_forgets() -> None:
    lines = (REPO / "deploy/redis.conf").read_text().splitlines()
    written = dict(line.split(maxsplit=1) for line in lines if line and line[0] != "#")
    assert {k: v.strip('"') for k, v in written.items()}.items() >= CONFIG.items()


def test_redis_answers_nobody_without_a_password(stack: Stack) -> None:
    answer = stack.run("exec", "-T", "redis", "redis-cli", "get", "notify:last")
    assert "NOAUTH" in answer.stdout


def test_redis_and_the_services_have_no_port_outside(stack: Stack) -> None:
    for service in (*OURS, "redis"):
        assert not stack.inspect(service)["HostConfig"]["PortBindings"], service


def test_no_secret_is_in_the_environment_of_a_container(stack: Stack) -> None:
    secrets = [p.read_text().strip() for p in (stack.folder / "deploy/secrets").iterdir()]
    assert len(secrets) >= 7
    for service in (*OURS, "redis", "caddy"):
        told = json.dumps(stack.inspect(service)["Config"])
        assert not [s for s in secrets if len(s) > 2 and s in told], service


@pytest.mark.parametrize("path", ["/", "/nyheter/", "/style.css", "/feed.atom", "/finnes-ikke"])
def test_caddy_says_of_a_page_what_render_would(stack: Stack, path: str) -> None:
    answer = httpx.get(stack.url + path)
    for name, value in SECURITY.items():
        assert answer.headers.get(name) == value, name
    own = stack.run(
        "exec", "-T", "render", "python", "-c",
        "import json, http.client as h\n"
        "c = h.HTTPConnection('127.0.0.1', 8000)\n"
        f"c.request('GET', {path!r}); r = c.getresponse()\n"
        "print(json.dumps([r.status, r.headers['content-type'], r.headers['cache-control'],"
        " r.read().decode()]))",
    )  # fmt: skip
    assert json.loads(own.stdout) == [
        answer.status_code, answer.headers["content-type"], answer.headers["cache-control"],
        answer.text,
    ]  # fmt: skip
    assert "server" not in answer.headers


def test_a_page_is_compressed_and_not_sent_twice(stack: Stack) -> None:
    with httpx.stream("GET", f"{stack.url}/style.css", headers={"Accept-Encoding": "gzip"}) as got:
        raw = b"".join(got.iter_raw())
    assert got.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == (REPO / "services/render/look/templates/style.css").read_bytes()
    again = httpx.get(
        f"{stack.url}/style.css",
        headers={"Accept-Encoding": "gzip", "If-None-Match": got.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_api_is_not_compressed_so_that_its_etags_stay_what_if_match_needs(
    stack: Stack,
) -> None:
    path, asked = "/api/openapi.json", {"Accept-Encoding": "gzip, zstd"}
    got = httpx.get(stack.url + path, headers=asked)
    assert (got.status_code, got.headers.get("content-encoding")) == (200, None)


@pytest.mark.parametrize("path", ["/metrics", "/health/ready", "/.look", "/nyheter/.index.html.ab"])
def test_what_is_for_the_operator_is_not_on_the_web(stack: Stack, path: str) -> None:
    assert httpx.get(stack.url + path).status_code == 404


@pytest.mark.parametrize("service", OURS)
def test_docker_inspect_shows_the_words_of_a_services_health(stack: Stack, service: str) -> None:
    last = stack.inspect(service)["State"]["Health"]["Log"][-1]
    assert json.loads(last["Output"])["status"] == "ok"


def test_no_new_key_is_made_for_data_that_was_sealed_with_another(stack: Stack) -> None:
    key = stack.folder / "deploy/secrets/secret_key"
    away = key.rename(key.with_name("away"))
    try:
        refused = subprocess.run(
            ["deploy/prepare"], cwd=stack.folder, capture_output=True, text=True, check=False
        )
        assert not key.exists()
    finally:
        away.rename(key)
    assert refused.returncode == 1
    assert "deploy/secrets/secret_key is missing" in refused.stderr
    again = subprocess.run(
        ["deploy/prepare"], cwd=stack.folder, capture_output=True, text=True, check=True
    )
    assert again.stdout.splitlines()[0].startswith("Ready.")


def test_the_operators_password_is_in_no_argument_of_the_health_check(stack: Stack) -> None:
    """Every user of the machine can read the arguments of every process."""
    told = " ".join(stack.inspect("redis")["Config"]["Healthcheck"]["Test"])
    _, _, arguments = told.partition("redis-cli")
    assert arguments.split("|")[0].split() == ["--user", "operator", "ping"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/%00"), ("GET", "/" + "a" * 300), ("POST", "/"), ("OPTIONS", "/"), ("PUT", "/a")],
)
def test_no_question_makes_the_site_look_broken(stack: Stack, method: str, path: str) -> None:
    answer = httpx.request(method, stack.url + path)
    assert answer.status_code < 500
    assert answer.status_code == 404 or method != "GET"


@pytest.mark.parametrize("header", [{"If-None-Match": "*"}, {"Range": "bytes=0-5"}])
def test_a_missing_page_is_told_whole_whatever_was_asked_about_it(
    stack: Stack, header: dict[str, str]
) -> None:
    answer = httpx.get(f"{stack.url}/finnes-ikke", headers=header)
    assert answer.status_code == 404
    assert answer.text == httpx.get(f"{stack.url}/finnes-ikke").text


def test_tls_is_automatic_where_the_address_is_https(tmp_path: Path) -> None:
    """Caddy makes certificates for localhost itself; for a public name it asks Let's Encrypt."""
    adapted = subprocess.run(
        ["docker", "run", "--rm", "-e", "VARSEL_SITE_URL=https://varsel.example.org",
         "-v", f"{REPO}/deploy/Caddyfile:/etc/caddy/Caddyfile:ro", "caddy:2",
         "caddy", "adapt", "--config", "/etc/caddy/Caddyfile"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    servers = json.loads(adapted.stdout.splitlines()[-1])["apps"]["http"]["servers"]
    ports = {port for server in servers.values() for port in server["listen"]}
    assert ports == {":443", ":8080"}


def test_only_code_changed_is_built_without_installing_anything_again(stack: Stack) -> None:
    (stack.folder / "varsel/new.py").write_text("NEW = 1\n")
    built = stack.run("--progress", "plain", "build", "ingest")
    steps = [line for line in (built.stdout + built.stderr).splitlines() if "CACHED" in line]
    install = [line for line in (built.stdout + built.stderr).splitlines() if "pip install" in line]
    number = install[0].split()[0]
    assert f"{number} CACHED" in steps, "packages were installed again"
    assert any("COPY varsel" in line for line in (built.stdout + built.stderr).splitlines())
