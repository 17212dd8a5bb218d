"""Reads pages of our own site where notify looks first: at VARSEL_SITE_CHECK_URL, which may be an
address within the machine."""

import httpx

LARGEST_BYTES = 2 * 1024 * 1024
"""Of a page; what comes after is not read."""
_TIMEOUT_SECONDS = 5.0


class SiteReader:
    """A client of the site at one address."""

    def __init__(self, address: str) -> None:
        """`address` is without a final slash."""
        self._address = address
        self._client = httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS, follow_redirects=False, trust_env=False
        )

    async def page(self, path: str) -> str:
        """The page at `path`, also if it only says that an article is gone. Empty if there is none,
        or the site does not answer in 5 seconds."""
        try:
            async with self._client.stream("GET", self._address + path) as answer:
                if answer.status_code not in (httpx.codes.OK, httpx.codes.GONE):
                    return ""
                return (await first_bytes(answer, LARGEST_BYTES)).decode(errors="replace")
        except httpx.HTTPError:
            return ""

    async def close(self) -> None:
        await self._client.aclose()


async def first_bytes(answer: httpx.Response, size: int) -> bytes:
    """The first `size` bytes of an answer."""
    read = bytearray()
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) >= size:
            break
    return bytes(read[:size])
