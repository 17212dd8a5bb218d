"""Containers for tests, where there is a Docker engine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from varsel.embedded import CONFIG

_OWNER = "varsel-tests"
"""Label of our containers: the process id of their test run."""


@contextmanager
def redis_container() -> Iterator[str]:
    """Address of `redis:8.0` in a container, configured as the product's; skips without Docker."""
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    docker = pytest.importorskip("docker")
    try:
        engine = docker.from_env()
        engine.ping()
    except docker.errors.DockerException:
        pytest.skip("no Docker engine")
    for left_over in engine.containers.list(filters={"label": _OWNER}):
        if not Path(f"/proc/{left_over.labels[_OWNER]}").exists():  # its test run was killed
            left_over.remove(force=True, v=True)
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    options = " ".join(f"--{key} '{value}'" for key, value in CONFIG.items())
    container = (
        DockerContainer("redis:8.0")
        .with_exposed_ports(6379)
        .with_command(f"redis-server {options}")
        .with_kwargs(labels={_OWNER: str(os.getpid())})
        .waiting_for(LogMessageWaitStrategy("Ready to accept connections"))
    )
    with container:
        yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}"
