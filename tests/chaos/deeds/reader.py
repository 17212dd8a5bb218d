"""A person at a browser who reads their mail, and goes on until each step is answered."""

import itertools
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self

import httpx

from tests.chaos.editor import PATIENCE
from tests.chaos.sink import SunkMail
from tests.chaos.system import Chaos
from tests.visitor import Visitor
from tests.wait import until

_LINK = re.compile(r"https?://[^/\s]+(/(?:bli-medlem|min-side)/\w+/[\w-]{43})\b")
_CODE = re.compile(r"^\s*(\d{6})\s*$", re.MULTILINE)
_homes = itertools.count(1)
"""Each person is at a host of their own: a source may send so many forms only."""


@dataclass(frozen=True)
class ReadLetter:
    link: str
    """The path that it leads to; empty if it is a page for everybody."""
    code: str
    """Empty if there is none."""


class Reader:
    """A person with a browser of their own, which keeps its cookies."""

    def __init__(self, chaos: Chaos) -> None:
        self._chaos = chaos
        home = next(_homes)
        self.http = httpx.AsyncClient(
            base_url=chaos.workers()[0].url,
            timeout=10.0,
            transport=httpx.AsyncHTTPTransport(
                local_address=f"127.{home // 62500 + 1}.{home // 250 % 250}.{home % 250 + 2}"
            ),
        )
        self._visitor = Visitor(self.http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def open(self, path: str) -> httpx.Response:
        """The page there."""
        return await answered(lambda: self._visitor.open(path))

    async def send(self, path: str, **typed: str | Sequence[str]) -> httpx.Response:
        """Open a page and send its form; the page itself if it has none any more."""

        async def send() -> httpx.Response:
            page = await self._visitor.open(path)
            if "<form" not in page.text:
                return page
            return await self._visitor.fill(page, **typed)

        return await answered(send)

    async def letter(self, email: str, after: int) -> ReadLetter:
        """The newest letter to this address, of those that the relay took after so many mails of
        whatever."""
        [mail, *_] = await until(lambda: letters(self._chaos, email, after)[::-1], PATIENCE)
        link, code = _LINK.search(mail.words), _CODE.search(mail.words)
        return ReadLetter(link[1] if link else "", code[1] if code else "")


def letters(chaos: Chaos, email: str, after: int) -> list[SunkMail]:
    """Letters to this address that the relay took, after so many mails of whatever."""
    return [m for m in chaos.sink.taken[after:] if m.recipient == email and m.round < 0]


async def answered(ask: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The answer, once one comes that is no failure of the server's."""
    found: list[httpx.Response] = []

    async def is_answered() -> bool:
        try:
            answer = await ask()
        except (httpx.HTTPError, OSError):
            return False
        found.append(answer)
        return answer.status_code < 500

    await until(is_answered, PATIENCE)
    return found[-1]
