"""Machines that share a folder, and what a reader sees in it meanwhile."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.server import Valkey
from tests.system.alone import Alone
from tests.system.running import AnyProcess
from tests.wait import until

_MARK = re.compile(r'<meta name="varsel-revision" content="[^/"]+/(\d+)/')


_RUN = "import runpy; runpy.run_module('tests.machines.on_machine', run_name='__main__')"


class Machine(Alone):
    """`varsel up SERVICE` on a machine called `name`, with `shared` mounted."""

    def __init__(self, name: str, service: str, server: Valkey, shared: Path) -> None:
        super().__init__(service, server, VARSEL_SHARED=str(shared))
        self.name = name

    def launch(self) -> AnyProcess:
        self.process = self.started([sys.executable, "-c", _RUN, self.name, self.service])
        return self.process

    def halts_at(self, path: str) -> "Machine":
        """It will stand still just before a file with this in its path is in its place."""
        self.env["HALTS_AT"] = path
        return self

    async def stands_still(self) -> None:
        """Wait until it does. It does so once."""
        assert self.process
        state = Path(f"/proc/{self.process.pid}/stat")
        await until(lambda: state.read_text().rpartition(")")[2].split()[0] == "T", timeout=60)
        del self.env["HALTS_AT"]

    def go_on(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)


class Seen:
    """The revisions of each page, in the order in which a reader saw them."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self.revisions: dict[str, list[int]] = {}

    def look(self) -> None:
        for page in self._site.glob("nyheter/sak-*/index.html"):
            text = page.read_text()
            assert text.rstrip().endswith("</html>"), "half a page"
            found = _MARK.search(text)
            assert found, page
            seen = self.revisions.setdefault(page.parent.name, [])
            if seen[-1:] != [int(found[1])]:
                seen.append(int(found[1]))

    def never_went_back(self) -> bool:
        return all(seen == sorted(seen) for seen in self.revisions.values())


@asynccontextmanager
async def watching(site: Path) -> AsyncIterator[Seen]:
    """Somebody who looks at all pages again and again; what they saw is whole once this ends."""
    seen = Seen(site)

    async def look() -> None:
        while True:
            seen.look()
            await asyncio.sleep(0.001)

    looking = asyncio.ensure_future(look())
    try:
        yield seen
    finally:
        looking.cancel()
        await asyncio.wait([looking])
    if not looking.cancelled():
        looking.result()
    seen.look()
