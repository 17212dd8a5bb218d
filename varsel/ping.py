"""Tells a ping service that something lives, as Healthchecks has it: a POST to its URL says that
all is well, to `/start` that work begins, to `/fail` that something is wrong. It rings by itself
when it hears nothing (https://healthchecks.io/docs/http_api/).

The URL is a secret: whoever knows it can keep the service quiet. It is in no log."""

import ssl
from typing import Literal

import httpx

EVERY_SECONDS = 60.0
_TIMEOUT_SECONDS = 5.0
_LONGEST_BYTES = 10_000
"""What Healthchecks keeps of a text, at least."""


class Pings:
    def __init__(self, url: str) -> None:
        self._url = httpx.URL(url)
        self._trust = ssl.create_default_context()

    async def tell(self, how: Literal["", "start", "fail"] = "", text: str = "") -> bool:
        """Tell it; false if nobody took that. `text` is shown there beside it. Raises nothing."""
        path = self._url.path.rstrip("/") + (f"/{how}" if how else "")
        try:
            async with httpx.AsyncClient(
                verify=self._trust, timeout=_TIMEOUT_SECONDS, trust_env=False
            ) as client:
                answer = await client.post(
                    self._url.copy_with(path=path), content=text.encode()[:_LONGEST_BYTES]
                )
        except (httpx.HTTPError, ssl.SSLError):
            return False
        return answer.is_success
