"""A trial of the relay: what it offers, and whether it takes a mail."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from ssl import SSLObject

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notify.relay.opening import NotLetIn, open_session, trouble_of
from services.notify.relay.replies import NO_ANSWER, Phase, Reply, reply_of
from services.notify.relay.url import RelayUrl

_STEP_SECONDS = 30.0


@dataclass(frozen=True)
class Offers:
    """What the relay offers on a connection of ours."""

    tls: str = ""
    """The version of TLS that is spoken, as `TLSv1.3`; empty if everything is in the clear."""
    starttls: bool = False
    """Whether it was used, or is offered."""
    auth: tuple[str, ...] = ()
    """Ways to log in."""
    size: int | None = None
    """Octets of the largest mail; none if it names no limit."""
    pipelining: bool = False
    eightbitmime: bool = False
    smtputf8: bool = False
    dsn: bool = False


@dataclass(frozen=True)
class Trial:
    """What came of it."""

    offers: Offers | None = None
    """None if it does not let us in."""
    words: str = field(default="")
    """What it said to the mail, or what kept us out, with codes and without its own text."""
    taken: bool = False


async def try_relay(relay: RelayUrl, *, sender: str, to: str, mail: bytes) -> Trial:
    """Ask the relay to take `mail`, whose lines end with CRLF, from `sender` to `to`."""
    domain = sender.rpartition("@")[2]
    try:
        smtp = await open_session(relay, domain=domain, seconds=_STEP_SECONDS)
    except NotLetIn as error:
        return Trial(words=error.reply.words)
    offers = _offers(smtp, relay)
    try:
        refused = (
            await _refused("mail", smtp.mail(sender))
            or await _refused("rcpt", smtp.rcpt(to))
            or await _refused("data", smtp.data(mail))
        )
    finally:
        smtp.close()
    return Trial(offers, refused.words) if refused else Trial(offers, "", taken=True)


async def _refused(phase: Phase, step: Awaitable[object]) -> Reply | None:
    try:
        await step
    except SMTPResponseException as error:
        return reply_of(phase, error.code, error.message)
    except (SMTPException, OSError) as error:
        return Reply(phase, NO_ANSWER, trouble=trouble_of(error))
    return None


def _offers(smtp: SMTP, relay: RelayUrl) -> Offers:
    has = smtp.supports_extension
    size = smtp.esmtp_extensions.get("size", "")
    secured = smtp.transport.get_extra_info("ssl_object") if smtp.transport else None
    return Offers(
        tls=secured.version() or "" if isinstance(secured, SSLObject) else "",
        starttls=relay.starttls or has("starttls"),
        auth=tuple(smtp.supported_auth_methods) if has("auth") else (),
        size=int(size) if size.isdecimal() and int(size) else None,
        pipelining=has("pipelining"),
        eightbitmime=has("8bitmime"),
        smtputf8=has("smtputf8"),
        dsn=has("dsn"),
    )
