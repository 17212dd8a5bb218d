"""Until when the certificate holds that readers' programs are shown."""

import asyncio
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from prometheus_client import Metric

from shared.metrics import gauge
from shared.settings import Settings

_LOOK_SECONDS = 3600.0
_WAIT_SECONDS = 15.0
"""How long the connection may take. That a site does not answer is told by the flows that ask for
its pages."""


async def certificate_ends(site: str, *, probe: str = "") -> datetime | None:
    """The end of the certificate at the address `site`; none if it has none, cannot be reached or
    is not accepted. `probe` as in PublicSite. Takes 15 seconds at most."""
    parts = urlsplit(site)
    if parts.scheme != "https" or not parts.hostname:
        return None
    reached = urlsplit(f"https://{probe}") if probe else parts
    try:
        async with asyncio.timeout(_WAIT_SECONDS):
            _, writer = await asyncio.open_connection(
                reached.hostname,
                reached.port or parts.port or 443,
                ssl=ssl.create_default_context(),
                server_hostname=parts.hostname,
            )
    except (OSError, TimeoutError):
        return None
    found = writer.get_extra_info("peercert")
    writer.close()
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(found["notAfter"]), UTC)


class CertificateWatch:
    """Knows it, for /metrics."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ends: datetime | None = None

    async def __call__(self) -> None:
        """Look each hour until cancelled."""
        while True:
            found = await certificate_ends(self._settings.site, probe=self._settings.site_probe)
            self._ends = found or self._ends
            await asyncio.sleep(_LOOK_SECONDS)

    def measure(self) -> list[Metric]:
        """The gauge, as it was seen last; without a value if it was never seen."""
        about = "When the certificate of the site's public address ends, in seconds since 1970"
        values = [((), self._ends.timestamp())] if self._ends else []
        return [gauge("varsel_certificate_ends_timestamp_seconds", about, (), values)]
