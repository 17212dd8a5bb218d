"""Connections that say nothing, and what is left when they are many."""

import resource
import socket
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.system.running import Up
from tests.wait import until

LONGEST_WAIT_SECONDS = 30
"""Far above the promise, for busy machines; what is held is that the end comes at all."""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with Up() as up:
        yield up.start()


def connected(up: Up) -> socket.socket:
    return socket.create_connection(("127.0.0.1", up.port), timeout=LONGEST_WAIT_SECONDS)


def all_said(one: socket.socket) -> bytes:
    """What the server says until it ends the connection."""
    said = b""
    try:
        while more := one.recv(65_536):
            said += more
    except ConnectionResetError:
        pass
    return said


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nA: b\r\n"],
)
def test_headers_that_never_end_are_ended(up: Up, begun: bytes) -> None:
    with connected(up) as one:
        one.sendall(begun)
        assert all_said(one) == b""


def test_headers_that_never_end_behind_an_answer_are_ended(up: Up) -> None:
    with connected(up) as one:
        one.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
        first = one.recv(65_536)
        one.sendall(b"GET /health/live HTTP/1.1\r\nHost")
        assert (first + all_said(one)).count(b"HTTP/1.1 200") == 1


def test_what_is_asked_slowly_but_whole_is_answered(up: Up) -> None:
    with connected(up) as one:
        for piece in (b"GET /health/", b"live HTTP/1.1\r\n", b"Host: a\r\n", b"\r\n"):
            one.sendall(piece)
        assert one.recv(65_536).startswith(b"HTTP/1.1 200")


@pytest.mark.skipif(sys.platform != "linux", reason="sets the limits of another process")
async def test_health_tells_that_descriptors_run_out_and_when_there_are_some_again(up: Up) -> None:
    assert up.process
    _, before = resource.prlimit(up.process.pid, resource.RLIMIT_NOFILE)
    limit = 200
    resource.prlimit(up.process.pid, resource.RLIMIT_NOFILE, (limit, before))
    with httpx.Client(base_url=up.url) as health:

        def told() -> bool:
            problems = health.get("/health/ready").json()["problems"]
            return any(one.startswith("process: file descriptors ") for one in problems)

        assert not told()
        silent = [connected(up) for _ in range(limit)]
        await until(told)  # the system takes them in one by one
        for one in silent:
            all_said(one)
            one.close()
        await until(lambda: not told())
