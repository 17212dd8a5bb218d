"""A server, and the folder that machines share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.machines.machine import Machine
from tests.server import Valkey


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    return tmp_path / "shared"


@pytest.fixture
def machine(own_server: Valkey, shared: Path) -> Iterator[Callable[[str, str], Machine]]:
    """Makes a machine of a name, with a service; it is gone in the end."""
    with ExitStack() as stack:
        yield lambda name, service: stack.enter_context(Machine(name, service, own_server, shared))
