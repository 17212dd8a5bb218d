"""A bench for each test."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browsers.editor.bench import Bench


@pytest.fixture
def bench(browser: Browser) -> Iterator[Bench]:
    made = Bench(browser)
    yield made
    made.close()
    assert made.problems == []
