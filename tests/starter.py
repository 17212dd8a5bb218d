"""Starts Python for tests by a fork, from a process that has read Varsel's modules: to read them
takes seconds of processor time, and a whole run starts more than a thousand.

What is started is a process as any other: it has its own arguments, environment, folder, input and
output, and dies by SIGKILL. Only Python and the modules that it imports are there already; those of
the commands are read by each (the width of a terminal is asked when `varsel.output` is read). The
kernel kills it with the starter, and the starter ends with the test process.
"""

import gc
import os
import pickle
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from varsel.run.tied import tie

REPO = Path(__file__).parents[1]
_MODULES = ("varsel.run.system", "rich.progress", "rich.table", "rich.markdown", "httpx", "typer")
"""What is read once. None of them asks what the environment says."""
_SET = "FASTSTREAM_SUPERVISOR_DISABLED"
"""What one of them sets in the environment, and FastStream asks for when it runs."""
_ENDED = struct.Struct("i")
_MOST = 1 << 17
"""What one question may take, in bytes: an environment and arguments."""


class Started:
    """A process that the starter started; of `subprocess.Popen` what tests use."""

    def __init__(self, command: Sequence[str], pid: int, ended: int) -> None:
        self.args = command
        self.pid = pid
        self.returncode: int | None = None
        self._ended = ended

    def poll(self) -> int | None:
        """Its exit code once it has ended, negative for a signal; else None."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code when it has ended; subprocess.TimeoutExpired after so many seconds."""
        if (code := self._look(timeout)) is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _look(self, seconds: float | None) -> int | None:
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._ended, selectors.EVENT_READ)
                if selector.select(seconds):
                    said = os.read(self._ended, _ENDED.size)
                    os.close(self._ended)
                    # Nothing is said if the starter was killed, and its children with it.
                    self.returncode = _ENDED.unpack(said)[0] if said else -signal.SIGKILL
        return self.returncode


class Starter:
    """The process that starts others, from the side of the tests. It starts with the first."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def start(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        stdin: IO[bytes],
        stdout: IO[bytes],
        stderr: IO[bytes],
    ) -> Started:
        """Start `python -c CODE ARGUMENT…`, in the folder of the repo."""
        assert list(command[:2]) == [sys.executable, "-c"]
        asked = pickle.dumps((command[2:], dict(env)))
        files = [one.fileno() for one in (stdin, stdout, stderr)]
        ended, says = os.pipe()
        with self._lock:
            starter = self._socket = self._socket or _new_starter()
            socket.send_fds(starter, [asked], [*files, says])
            os.close(says)
            return Started(command, int(starter.recv(32)), ended)

    def run(
        self, command: Sequence[str], env: Mapping[str, str], stdin: str, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` with text in and out."""
        with TemporaryFile() as said, TemporaryFile() as out, TemporaryFile() as err:
            said.write(stdin.encode())
            said.seek(0)
            process = self.start(command, env, said, out, err)
            try:
                code = process.wait(timeout)
            finally:
                process.kill()
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(
                command, code, out.read().decode(), err.read().decode()
            )

    def close(self) -> None:
        """End the starter, and what it started with it."""
        if self._socket:
            self._socket.close()


def _new_starter() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [sys.executable, "-c", f"from tests import starter; starter.main({theirs.fileno()})"],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            cwd=REPO,
        )
    return ours


def main(descriptor: int) -> None:
    """Be the starter, until the other end of this socket is closed; or what it has started."""
    for module in _MODULES:
        import_module(module)
    gc.freeze()  # so that no fork writes into what they share
    with socket.socket(fileno=descriptor) as tests:
        asked = _serve(tests)
    if asked:
        (code, *arguments), environment = asked
        environment[_SET] = os.environ[_SET]
        os.environ.clear()
        os.environ.update(environment)
        time.tzset()
        sys.argv = ["-c", *arguments]
        exec(code, {"__name__": "__main__"})


def _serve(tests: socket.socket) -> tuple[list[str], dict[str, str]] | None:
    """Start what is asked for. None at the end; in a new process, what that one is to be."""
    with selectors.DefaultSelector() as selector:
        selector.register(tests, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is not tests:
                    selector.unregister(key.fileobj)
                    _tell_end(*key.data)
                    continue
                said, files, _, _ = socket.recv_fds(tests, _MOST, 4)
                if not said:
                    return None
                parent = os.getpid()
                if (pid := os.fork()) == 0:
                    _become(files, parent)
                    # What waits for the others is the starter's.
                    for other in list(selector.get_map().values()):
                        if other.fileobj is not tests:
                            os.close(other.data[1])
                            os.close(other.data[2])
                    asked: tuple[list[str], dict[str, str]] = pickle.loads(said)
                    return asked
                for file in files[:3]:
                    os.close(file)
                watched = os.pidfd_open(pid)
                selector.register(watched, selectors.EVENT_READ, (pid, watched, files[3]))
                tests.send(str(pid).encode())


def _become(files: list[int], parent: int) -> None:
    """Take what a new process was given as its own, and the starter's end as one's own."""
    tie(parent)
    for file, place in zip(files, (0, 1, 2), strict=False):
        os.dup2(file, place)
    for file in files:
        os.close(file)


def _tell_end(pid: int, watched: int, says: int) -> None:
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(BrokenPipeError):  # nobody asks
        os.write(says, _ENDED.pack(code))
    os.close(watched)
    os.close(says)
