"""Asks the site's public address for pages, as the program of a member does who follows the link in
a mail: by its name in DNS, with its certificate, by a new connection each time."""

import asyncio
import socket
import ssl
from collections.abc import Iterator

import httpx

from services.notify.deliveries.live_page import PageFailure, Reading
from services.notify.deliveries.site import LARGEST_BYTES, first_bytes

TIMEOUT_SECONDS = 5.0
"""For a connection, and for each piece of an answer."""
_WHOLE_SECONDS = 10.0
"""For all of it, redirects included."""
_REDIRECTS = 3
"""How many are followed; browsers follow more, but our own site needs none."""


class PublicSite:
    """The site as it is seen at `site`, its public address without a final slash.

    `probe` is a host, or host:port, to connect to instead of what DNS says. The name in the
    request, in SNI and in the certificate is still that of `site`. Certificates are judged by the
    machine's own list of authorities (OpenSSL's `SSL_CERT_FILE` names another).
    """

    def __init__(
        self, site: str, *, probe: str = "", timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._site = httpx.URL(site)
        self._probe = httpx.URL(f"{self._site.scheme}://{probe}") if probe else None
        self._timeout = timeout_seconds
        self._trust = ssl.create_default_context()

    async def read(self, path: str) -> Reading:
        """What came of asking for the page at `path`, within 10 seconds. Raises nothing."""
        try:
            async with (
                asyncio.timeout(_WHOLE_SECONDS),
                httpx.AsyncClient(
                    verify=self._trust, timeout=self._timeout, trust_env=False
                ) as client,
            ):
                return await self._follow(client, self._site.join(path))
        except TimeoutError:
            return Reading(failure="no_answer")
        except httpx.InvalidURL:
            return Reading(failure="redirect")
        except httpx.HTTPError as error:
            return Reading(failure=_failure(error))

    async def _follow(self, client: httpx.AsyncClient, url: httpx.URL) -> Reading:
        """Follow redirects within the site; one that leads elsewhere leads readers away."""
        for _ in range(1 + _REDIRECTS):
            async with client.stream(
                "GET",
                self._reached_at(url),
                headers={"Host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            ) as answer:
                if not answer.has_redirect_location:
                    html = await first_bytes(answer, LARGEST_BYTES)
                    return Reading(answer.status_code, html.decode(errors="replace"))
                target = url.join(answer.headers["location"])
            if target.host != url.host or target.scheme not in (url.scheme, "https"):
                break
            url = target
        return Reading(failure="redirect")

    def _reached_at(self, url: httpx.URL) -> httpx.URL:
        """Where to connect to for `url`."""
        if self._probe is None:
            return url
        port = self._probe.port if url.port == self._site.port and self._probe.port else url.port
        return url.copy_with(host=self._probe.host, port=port)


def _failure(error: BaseException) -> PageFailure:
    """Which kind of failure it is; httpx has one class for several."""
    chain = list(_chain(error))
    # Also if TLS is begun and never ends: what it waited for is in the chain.
    if any(isinstance(one, ssl.SSLError) for one in chain):
        return "tls"
    if any(isinstance(one, socket.gaierror) for one in chain):
        return "dns"
    return (
        "connect" if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) else "no_answer"
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
