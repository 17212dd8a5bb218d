"""Rings: by the guard's own relay, and by a signed post. What nobody has taken is kept and tried
again at the next look."""

import asyncio
import base64
import json
import ssl
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from secrets import token_hex

import httpx

from services.notify.mail import headers
from services.notify.posting import signature
from services.notify.relay.trial import try_relay
from shared import log
from shared.settings import Webhook
from varsel.guard.settings import GuardSettings
from varsel.guard.sight import Message
from varsel.guard.words import body, subject

_SECONDS = 15.0
"""For one message by one channel."""


def channels(settings: GuardSettings) -> list[str]:
    """By what it can ring."""
    return [
        *(["mail"] if settings.relay else []),
        *(["webhook"] if settings.webhook else []),
    ]


class Bell:
    def __init__(self, settings: GuardSettings) -> None:
        self._settings = settings
        self._trust = ssl.create_default_context()

    async def ring(self, messages: Sequence[Message]) -> list[Message]:
        """Tell all of it; gives what has not been taken yet by whom it is for."""
        left = [await self._tell(message) for message in messages]
        return [one for one in left if one.by]

    async def _tell(self, message: Message) -> Message:
        wanted = [one for one in message.by if one in channels(self._settings)]
        taken = await asyncio.gather(*(self._by(channel, message) for channel in wanted))
        left = [channel for channel, done in zip(wanted, taken, strict=True) if not done]
        for channel in left:
            log.get("guard").error("guard_could_not_ring", by=channel)
        return message.model_copy(update={"by": left})

    async def _by(self, channel: str, message: Message) -> bool:
        ring = self._mail if channel == "mail" else self._post
        try:
            async with asyncio.timeout(_SECONDS):
                return await ring(message)
        except TimeoutError:
            return False

    async def _mail(self, message: Message) -> bool:
        settings = self._settings
        assert settings.relay
        whole = _mail_of(message, settings.mail_from, settings.mail_to, settings.site)
        trials = [
            try_relay(settings.relay, sender=settings.mail_from, to=to, mail=whole)
            for to in settings.mail_to
        ]
        # One who cannot be reached must not have the others told again and again.
        return any(trial.taken for trial in await asyncio.gather(*trials))

    async def _post(self, message: Message) -> bool:
        to = self._settings.webhook
        assert to
        text = _json_of(message, self._settings.site)
        try:
            async with httpx.AsyncClient(verify=self._trust, trust_env=False) as client:
                answer = await client.post(to.url, content=text, headers=_signed(text, to))
        except (httpx.HTTPError, ssl.SSLError):
            return False
        return answer.is_success


def _mail_of(message: Message, sender: str, to: Iterable[str], site: str) -> bytes:
    domain = sender.rpartition("@")[2]
    return b"".join(
        (
            headers.mailbox("From", "Varsels vakt", sender),
            headers.plain("To", ", ".join(to)),
            headers.text("Subject", subject(message, site)),
            headers.date("Date", datetime.now(UTC)),
            headers.plain("Message-ID", f"<{token_hex(12)}@{domain}>"),
            headers.plain("Auto-Submitted", "auto-generated"),
            headers.plain("MIME-Version", "1.0"),
            headers.plain("Content-Type", "text/plain; charset=utf-8"),
            headers.plain("Content-Transfer-Encoding", "base64"),
            b"\r\n",
            _base64(body(message, site)),
        )
    )


def _base64(text: str) -> bytes:
    return base64.encodebytes(text.replace("\n", "\r\n").encode()).replace(b"\n", b"\r\n")


def _json_of(message: Message, site: str) -> bytes:
    return json.dumps(
        {
            "type": "guard.rang" if message.is_fault else "guard.well",
            "timestamp": message.at.isoformat(timespec="milliseconds"),
            "data": {"site": site, "lines": message.lines, "text": body(message, site)},
        },
        ensure_ascii=False,
    ).encode()


def _signed(text: bytes, to: Webhook) -> dict[str, str]:
    secrets = (to.secret.get_secret_value(),)
    made = signature.headers(f"guard-{token_hex(12)}", text, secrets=secrets, now=int(time.time()))
    return made | {"Content-Type": "application/json"}
