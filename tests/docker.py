"""Containers for tests, where there is a Docker engine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from varsel.embedded import CONFIG


@contextmanager
def redis_container() -> Iterator[str]:
    """Address of `redis:8.0` in a container, configured as the product's; skips without Docker."""
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    docker = pytest.importorskip("docker")
    try:
        docker.from_env().ping()
    except docker.errors.DockerException:
        pytest.skip("no Docker engine")
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    options = " ".join(f"--{key} '{value}'" for key, value in CONFIG.items())
    container = (
        DockerContainer("redis:8.0")
        .with_exposed_ports(6379)
        .with_command(f"redis-server {options}")
        .waiting_for(LogMessageWaitStrategy("Ready to accept connections"))
    )
    with container:
        yield f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}"
