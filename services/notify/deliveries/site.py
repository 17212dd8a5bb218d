"""Reads pages of our own site, as a member who follows the link in a mail would."""

import httpx

_LARGEST = 2 * 1024 * 1024


class SiteReader:
    def __init__(self, address: str) -> None:
        """`address` is without a final slash."""
        self._address = address
        self._client = httpx.AsyncClient(timeout=5.0, follow_redirects=False, trust_env=False)

    async def page(self, path: str) -> str:
        """The page at `path`, also where it only says that an article is gone; empty where there is
        none, or the site does not answer in 5 s."""
        try:
            async with self._client.stream("GET", self._address + path) as answer:
                if answer.status_code not in (httpx.codes.OK, httpx.codes.GONE):
                    return ""
                return (await _first(answer, _LARGEST)).decode(errors="replace")
        except httpx.HTTPError:
            return ""

    async def close(self) -> None:
        await self._client.aclose()


async def _first(answer: httpx.Response, size: int) -> bytes:
    read = bytearray()
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) >= size:
            break
    return bytes(read[:size])
