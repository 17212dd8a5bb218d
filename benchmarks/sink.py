"""An SMTP server that takes everything and keeps nothing, in a process of its own.

Usage: python -m benchmarks.sink; prints its port, then runs until its standard input ends. As
little code as the protocol needs, so that it is not what is measured.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._buffer = b""
        self._in_data = False
        self._say(b"220 sink")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        if self._in_data:
            if not self._buffer.endswith(_END):
                return False
            self.taken(self._buffer)
            self._buffer, self._in_data = b"", False
            self._say(b"250 2.0.0 taken")
            return False
        line, found, rest = self._buffer.partition(b"\r\n")
        if not found:
            return False
        self._buffer = rest
        verb = line[:4].upper()
        if verb == b"DATA":
            self._in_data = True
        self._say({b"DATA": b"354 go on", b"QUIT": b"221 bye"}.get(verb, b"250 2.1.0 ok"))
        return True

    def taken(self, content: bytes) -> None:
        """A mail came."""

    def _say(self, line: bytes) -> None:
        self._transport.write(line + b"\r\n")  # type: ignore[attr-defined]


async def serve(protocol: type[Sink] = Sink) -> None:
    """Take mail until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def sink() -> Iterator[int]:
    """The port of a sink that runs as long as the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout and process.stdin
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve())
