"""How a connection to the relay is opened: connect, secure, log in; and what stood in the way.

aiosmtplib does each step. The order is ours: whether the relay offers what we need is looked at
before it is asked for, so that it can be said.
"""

import socket
import ssl
from collections.abc import Awaitable, Callable

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from services.notify.relay.replies import NO_ANSWER, Phase, Reply, Trouble, reply_of
from services.notify.relay.url import RelayUrl

_NO_EHLO = (500, 502, 504)
"""Codes by which a relay says that it does not know EHLO (RFC 5321, sections 3.2 and 4.2.4)."""
_CERTIFICATES: dict[int, Trouble] = {
    10: "certificate has expired",
    62: "certificate is for another name",
}
"""By OpenSSL's code; every other one is a certificate that nobody we trust has signed."""

_TROUBLES: tuple[tuple[type[BaseException], Trouble], ...] = (
    (ssl.SSLError, "TLS fails"),
    (socket.gaierror, "host is not found"),
    (SMTPServerDisconnected, "connection lost"),
    (ConnectionResetError, "connection lost"),
    (TimeoutError, "no answer"),
    (OSError, "no connection"),
)
"""By the kind of error; the first that is in an error's chain of causes."""


class NotLetIn(Exception):
    """The relay does not let us in; `reply` says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.short)
        self.reply = reply


async def open_session(relay: RelayUrl, *, domain: str, seconds: float) -> SMTP:
    """A session that mail can be sent on. `domain` is our name to the relay; each step may take
    `seconds`. NotLetIn if there is none to be had."""
    smtp = SMTP(
        hostname=relay.host,
        port=relay.port,
        use_tls=relay.tls,
        start_tls=False,
        # Else the machine's own name is looked up, which may take long and tells it to others.
        local_hostname=domain,
        timeout=seconds,
    )
    try:
        await _step("connect", smtp.connect)
        needs: Trouble | None = "offers no AUTH" if relay.user else None
        if relay.starttls:
            await _step("connect", lambda: _greet(smtp, needs="offers no STARTTLS"))
            if not smtp.supports_extension("starttls"):
                raise NotLetIn(Reply("connect", NO_ANSWER, trouble="offers no STARTTLS"))
            await _step("connect", smtp.starttls)
        # What it offered in the clear counts no more (RFC 3207, section 4.2).
        is_secured = relay.tls or relay.starttls
        await _step("connect", lambda: _greet(smtp, needs=needs, is_secured=is_secured))
        if relay.user:
            await _log_in(smtp, relay.user, relay.password or "")
        if smtp.transport is None or smtp.transport.is_closing():
            raise NotLetIn(Reply("connect", NO_ANSWER, trouble="connection lost"))
    except BaseException:
        smtp.close()
        raise
    return smtp


async def _greet(smtp: SMTP, *, needs: Trouble | None, is_secured: bool = False) -> None:
    """EHLO. A relay that does not know it gets HELO, and offers nothing then: not if TLS or a
    log-in is required. `needs`: what it is to offer, as it is said if it does not."""
    try:
        await smtp.ehlo()
    except SMTPHeloError as error:
        if error.code not in _NO_EHLO or (is_secured and not needs):
            raise
        if needs:
            raise NotLetIn(Reply("connect", NO_ANSWER, trouble=needs)) from None
        await smtp.helo()


async def _log_in(smtp: SMTP, user: str, password: str) -> None:
    if not smtp.supports_extension("auth"):
        raise NotLetIn(Reply("auth", NO_ANSWER, trouble="offers no AUTH"))
    if not smtp.supported_auth_methods:
        raise NotLetIn(Reply("auth", NO_ANSWER, trouble="offers no AUTH that we know"))
    await _step("auth", lambda: _try_methods(smtp, user, password))


async def _try_methods(smtp: SMTP, user: str, password: str) -> None:
    # `login` greets by itself if nobody has, and that would be HELO.
    if smtp.is_ehlo_or_helo_needed:
        raise SMTPServerDisconnected("closed before the log-in")
    await smtp.login(user, password)


async def _step(phase: Phase, step: Callable[[], Awaitable[object]]) -> None:
    """Do a step; NotLetIn if the relay refuses it, or it fails."""
    try:
        await step()
    except SMTPResponseException as error:
        if not 100 <= error.code < 600:
            raise NotLetIn(Reply(phase, NO_ANSWER, trouble="speaks no SMTP")) from None
        raise NotLetIn(reply_of(phase, error.code, error.message)) from None
    except (SMTPException, OSError, ValueError) as error:  # ValueError: a challenge that is none
        raise NotLetIn(Reply(phase, NO_ANSWER, trouble=trouble_of(error))) from None


def trouble_of(error: BaseException) -> Trouble:
    """What an error tells, by itself or by what it came of."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    for found in chain:
        if isinstance(found, ssl.SSLCertVerificationError):
            return _CERTIFICATES.get(found.verify_code, "certificate is not trusted")
    return next(
        (said for kind, said in _TROUBLES if any(isinstance(found, kind) for found in chain)),
        "speaks no SMTP",
    )
