"""The mailbox of the probes: members that we made up, to see as members do whether mail comes. It
is only read; nothing in it is removed."""

import asyncio
import imaplib
import re
from collections.abc import Sequence
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from services.notify.bounces.mailbox import MailboxUrl, MailSession
from varsel.guard.sight import MailSeen

_STEP_SECONDS = 10.0
_KEPT = 200
"""Deliveries that are remembered of each probe."""
_OF_A_DELIVERY = re.compile(r"<(.+)\.[0-9a-f]{16}@[^>]*>")
"""The Message-ID of an alert's mail: the delivery, then what stands for the member."""


class ProbeMailbox:
    """Reads it, one conversation at a time."""

    def __init__(self, url: MailboxUrl, probes: Sequence[str]) -> None:
        self._url = url
        self._probes = {probe.casefold(): probe for probe in probes}
        self._reading: asyncio.Task[MailSeen] | None = None

    async def read(self, before: MailSeen, seconds: float) -> tuple[str, MailSeen | None]:
        """What is wrong, and what was found; None in its place if it could not be read within
        `seconds`. `before` is what was found until now."""
        task = self._reading or asyncio.create_task(asyncio.to_thread(self._read, before))
        self._reading = task
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            return "svarer ikke", None
        self._reading = None
        try:
            return "", task.result()
        except imaplib.IMAP4.error:
            return "innlogging eller mappe avvises", None
        except OSError as error:
            return f"ingen forbindelse ({type(error).__name__})", None

    def _read(self, before: MailSeen) -> MailSeen:
        session = MailSession(self._url, _STEP_SECONDS)
        try:
            life = session.open()
            last = before.last if life == before.life else 0
            found = {probe: list(got) for probe, got in before.found.items()}
            while mails := session.fetch(last):
                for uid, content in mails:
                    last = uid
                    self._note(content, found)
            return MailSeen(life=life, last=last, found=found)
        finally:
            session.close()

    def _note(self, content: bytes, found: dict[str, list[str]]) -> None:
        headers = BytesHeaderParser().parsebytes(content)
        match = _OF_A_DELIVERY.fullmatch(str(headers.get("message-id", "")).strip())
        if not match:
            return
        for _, address in getaddresses([str(headers.get("to", ""))]):
            if probe := self._probes.get(address.casefold()):
                got = [one for one in found.get(probe, []) if one != match[1]]
                found[probe] = [*got, match[1]][-_KEPT:]
