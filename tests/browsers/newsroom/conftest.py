"""Two newsrooms for all tests here: one that only tries things out, and one with a relay."""

from collections.abc import Iterator

import pytest

from tests.browsers.newsroom.steps.relayed import System, relayed
from tests.system.running import Up


@pytest.fixture(scope="package")
def trial() -> Iterator[Up]:
    """At http://localhost, since browsers make no passkeys for an address of digits."""
    with Up() as up:
        up.env["VARSEL_SITE_URL"] = up.url = f"http://localhost:{up.port}"
        yield up.start()


@pytest.fixture(scope="package")
def system() -> Iterator[System]:
    with relayed() as made:
        yield made
