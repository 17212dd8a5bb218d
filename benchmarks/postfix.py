"""Postfix's own test tools, `smtp-sink` and `smtp-source`: C, small, and what others compare with.

They are taken from the PATH, or else unpacked from Debian's package `postfix`, which is not
installed: that would start a mail server.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Tools:
    sink: str
    source: str
    libraries: str

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | ({"LD_LIBRARY_PATH": self.libraries} if self.libraries else {})


@contextmanager
def tools() -> Iterator[Tools]:
    """RuntimeError where they are neither here nor to be had."""
    sink, source = shutil.which("smtp-sink"), shutil.which("smtp-source")
    if sink and source:
        yield Tools(sink, source, "")
        return
    if not shutil.which("apt-get"):
        raise RuntimeError("smtp-sink and smtp-source are missing: install Debian's postfix")
    with tempfile.TemporaryDirectory(prefix="vb-postfix-") as folder:
        subprocess.run(
            ["apt-get", "download", "-q", "postfix"], cwd=folder, check=True, capture_output=True
        )
        (package,) = Path(folder).glob("postfix_*.deb")
        subprocess.run(["dpkg", "-x", package, folder], check=True)
        places = Path(folder) / "usr/sbin", Path(folder) / "usr/lib/postfix"
        yield Tools(f"{places[0]}/smtp-sink", f"{places[0]}/smtp-source", str(places[1]))


@contextmanager
def smtp_sink(found: Tools) -> Iterator[int]:
    """The port of a sink that offers PIPELINING and keeps nothing."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [found.sink, *(["-u", "nobody"] if os.getuid() == 0 else []),
               f"127.0.0.1:{port}", "1000"]  # fmt: skip
    process = subprocess.Popen(command, env=found.environment, stderr=subprocess.DEVNULL)
    try:
        _until_open(port)
        yield port
    finally:
        process.kill()
        process.wait()


def smtp_source(found: Tools, port: int, *, mail: bytes, count: int, connections: int) -> float:
    """Seconds that `smtp-source` takes for `count` mails, on connections that stay open."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(mail.replace(b"\r\n", b"\n"))
        file.flush()
        command = [found.source, "-d", "-s", str(connections), "-m", str(count), "-F", file.name,
                   "-f", "varsel@example.org", "-t", "medlem@example.org",
                   f"127.0.0.1:{port}"]  # fmt: skip
        start = time.perf_counter()
        subprocess.run(command, env=found.environment, check=True)
        return time.perf_counter() - start


def _until_open(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("smtp-sink does not start")
