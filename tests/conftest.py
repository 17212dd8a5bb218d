"""Fixtures for all tests. Servers are real; each test worker has one of its own."""

import asyncio
import os
from asyncio import runners
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from redis.asyncio import Redis

from shared.bus import tasks
from tests.examples import examples
from tests.server import Valkey, emptied
from tests.starter import Starter
from tests.system import running
from tests.tls import Authority

# Tests speak to this machine alone, and httpx reads a whole bundle of authorities for each question
# that is asked without a client: 50 ms of processor time. One authority is read in half of one.
HERE = Path(__file__).parent
os.environ.setdefault("SSL_CERT_FILE", str(Authority("nobody").file))


def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel what is left of a test until it has ended: a single cancellation may get lost (see
    shared/bus/tasks.py), and a whole run once waited for such a task without end."""
    loop.run_until_complete(tasks.end(asyncio.all_tasks(loop)))


setattr(runners, "_cancel_all_tasks", _cancel_all)  # noqa: B010 - not exported

# No test judges by time: one that is slow on a busy machine is not wrong.
settings.register_profile(
    "varsel",
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("varsel")


@pytest.fixture(scope="session", autouse=True)
def _starter() -> Iterator[None]:
    """What starts the processes of this worker."""
    running.starter = Starter()
    yield
    running.starter.close()


@pytest.fixture(scope="session")
def _valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


@pytest.fixture
async def redis_url(_valkey: Valkey) -> AsyncIterator[str]:
    """Address of a real, empty server, for the test itself; see tests/server.py."""
    async with emptied(_valkey.url) as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of that server."""
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
def own_server() -> Iterator[Valkey]:
    """A server that the test may kill."""
    server = Valkey().start()
    yield server
    server.close()


FIXTURES = {"_valkey", "_container", "own_server", "promtool"}
"""What starts a server or another program; a test uses it by itself or through another fixture."""
IMPORTED = {"Valkey", "Up", "Children", "subprocess", "worked", "helm"}
"""What a module imports that starts a server, `varsel up` or another process by itself."""
FOLDERS = (
    *("borders", "browsers", "chaos", "containers", "failover", "machines"),
    *("mutants", "proof", "releases", "system", "years"),
)
"""Folders whose tests start whole systems."""


class NamesAtOnce:
    """Names a test that failed when it fails: a whole run takes long."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._terminal.write_line(f" {report.nodeid} ({report.when})")


@pytest.hookimpl(trylast=True)  # the terminal is there by then
def pytest_configure(config: pytest.Config) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal:  # a worker of xdist has none
        config.pluginmanager.register(NamesAtOnce(terminal))


SLOW = (
    "tests/ingest/api/test_hostile_work.py",
    "tests/ingest/pictures/test_scale_pictures.py",
    "tests/render/text/test_as_written.py::test_the_work",
    "tests/notify/mail/test_marks.py::test_a_mark_that_was_guessed",
)
"""How the names of those tests without servers begin that compute for long."""
LEAN = "not server and not slow"
"""What `make check` chooses."""


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whether `make check` does not even read this, since nothing in it would be chosen."""
    if config.option.markexpr != LEAN:
        return None
    place = collection_path.relative_to(HERE).as_posix()
    return place in (*FOLDERS, "ingest/api/test_openapi_document.py") or None


LONGEST = ("tests/containers/", "tests/years/", "tests/mutants/")
"""What begins: a long test that came last would keep one worker busy and leave the other idle."""
LAST = "tests/browsers/test_lighthouse.py"
"""What comes last, when the other worker is about to be done: it looks at the clock."""


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what starts a server, and what is slow: `make check` leaves both out. Tests that share
    something run in one worker, so that it is made once."""
    for item in items:
        if _needs_server(item):
            item.add_marker(pytest.mark.server)
        if item.nodeid.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
        if (group := _group(item)) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))
    items.sort(key=lambda item: item.nodeid.startswith(LAST))


IN_FOLDERS = ("filled_world", "trial", "system", "_sentinels")
"""What the tests of a folder share and is dear to make: a browser is not."""


def _group(item: pytest.Item) -> str:
    """What a test shares with others: what those of its folder do, else what those of its module
    do; empty if it shares nothing."""
    known = getattr(item, "_fixtureinfo", None)
    found = [one[-1] for one in known.name2fixturedefs.values()] if known else []
    ours = [one for one in found if getattr(one.func, "__module__", "").startswith("tests.")]
    of_folder = {one.argname for one in ours if one.scope == "package"}
    if shared := [name for name in IN_FOLDERS if name in of_folder]:
        return shared[0]
    if any(one.scope == "module" for one in ours):
        return item.nodeid.partition("::")[0]
    return ""


def _needs_server(item: pytest.Item) -> bool:
    if not FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
        return True
    if item.nodeid.startswith(tuple(f"tests/{folder}/" for folder in FOLDERS)):
        return True
    return not IMPORTED.isdisjoint(vars(getattr(item, "module", None) or object))
