"""One stack for all tests here: they run in one worker (a group of xdist), in their order."""

import json
from collections.abc import Iterator

import pytest

from tests.containers.stack import Stack, needs_compose, running_stack

MEMBERS = 1200
CONSENT = "Ja, send meg sikkerhetsvarsler."


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    needs_compose()
    with running_stack() as running:
        yield running


@pytest.fixture(scope="session")
def key(stack: Stack) -> str:
    return str(stack.varsel("keys", "create", "test", "--role", "editor")["key"])


@pytest.fixture(scope="session")
def members(stack: Stack) -> set[str]:
    """Their addresses, once they have been taken in."""
    addresses = {f"medlem{n}@example.org" for n in range(MEMBERS)}
    rows = "".join(f"{address},Medlem,nb\n" for address in sorted(addresses))
    (stack.folder / "files/medlemmer.csv").write_text("email,name,lang\n" + rows)
    report = stack.varsel("members", "import", "medlemmer.csv", "--consent", CONSENT)
    assert report["taken"] == MEMBERS, json.dumps(report)
    return addresses


@pytest.fixture(autouse=True)
def _empty_inbox(request: pytest.FixtureRequest) -> None:
    """Each test looks at its own mail, and the inbox keeps only the newest."""
    if "stack" in request.fixturenames:
        request.getfixturevalue("stack").empty_inbox()
