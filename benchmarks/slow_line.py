"""A line that adds some milliseconds each way, in a process of its own.

Usage: python -m benchmarks.slow_line PORT SECONDS; prints its own port.
"""

import asyncio
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class _End(asyncio.Protocol):
    """One end of a connection; what comes in leaves at the other end, later."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._loop = asyncio.get_running_loop()
        self._early: list[bytes] = []
        self._on_its_way: deque[bytes] = deque()
        self.transport: asyncio.Transport | None = None
        self.other: _End | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        for data in self._early:
            self.send(data)

    def data_received(self, data: bytes) -> None:
        self._on_its_way.append(bytes(data))
        self._loop.call_later(self._delay, self._pass_on)

    def _pass_on(self) -> None:
        if self.other:
            self.other.send(self._on_its_way.popleft())

    def send(self, data: bytes) -> None:
        if self.transport is None:
            self._early.append(data)
        elif not self.transport.is_closing():
            self.transport.write(data)

    def connection_lost(self, _error: Exception | None) -> None:
        if self.other and self.other.transport:
            self._loop.call_later(self._delay, self.other.transport.close)


async def _main(port: int, delay: float) -> None:
    loop = asyncio.get_running_loop()
    opening = set()

    def accept() -> _End:
        near, far = _End(delay), _End(delay)
        near.other, far.other = far, near
        opening.add(asyncio.ensure_future(loop.create_connection(lambda: far, "127.0.0.1", port)))
        return near

    server = await loop.create_server(accept, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def slow_line(port: int, seconds: float) -> Iterator[int]:
    """A port that leads to `port`, `seconds` later each way."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.slow_line", str(port), str(seconds)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout and process.stdin
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2])))
