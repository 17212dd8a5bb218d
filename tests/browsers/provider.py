"""A real provider of log-ins, by Node."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browsers.modules import module
from tests.expects import skip_or_fail
from tests.system.running import REPO


@contextmanager
def provider(back: str, port: int = 0) -> Iterator[str]:
    """Runs one that sends people back to the address `back`; gives its own."""
    module("oidc-provider/package.json")
    node = shutil.which("node")
    if node is None:
        skip_or_fail("browsers", "no Node here")
    assert node
    script = REPO / "tests/browsers/provider.mjs"
    with subprocess.Popen(
        [node, str(script), back, str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        said = next(line for line in process.stdout if line.startswith("port "))
        yield f"http://127.0.0.1:{said.split()[1]}"
        process.terminate()
