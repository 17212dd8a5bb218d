"""Containers for tests, where there is a Docker engine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shared.bus.users import acl_file, as_user
from tests.server import TEST_CONFIG, TESTER

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

_OWNER = "varsel-tests"
"""Label of our containers: the process id of their test run."""


@contextmanager
def redis_container(users: str = acl_file() + TESTER) -> Iterator[str]:
    """Address of `redis:8.0` in a container, configured as the product's, for the test itself (see
    tests/server.py); skips without Docker."""
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    ready = LogMessageWaitStrategy("Ready to accept connections")
    with _redis(users).waiting_for(ready) as container:
        host, port = container.get_container_host_ip(), container.get_exposed_port(6379)
        yield as_user(f"redis://{host}:{port}", "tests")


def redis_that_ends(users: str) -> tuple[int, str]:
    """Exit code and last words of a `redis:8.0` that is to refuse these users."""
    with _redis(users) as container:
        running = container.get_wrapped_container()
        return running.wait(timeout=30)["StatusCode"], running.logs().decode()


def _redis(users: str) -> "DockerContainer":
    _clean_up()
    from testcontainers.core.container import DockerContainer

    config = TEST_CONFIG | {"aclfile": "/tmp/users"}
    options = " ".join(f"--{key} '{value}'" for key, value in config.items())
    return (
        DockerContainer("redis:8.0")
        .with_exposed_ports(6379)
        .with_env("USERS", users)
        .with_command(["sh", "-c", f'echo "$USERS" > /tmp/users && redis-server {options}'])
        .with_kwargs(labels={_OWNER: str(os.getpid())})
    )


def _clean_up() -> None:
    """Remove what killed test runs left over; skip the test where there is no engine."""
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    docker = pytest.importorskip("docker")
    try:
        engine = docker.from_env()
        engine.ping()
    except docker.errors.DockerException:
        pytest.skip("no Docker engine")
    for left_over in engine.containers.list(filters={"label": _OWNER}, ignore_removed=True):
        if not Path(f"/proc/{left_over.labels[_OWNER]}").exists():  # its test run was killed
            with suppress(docker.errors.APIError):  # another worker removes it already
                left_over.remove(force=True, v=True)
